"""A tenant whose spec the operator cannot use: it goes when it is told to, and holds up no namespace."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from tests.shop import Shop, assignment, distributor, eventually, price_list, tenant

from twotier.dev.cluster import Cluster, KubectlError

DECLARED = (distributor(), price_list(), tenant(), assignment())
CRD = "tenantresellers.twotier.dev"
SCHEMA = "/spec/versions/0/schema/openAPIV3Schema"
ANYTHING = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
SELECTABLE = {name: {"type": "string"} for name in ("distributor", "edition", "state")}


@pytest.fixture
def active(shop: Shop) -> Shop:
    """An active tenant."""
    shop.apply(*DECLARED)
    shop.await_ready(*DECLARED)
    return shop


@pytest.fixture
def any_spec(installed: None, cluster: Cluster) -> Iterator[None]:  # noqa: ARG001 -- the kind must be there
    """The API server takes any spec of a TenantReseller, as one of another version of the definition might."""
    before = json.loads(cluster.run("get", "crd", CRD, "--output=json"))["spec"]["versions"][0]["schema"]
    loose = {**ANYTHING, "properties": {"spec": {**ANYTHING, "properties": SELECTABLE}, "status": ANYTHING}}
    _set_schema(cluster, loose)
    yield
    _set_schema(cluster, before["openAPIV3Schema"])


def _set_schema(cluster: Cluster, schema: dict[str, Any]) -> None:
    patch = json.dumps([{"op": "replace", "path": SCHEMA, "value": schema}])
    cluster.run("patch", "crd", CRD, "--type=json", f"--patch={patch}")


def patch(shop: Shop, spec: dict[str, Any]) -> None:
    """Change a tenant's spec, as soon as the API server takes it."""

    def taken() -> bool:
        try:
            shop.kubectl("patch", "tr", "contoso", "--type=merge", f"--patch={json.dumps({'spec': spec})}")
        except KubectlError:
            return False
        return True

    eventually(taken, lambda: f"the API server takes {spec}")
    shop.await_condition("TenantReseller", "contoso", "False", "InvalidSpec")


def phases(shop: Shop, organization: object) -> list[tuple[Any, ...]]:
    return shop.rows("select phase from tenant where organization_id = :id", id=organization)


RETAINED = [("MarkedAsDeleted",)]


def test_a_tenant_whose_time_zone_is_none_is_deleted_and_kept(active: Shop) -> None:
    organization = active.organization_id()
    patch(active, {"timeZone": "Nowhere/Land"})
    active.delete("TenantReseller", "contoso")
    assert phases(active, organization) == RETAINED


def test_its_deletion_policy_is_honoured_where_it_can_be_read(active: Shop) -> None:
    organization = active.organization_id()
    patch(active, {"timeZone": "Nowhere/Land", "deletionPolicy": "Delete"})
    active.delete("TenantReseller", "contoso")
    assert phases(active, organization) == []


def test_a_namespace_with_such_a_tenant_goes(active: Shop) -> None:
    organization = active.organization_id()
    patch(active, {"timeZone": "Nowhere/Land"})
    active.cluster.run("delete", "namespace", active.namespace, "--timeout=60s")
    assert phases(active, organization) == RETAINED
    active.cluster.run("create", "namespace", active.namespace)


def test_a_suspended_one_goes_too(active: Shop) -> None:
    organization = active.organization_id()
    active.apply(tenant(suspend=True, timeZone="Nowhere/Land"))
    active.await_condition("TenantReseller", "contoso", "True", "Suspended")
    active.delete("TenantReseller", "contoso")
    assert phases(active, organization) == RETAINED


@pytest.mark.parametrize("spec", [{}, {"timeZone": "Nowhere/Land"}], ids=["a valid tenant", "an invalid tenant"])
@pytest.mark.parametrize("left", ["gone", "invalid"])
def test_a_distributor_that_is_gone_or_invalid_holds_nothing_up(active: Shop, spec: dict[str, Any], left: str) -> None:
    organization = active.organization_id()
    if spec:
        patch(active, spec)
    if left == "gone":
        active.delete("Distributor", "aegean")
    else:
        active.apply(distributor(timeZone="Nowhere/Land"))
        active.await_condition("Distributor", "aegean", "False", "InvalidSpec")
    active.delete("TenantReseller", "contoso")
    assert phases(active, organization) == RETAINED


def test_one_that_declares_the_account_of_an_older_one_takes_nothing_with_it(active: Shop) -> None:
    younger = tenant(
        "newcomer",
        account={"number": "R-contoso", "name": "Contoso", "address": {"country": "GR"}},
        deletionPolicy="Delete",
        timeZone="Nowhere/Land",
    )
    younger["metadata"]["finalizers"] = ["twotier.dev/cleanup"]
    active.await_a_later_second("TenantReseller", "contoso")
    active.apply(younger)
    active.await_condition("TenantReseller", "newcomer", "False", "InvalidSpec")
    active.delete("TenantReseller", "newcomer")
    assert phases(active, active.organization_id()) == [("Active",)]


@pytest.mark.parametrize(
    ("spec", "left"),
    [
        pytest.param({"edition": "Diamond"}, RETAINED, id="an edition that does not exist"),
        pytest.param({"billingDay": "often"}, RETAINED, id="a word for a number"),
        pytest.param({"deletionPolicy": 7}, RETAINED, id="no policy that can be read"),
        pytest.param({"account": None}, RETAINED, id="no account"),
        pytest.param({"account": {"number": 7}}, RETAINED, id="a number for the account's"),
        pytest.param({"distributor": None}, RETAINED, id="no distributor"),
        pytest.param({"account": None, "deletionPolicy": "Delete"}, [], id="no account, to be erased"),
        pytest.param({"account": None, "distributor": None, "edition": None}, RETAINED, id="nothing of what it needs"),
    ],
)
@pytest.mark.usefixtures("any_spec")
def test_a_spec_of_which_little_can_be_read(active: Shop, spec: dict[str, Any], left: list[tuple[str]]) -> None:
    organization = active.organization_id()
    patch(active, spec)
    active.delete("TenantReseller", "contoso")
    assert phases(active, organization) == left
