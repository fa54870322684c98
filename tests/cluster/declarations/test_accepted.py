"""What the API server accepts when a resource is created."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from .specs import (
    ACCOUNT,
    ASSIGNMENT,
    COLUMNS,
    DISTRIBUTOR,
    PRICE_LIST,
    Spec,
    assignment,
    policy,
    price_list,
    tenant,
    upgrade,
)

Refusal = Callable[[str, str, Mapping[str, Any]], str]


@pytest.mark.parametrize(
    ("kind", "spec"),
    [
        pytest.param("Distributor", DISTRIBUTOR, id="a distributor with what is needed"),
        pytest.param(
            "Distributor",
            DISTRIBUTOR
            | {
                "suspend": True,
                "baseDomain": "shops.aegean.example",
                "tenantDefaults": {
                    "countries": ["GR", "CY"],
                    "taxes": [
                        {"name": "VAT 24 %", "ratePercent": "24"},
                        {"name": "Telecom levy", "ratePercent": "5.5", "productTypes": ["Voice"]},
                    ],
                    "paymentMethods": [{"name": "Bank transfer"}, {"name": "Card", "gateway": "stripe"}],
                    "automaticInvoices": {"enabled": True, "sendByEmail": True, "responsibleUser": "maria"},
                },
                "platforms": [
                    {"name": "OSS", "productTypes": ["Mail", "Backup"]},
                    {"name": "Microsoft", "productTypes": ["Microsoft 365"], "linkRequired": False},
                ],
                "machineRecords": {"responsibleUser": "billing", "permissionRule": "common all"},
            },
            id="a distributor with all settings",
        ),
        pytest.param("PriceList", PRICE_LIST, id="a list with an inline source"),
        pytest.param(
            "PriceList",
            price_list(
                active=False,
                validFrom="2026-01-01",
                validUntil="2026-01-01",
                source={"configMaps": [{"name": "one", "key": "prices.csv.gz"}, {"name": "two", "sha256": "0" * 64}]},
                format={
                    "type": "CSV",
                    "columns": COLUMNS
                    | {"recommendedSellPrice": "{ERP Price}", "currency": "{Currency}", "validFrom": "{From}"},
                    "delimiter": ";",
                    "quote": "'",
                    "fixedWidths": {"SkuId": 4},
                    "defaults": {"BillingPlan": "None"},
                    "rowFilter": {"Market": ["GR", "CY"]},
                    "markupPercent": "12.5",
                },
                guards={
                    "maxRemovedPercent": 10,
                    "minRows": 100,
                    "maxPriceChangePercent": "50",
                    "zeroPrices": "Hold",
                    "discontinueAfter": "24h",
                },
                acceptedDigest="3f0c",
                maxAge="P1DT12H",
            ),
            id="a list from ConfigMaps with everything, valid for one day",
        ),
        pytest.param(
            "PriceList",
            price_list(source={"artifact": {"kind": "GitRepository", "name": "prices", "path": "eu/prices.csv"}}),
            id="a list from an artifact",
        ),
        pytest.param(
            "PriceList",
            price_list(format={"preset": "microsoft-nce", "rowFilter": {"Market": ["DE"]}}),
            id="a list of one market from a sheet of several",
        ),
        pytest.param(
            "PriceList",
            price_list(
                format={
                    "type": "JSONLines",
                    "columns": COLUMNS
                    | {"tierMinimum": "{Min}", "tierMaximum": "{Max}", "validUntil": "{Until}"}
                    | {"changeFlag": "{Change}", "previousValues": "{Before}"},
                }
            ),
            id="a list in JSON Lines with tiers in rows of their own and flags",
        ),
        pytest.param("PriceList", price_list(format={"columns": COLUMNS, "delimiter": "\t"}), id="cells between tabs"),
        pytest.param("PriceList", price_list(maxAge="5m"), id="a duration as people write it"),
        pytest.param("PriceList", price_list(maxAge="1d12h"), id="a duration of several units"),
        pytest.param("PriceList", price_list(maxAge="PT5M"), id="a duration by ISO 8601"),
        pytest.param("PriceList", price_list(source={"inline": "x" * 131_072}), id="an inline source of 128 KiB"),
        pytest.param(
            "TenantReseller",
            tenant(
                account=ACCOUNT
                | {
                    "email": "billing@contoso.example",
                    "address": {
                        "street": "Ermou 1",
                        "city": "Athens",
                        "postalCode": "105 63",
                        "state": "Attica",
                        "country": "GR",
                    },
                    "orderingEnabled": True,
                    "provisioningLinks": [{"platform": "OSS", "reference": "contoso"}],
                },
                language="pt-BR",
                timeZone="America/Argentina/Buenos_Aires",
                dateFormat="dd.MM.yyyy",
                administrator={"email": "it@contoso.example", "firstName": "Eleni", "rotateCredentials": "2026-01"},
                separateInvoices=True,
                billingDay=31,
                storefront={
                    "host": "shop.contoso.example",
                    "branding": {"primaryColor": "#1A73e8", "logoUrl": "https://contoso.example/logo.svg"},
                },
                state="Suspended",
                deletionPolicy="Delete",
            ),
            id="a tenant with everything",
        ),
        pytest.param("TenantReseller", tenant(storefront={"alias": "contoso"}), id="a storefront with an alias"),
        pytest.param("TenantReseller", tenant(edition="Basic"), id="a basic tenant without a storefront"),
        pytest.param("PriceListAssignment", ASSIGNMENT, id="an assignment with the name of its tenant"),
        pytest.param(
            "PriceListAssignment",
            assignment(mode="Partial", sellPrices=True, names=True, approval="Manual", approvedPlan="x", revision=3),
            id="an assignment that stays at a revision",
        ),
        pytest.param("PriceListAssignment", assignment(restoreRun=2), id="an assignment that restores a run"),
        pytest.param("BackorderPolicy", policy(), id="a policy with the name of its tenant"),
        pytest.param(
            "ResellerUpgrade",
            upgrade(customers=["C-1", "C-2"], uncopyableSubscriptions="Skip"),
            id="an upgrade of some customers",
        ),
    ],
)
def test_a_sound_resource_is_accepted(refusal: Refusal, kind: str, spec: Spec) -> None:
    assert refusal(kind, "contoso", spec) == ""
