"""What the API server refuses when a resource is created, and in which words."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from .specs import COLUMNS, DISTRIBUTOR, TENANT, UNCHECKED, Spec, assignment, policy, price_list, tenant, upgrade

Refusal = Callable[[str, str, Mapping[str, Any]], str]


def defaults(**fields: Any) -> Spec:
    return DISTRIBUTOR | {"tenantDefaults": fields}


@pytest.mark.parametrize(
    ("kind", "spec", "message"),
    [
        pytest.param(
            "Distributor",
            DISTRIBUTOR | {"country": "Greece"},
            'spec.country: Invalid value: "Greece": write the two capital letters of an ISO 3166-1 country code, '
            "such as GR",
            id="a country by its name",
        ),
        pytest.param(
            "Distributor",
            DISTRIBUTOR | {"currency": "eur"},
            'spec.currency: Invalid value: "eur": write the three capital letters of an ISO 4217 currency code, '
            "such as EUR",
            id="a currency in small letters",
        ),
        pytest.param(
            "Distributor",
            DISTRIBUTOR | {"timeZone": "UTC+02:00"},
            'spec.timeZone: Invalid value: "UTC+02:00": write the IANA name of a time zone, such as Europe/Athens or '
            "UTC",
            id="a time zone by its offset",
        ),
        pytest.param(
            "Distributor",
            DISTRIBUTOR | {"baseDomain": "localhost"},
            'spec.baseDomain: Invalid value: "localhost": write a host name in lower case with at least one dot, such '
            "as shop.example.com",
            id="a base domain without a dot",
        ),
        pytest.param(
            "Distributor",
            {key: value for key, value in DISTRIBUTOR.items() if key != "currency"},
            "[spec.currency: Required value" + UNCHECKED,
            id="a distributor without a currency",
        ),
        pytest.param(
            "Distributor",
            DISTRIBUTOR | {"colour": "blue"},
            'Distributor in version "v1alpha1" cannot be handled as a Distributor: strict decoding error: unknown '
            'field "spec.colour"',
            id="a field that does not exist",
        ),
        pytest.param(
            "Distributor",
            defaults(taxes=[{"name": "VAT", "ratePercent": 24.0}]),
            '[spec.tenantDefaults.taxes[0].ratePercent: Invalid value: "number": '
            'spec.tenantDefaults.taxes[0].ratePercent in body must be of type string: "number"' + UNCHECKED,
            id="a rate as a number, which may have been through a float",
        ),
        pytest.param(
            "Distributor",
            defaults(taxes=[{"name": "VAT", "ratePercent": "-1"}]),
            'spec.tenantDefaults.taxes[0].ratePercent: Invalid value: "-1": write a percentage as a quoted number that '
            "is not negative, such as '24' or '5.5'",
            id="a negative rate",
        ),
        pytest.param(
            "Distributor",
            defaults(taxes=[{"name": "VAT", "ratePercent": "24"}, {"name": "VAT", "ratePercent": "13"}]),
            'spec.tenantDefaults.taxes[1]: Duplicate value: {"name":"VAT"}',
            id="two taxes of one name",
        ),
        pytest.param(
            "Distributor",
            defaults(countries=["GR", "GR"]),
            'spec.tenantDefaults.countries[1]: Duplicate value: "GR"',
            id="a country twice",
        ),
        pytest.param(
            "PriceList",
            price_list(source={}),
            "spec.source: Invalid value: name exactly one source: inline, configMaps or artifact",
            id="a list without a source",
        ),
        pytest.param(
            "PriceList",
            price_list(source={"inline": "x", "configMaps": [{"name": "one"}]}),
            "spec.source: Invalid value: name exactly one source: inline, configMaps or artifact",
            id="a list with two sources",
        ),
        pytest.param(
            "PriceList",
            price_list(
                source={"artifact": {"kind": "GitRepository", "name": "prices", "path": "lists/../../prices.csv"}}
            ),
            "spec.source.artifact.path: Invalid value: write the path inside the artifact, such as lists/prices.csv, "
            "without a leading '/' or any '..'",
            id="a list from outside of its artifact",
        ),
        pytest.param(
            "PriceList",
            price_list(source={"configMaps": []}),
            "spec.source.configMaps: Invalid value: 0: spec.source.configMaps in body should have at least 1 items",
            id="a list of no ConfigMaps",
        ),
        pytest.param(
            "PriceList",
            price_list(source={"inline": "x" * 131_073}),
            "[spec.source.inline: Too long: may not be more than 131072 bytes" + UNCHECKED,
            id="an inline source that is too long",
        ),
        pytest.param(
            "PriceList",
            price_list(source={"configMaps": [{"name": "Prices"}]}),
            'spec.source.configMaps[0].name: Invalid value: "Prices": write the name of a resource in the same '
            "namespace: lower-case letters, digits, '-' and '.'",
            id="a ConfigMap with a name that cannot exist",
        ),
        pytest.param(
            "PriceList",
            price_list(source={"configMaps": [{"name": "one", "sha256": "abc"}]}),
            'spec.source.configMaps[0].sha256: Invalid value: "abc": write the 64 lower-case hexadecimal digits of a '
            "SHA-256",
            id="a SHA-256 that is cut off",
        ),
        pytest.param(
            "PriceList",
            price_list(format={"preset": "twotier", "columns": COLUMNS}),
            "spec.format: Invalid value: name a preset or columns, not both: a preset defines the columns itself",
            id="a preset and columns",
        ),
        pytest.param(
            "PriceList",
            price_list(format={"preset": "twotier", "fixedWidths": {"sku": 4}}),
            "spec.format: Invalid value: delimiter, quote, fixedWidths and defaults require columns: name the columns, "
            "or remove them",
            id="a preset read otherwise than it says",
        ),
        pytest.param(
            "PriceList",
            price_list(format={"columns": COLUMNS, "delimiter": "tab"}),
            "spec.format.delimiter: Invalid value: \"tab\": write a single character, such as ';'",
            id="a delimiter by its name",
        ),
        pytest.param(
            "PriceList",
            price_list(format={"type": "JSONLines", "columns": COLUMNS, "delimiter": ";"}),
            "spec.format: Invalid value: delimiter and quote apply to CSV only: remove them, or set type to CSV",
            id="a delimiter of JSON Lines",
        ),
        pytest.param(
            "PriceList",
            price_list(format={"columns": COLUMNS | {"tiers": "{Tiers}", "tierMinimum": "{Min}"}}),
            "spec.format.columns: Invalid value: name tiers, or tierMinimum and tierMaximum, not both: tiers are "
            "either in one cell or in separate rows",
            id="tiers in one cell and in rows",
        ),
        pytest.param(
            "PriceList",
            price_list(format={"columns": COLUMNS | {"tierMaximum": "{Max}"}}),
            "spec.format.columns: Invalid value: tierMaximum requires tierMinimum: name both, or neither",
            id="the end of a tier without its start",
        ),
        pytest.param(
            "PriceList",
            price_list(format={"columns": COLUMNS | {"previousValues": "{Before}"}}),
            "spec.format.columns: Invalid value: previousValues requires changeFlag: name both, or neither",
            id="previous values without a flag",
        ),
        pytest.param(
            "PriceList",
            price_list(format={"columns": {key: value for key, value in COLUMNS.items() if key != "price"}}),
            "[spec.format.columns.price: Required value" + UNCHECKED,
            id="columns without a price",
        ),
        pytest.param(
            "PriceList",
            price_list(format={"markupPercent": "10%"}),
            'spec.format.markupPercent: Invalid value: "10%": write a percentage as a quoted number that is not '
            "negative, such as '24' or '5.5'",
            id="a percentage with its sign",
        ),
        pytest.param(
            "PriceList",
            price_list(maxAge="5 minutes"),
            'spec.maxAge: Invalid value: "5 minutes": write a duration such as 90s, 5m, 36h, 7d or PT5M',
            id="a duration in words",
        ),
        pytest.param(
            "PriceList",
            price_list(maxAge="P1M"),
            'spec.maxAge: Invalid value: "P1M": write a duration such as 90s, 5m, 36h, 7d or PT5M',
            id="a month, which has no fixed length",
        ),
        pytest.param(
            "PriceList",
            price_list(validFrom="2026-02-01", validUntil="2026-01-31"),
            "spec.validUntil: Invalid value: validUntil is before validFrom: the list would never be valid",
            id="a validity that ends before it starts",
        ),
        pytest.param(
            "PriceList",
            price_list(validFrom="01/02/2026"),
            '[spec.validFrom: Invalid value: "01/02/2026": spec.validFrom in body must be of type date: "01/02/2026"'
            + UNCHECKED,
            id="a date as only some read it",
        ),
        pytest.param(
            "TenantReseller",
            tenant(edition="Basic", storefront={"alias": "contoso"}),
            "spec.storefront: Invalid value: only the Premium edition has a storefront: set edition to Premium, or "
            "remove storefront",
            id="a basic tenant with a storefront",
        ),
        pytest.param(
            "TenantReseller",
            tenant(storefront={"alias": "contoso", "host": "shop.contoso.example"}),
            "spec.storefront: Invalid value: name exactly one of alias (under the distributor's base domain) and host "
            "(a name of its own)",
            id="a storefront with two addresses",
        ),
        pytest.param(
            "TenantReseller",
            tenant(storefront={}),
            "spec.storefront: Invalid value: name exactly one of alias (under the distributor's base domain) and host "
            "(a name of its own)",
            id="a storefront without an address",
        ),
        pytest.param(
            "TenantReseller",
            tenant(storefront={"alias": "contoso.shop"}),
            'spec.storefront.alias: Invalid value: "contoso.shop": write one label of a host name: lower-case letters, '
            "digits and '-'",
            id="an alias of two labels",
        ),
        pytest.param(
            "TenantReseller",
            tenant(storefront={"alias": "contoso", "branding": {"primaryColor": "blue"}}),
            "spec.storefront.branding.primaryColor: Invalid value: \"blue\": write a colour as '#' and six hexadecimal "
            "digits, such as '#1a73e8'",
            id="a colour by its name",
        ),
        pytest.param(
            "TenantReseller",
            tenant(storefront={"alias": "contoso", "branding": {"logoUrl": "http://contoso.example/logo.svg"}}),
            'spec.storefront.branding.logoUrl: Invalid value: "http://contoso.example/logo.svg": write an address that '
            "starts with https://",
            id="a logo that travels unencrypted",
        ),
        pytest.param(
            "TenantReseller",
            tenant(account={"number": 1001, "name": "Contoso"}),
            '[spec.account.number: Invalid value: "integer": spec.account.number in body must be of type string: '
            '"integer"' + UNCHECKED,
            id="an account number without quotes, which would lose its zeros",
        ),
        pytest.param(
            "TenantReseller",
            tenant(account={"number": "R 1001", "name": "Contoso"}),
            "spec.account.number: Invalid value: \"R 1001\": write an account number of letters, digits, '-', '.', '_' "
            "and '/', such as R-1001",
            id="an account number with a space",
        ),
        pytest.param(
            "TenantReseller",
            tenant(administrator={"email": "contoso.example"}),
            'spec.administrator.email: Invalid value: "contoso.example": write an e-mail address, such as '
            "name@example.com",
            id="an e-mail address without a name",
        ),
        pytest.param(
            "TenantReseller",
            tenant(language="English"),
            'spec.language: Invalid value: "English": write a BCP 47 language tag, such as en, el or pt-BR',
            id="a language by its name",
        ),
        pytest.param(
            "TenantReseller",
            tenant(billingDay=32),
            "spec.billingDay: Invalid value: 32: spec.billingDay in body should be less than or equal to 31",
            id="a billing day that no month has",
        ),
        pytest.param(
            "TenantReseller",
            tenant(edition="Standard"),
            '[spec.edition: Unsupported value: "Standard": supported values: "Basic", "Premium"' + UNCHECKED,
            id="an edition that does not exist",
        ),
        pytest.param(
            "PriceListAssignment",
            assignment(tenant="fabrikam"),
            "spec.tenant: Invalid value: an assignment has the name of its tenant: set metadata.name and spec.tenant "
            "to the same value",
            id="an assignment with a name of its own",
        ),
        pytest.param(
            "PriceListAssignment",
            assignment(revision=1, restoreRun=1),
            "spec.restoreRun: Invalid value: set restoreRun or revision, not both: a restored run has its own revision",
            id="an assignment that stays at a revision and restores a run",
        ),
        pytest.param(
            "PriceListAssignment",
            assignment(revision=0),
            "spec.revision: Invalid value: 0: spec.revision in body should be greater than or equal to 1",
            id="a revision before the first",
        ),
        pytest.param(
            "BackorderPolicy",
            policy(tenant="fabrikam"),
            "spec.tenant: Invalid value: a policy has the name of its tenant: set metadata.name and spec.tenant to "
            "the same value",
            id="a policy with a name of its own",
        ),
        pytest.param(
            "BackorderPolicy",
            {"tenant": "contoso"},
            "[spec.mode: Required value" + UNCHECKED,
            id="a policy that does not say what it does",
        ),
        pytest.param(
            "ResellerUpgrade",
            upgrade(customers=[]),
            "spec.customers: Invalid value: 0: spec.customers in body should have at least 1 items",
            id="an upgrade of no customers",
        ),
    ],
)
def test_an_unsound_resource_is_refused_in_words(refusal: Refusal, kind: str, spec: Spec, message: str) -> None:
    assert refusal(kind, "contoso", spec) == message


def test_a_tenant_leaves_room_for_the_name_of_its_secret(refusal: Refusal) -> None:
    assert refusal("TenantReseller", "x" * 239, TENANT) == ""
    assert refusal("TenantReseller", "x" * 240, TENANT) == (
        "<nil>: Invalid value: choose a name of at most 239 characters: the name of the Secret with the credentials "
        "adds -administrator"
    )
