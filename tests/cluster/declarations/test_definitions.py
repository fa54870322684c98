"""The API server takes our definitions as they are generated, and shows resources as people need them."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from kubernetes import client

from twotier.dev.cluster import Cluster
from twotier.kinds.registry import DEFINITIONS
from twotier.kinds.schema.resource import Definition
from twotier.runtime.resource import GROUP

from .specs import DISTRIBUTOR, PRICE_LIST

Create = Callable[[str, str, Mapping[str, Any]], dict[str, Any]]

TENANT = {"distributor": "aegean", "account": {"number": "R-1001", "name": "Contoso"}, "edition": "Basic"}


@pytest.mark.parametrize("definition", [pytest.param(each, id=each.kind) for each in DEFINITIONS])
@pytest.mark.usefixtures("installed")
def test_a_definition_is_served_and_its_schema_is_structural(
    kubernetes: client.ApiClient, definition: Definition
) -> None:
    extensions = client.ApiextensionsV1Api(kubernetes)
    found = extensions.read_custom_resource_definition(f"{definition.plural}.{GROUP}")
    assert found.status is not None
    conditions = {condition.type: condition.status for condition in found.status.conditions or ()}
    assert conditions == {"NamesAccepted": "True", "Established": "True"}


@pytest.mark.usefixtures("installed")
def test_all_kinds_are_found_by_their_category(cluster: Cluster) -> None:
    listed = cluster.run("api-resources", "--categories=twotier", "--no-headers", "--output=name")
    assert sorted(listed.split()) == sorted(f"{definition.plural}.{GROUP}" for definition in DEFINITIONS)


@pytest.mark.parametrize(
    ("short_name", "kind", "spec", "columns", "wide_columns"),
    [
        pytest.param(
            "dist",
            "Distributor",
            DISTRIBUTOR,
            "NAME READY REASON COUNTRY CURRENCY AGE",
            "NAME READY REASON COUNTRY CURRENCY ORGANIZATION AGE MESSAGE",
            id="a distributor shows where it is",
        ),
        pytest.param(
            "pl",
            "PriceList",
            PRICE_LIST,
            "NAME READY REASON REVISION OFFERS CURRENCY AGE",
            "NAME READY REASON REVISION OFFERS CURRENCY DISTRIBUTOR PRODUCTS SUSPECTS IMPORTED DIGEST AGE MESSAGE",
            id="a price list shows how far it is",
        ),
        pytest.param(
            "tr",
            "TenantReseller",
            TENANT,
            "NAME READY REASON PHASE EDITION ACCOUNT AGE",
            "NAME READY REASON PHASE EDITION ACCOUNT DISTRIBUTOR STOREFRONT ORGANIZATION AGE MESSAGE",
            id="a tenant shows where in its life it is",
        ),
        pytest.param(
            "pla",
            "PriceListAssignment",
            {"tenant": "example", "priceList": "licenses"},
            "NAME READY REASON PRICE LIST REVISION RUN PLANNED AGE",
            "NAME READY REASON PRICE LIST REVISION RUN PLANNED MODE APPROVAL PLAN AGE MESSAGE",
            id="an assignment shows what the tenant has and what comes next",
        ),
        pytest.param(
            "bop",
            "BackorderPolicy",
            {"tenant": "example", "mode": "Disabled"},
            "NAME READY REASON MODE PENDING QUARANTINED AGE",
            "NAME READY REASON MODE PENDING QUARANTINED SENT SKIPPED PARKED AGE MESSAGE",
            id="a policy shows what has not been brought back",
        ),
        pytest.param(
            "ru",
            "ResellerUpgrade",
            {"tenant": "example", "account": "R-1001"},
            "NAME READY REASON TENANT CUSTOMERS SUBSCRIPTIONS AGE",
            "NAME READY REASON TENANT CUSTOMERS SUBSCRIPTIONS ACCOUNT SKIPPED AGE MESSAGE",
            id="an upgrade shows what has moved",
        ),
    ],
)
def test_kubectl_get_by_the_short_name_shows_what_comes_next(
    cluster: Cluster,
    create: Create,
    namespace: str,
    *,
    short_name: str,
    kind: str,
    spec: Mapping[str, Any],
    columns: str,
    wide_columns: str,
) -> None:
    create(kind, "example", spec)
    header, row = cluster.run("get", short_name, f"--namespace={namespace}").splitlines()
    wide, _ = cluster.run("get", short_name, f"--namespace={namespace}", "--output=wide").splitlines()
    assert row.startswith("example")
    assert [" ".join(re.split(" {2,}", line.strip())) for line in (header, wide)] == [columns, wide_columns]


def test_resources_are_selected_by_what_they_refer_to(cluster: Cluster, create: Create, namespace: str) -> None:
    for name, price_list in (("one", "licenses"), ("two", "domains")):
        create("PriceListAssignment", name, {"tenant": name, "priceList": price_list})
    found = cluster.get("pla", f"--namespace={namespace}", "--field-selector=spec.priceList=domains")
    assert [item["metadata"]["name"] for item in found["items"]] == ["two"]


def test_a_new_resource_is_in_progress_until_it_is_observed(create: Create) -> None:
    assert create("PriceList", "licenses", PRICE_LIST)["status"] == {"observedGeneration": -1}


@pytest.mark.parametrize(
    ("kind", "spec", "kept"),
    [
        pytest.param("Distributor", DISTRIBUTOR, DISTRIBUTOR | {"suspend": False}, id="a distributor runs"),
        pytest.param(
            "PriceList", PRICE_LIST, PRICE_LIST | {"suspend": False, "active": True}, id="a price list is active"
        ),
        pytest.param(
            "TenantReseller",
            TENANT,
            TENANT
            | {
                "suspend": False,
                "account": {"number": "R-1001", "name": "Contoso", "orderingEnabled": True},
                "language": "en",
                "dateFormat": "yyyy-MM-dd",
                "separateInvoices": False,
                "billingDay": 1,
                "state": "Active",
                "deletionPolicy": "Retain",
            },
            id="a tenant is active, billed once on the first day, and retained when its resource is deleted",
        ),
        pytest.param(
            "PriceListAssignment",
            {"tenant": "example", "priceList": "licenses"},
            {
                "tenant": "example",
                "priceList": "licenses",
                "suspend": False,
                "mode": "Full",
                "sellPrices": False,
                "names": False,
                "approval": "Automatic",
            },
            id="an assignment updates all, leaves what the reseller owns, and needs no approval",
        ),
        pytest.param(
            "ResellerUpgrade",
            {"tenant": "example", "account": "R-1001"},
            {"tenant": "example", "account": "R-1001", "suspend": False, "uncopyableSubscriptions": "Stop"},
            id="an upgrade stops at what cannot be copied",
        ),
    ],
)
def test_what_a_user_does_not_say_is_shown(
    create: Create, kind: str, spec: Mapping[str, Any], kept: Mapping[str, Any]
) -> None:
    assert create(kind, "example", spec)["spec"] == kept
