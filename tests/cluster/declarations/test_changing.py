"""What of a resource cannot be changed once it is created, and what can."""

from collections.abc import Callable
from typing import Any

import pytest
from kubernetes import client

from twotier.runtime.resource import GROUP, VERSION

from .specs import ASSIGNMENT, DISTRIBUTOR, PRICE_LIST, UNCHECKED, Spec, policy, tenant, upgrade

RefusalOfChange = Callable[[str, str, Spec, Spec], str]

TENANT = tenant(storefront={"alias": "contoso"})
UPGRADE = upgrade()


@pytest.mark.parametrize(
    ("kind", "spec", "patch"),
    [
        pytest.param("Distributor", DISTRIBUTOR, {"displayName": "Aegean Cloud"}, id="a distributor's name"),
        pytest.param("PriceList", PRICE_LIST, {"source": {"inline": "x"}}, id="what a list reads"),
        pytest.param(
            "PriceList",
            PRICE_LIST,
            {"source": {"inline": None, "configMaps": [{"name": "licenses"}]}},
            id="where a list reads it",
        ),
        pytest.param("TenantReseller", TENANT, {"account": {"name": "Contoso SA"}}, id="a reseller's name"),
        pytest.param("TenantReseller", TENANT, {"edition": "Basic", "storefront": None}, id="an edition"),
        pytest.param("PriceListAssignment", ASSIGNMENT, {"priceList": "domains"}, id="a tenant's price list"),
        pytest.param("BackorderPolicy", policy(mode="Disabled"), {"mode": "Shadow"}, id="from disabled to shadow"),
        pytest.param("BackorderPolicy", policy(mode="Shadow"), {"mode": "Disabled"}, id="from shadow to disabled"),
        pytest.param("BackorderPolicy", policy(mode="Disabled"), {"mode": "Active"}, id="from disabled to active"),
        pytest.param("BackorderPolicy", policy(mode="Active"), {"mode": "Paused"}, id="from active to paused"),
        pytest.param("BackorderPolicy", policy(mode="Paused"), {"mode": "Active"}, id="from paused to active"),
    ],
)
def test_it_can_be_changed(refusal_of_change: RefusalOfChange, kind: str, spec: Spec, patch: Spec) -> None:
    assert refusal_of_change(kind, "contoso", spec, patch) == ""


DISTRIBUTOR_CURRENCY = (
    "spec.currency: Invalid value: the currency of a distributor cannot be changed: declare another Distributor for "
    "the other currency"
)
LIST_DISTRIBUTOR = (
    "spec.distributor: Invalid value: a price list cannot move to another distributor: declare another PriceList for "
    "that distributor"
)
LIST_CURRENCY = (
    "spec.currency: Invalid value: the currency of a price list cannot be changed: declare another PriceList and "
    "assign that one"
)
TENANT_DISTRIBUTOR = (
    "spec.distributor: Invalid value: a tenant cannot move to another distributor: declare another TenantReseller for "
    "that distributor"
)
TENANT_ACCOUNT = (
    "spec.account.number: Invalid value: the account of a tenant cannot be changed: declare another TenantReseller for "
    "the other account"
)
NO_WAY_BACK = (
    "spec.mode: Invalid value: back-ordering cannot be undone once it has been active: set mode to Paused to stop it; "
    "nothing is lost"
)
UPGRADE_TENANT = (
    "spec.tenant: Invalid value: the tenant of an upgrade cannot be changed: declare another upgrade for that tenant"
)
UPGRADE_ACCOUNT = (
    "spec.account: Invalid value: the account of an upgrade cannot be changed: declare another upgrade for that account"
)


@pytest.mark.parametrize(
    ("kind", "spec", "patch", "message"),
    [
        pytest.param(
            "Distributor", DISTRIBUTOR, {"currency": "USD"}, DISTRIBUTOR_CURRENCY, id="a distributor's currency"
        ),
        pytest.param("PriceList", PRICE_LIST, {"distributor": "other"}, LIST_DISTRIBUTOR, id="a list's distributor"),
        pytest.param("PriceList", PRICE_LIST, {"currency": "USD"}, LIST_CURRENCY, id="a list's currency"),
        pytest.param(
            "TenantReseller", TENANT, {"distributor": "other"}, TENANT_DISTRIBUTOR, id="a tenant's distributor"
        ),
        pytest.param(
            "TenantReseller", TENANT, {"account": {"number": "R-2"}}, TENANT_ACCOUNT, id="a tenant's account number"
        ),
        pytest.param(
            "TenantReseller",
            TENANT,
            {"edition": "Basic"},
            "spec.storefront: Invalid value: only the Premium edition has a storefront: set edition to Premium, or "
            "remove storefront",
            id="an edition while there is a storefront",
        ),
        pytest.param(
            "PriceListAssignment",
            ASSIGNMENT,
            {"tenant": "other"},
            "[spec.tenant: Invalid value: an assignment has the name of its tenant: set metadata.name and spec.tenant "
            "to the same value, spec.tenant: Invalid value: the tenant of an assignment cannot be changed: declare "
            "another "
            "assignment for that tenant]",
            id="an assignment's tenant",
        ),
        pytest.param(
            "BackorderPolicy",
            policy(mode="Shadow"),
            {"tenant": "other"},
            "[spec.tenant: Invalid value: a policy has the name of its tenant: set metadata.name and spec.tenant to "
            "the same value, spec.tenant: Invalid value: the tenant of a policy cannot be changed: declare another "
            "policy "
            "for that tenant]",
            id="a policy's tenant",
        ),
        pytest.param(
            "BackorderPolicy", policy(mode="Active"), {"mode": "Disabled"}, NO_WAY_BACK, id="from active to disabled"
        ),
        pytest.param(
            "BackorderPolicy", policy(mode="Active"), {"mode": "Shadow"}, NO_WAY_BACK, id="from active to shadow"
        ),
        pytest.param(
            "BackorderPolicy", policy(mode="Paused"), {"mode": "Disabled"}, NO_WAY_BACK, id="from paused to disabled"
        ),
        pytest.param(
            "BackorderPolicy", policy(mode="Paused"), {"mode": "Shadow"}, NO_WAY_BACK, id="from paused to shadow"
        ),
        pytest.param("ResellerUpgrade", UPGRADE, {"tenant": "other"}, UPGRADE_TENANT, id="an upgrade's tenant"),
        pytest.param("ResellerUpgrade", UPGRADE, {"account": "R-2"}, UPGRADE_ACCOUNT, id="an upgrade's account"),
    ],
)
def test_it_cannot_be_changed_and_the_message_says_what_to_do(
    refusal_of_change: RefusalOfChange, *, kind: str, spec: Spec, patch: Spec, message: str
) -> None:
    assert refusal_of_change(kind, "contoso", spec, patch) == message


@pytest.mark.parametrize(
    ("kind", "spec", "patch", "path"),
    [
        pytest.param("Distributor", DISTRIBUTOR, {"currency": None}, "currency", id="a distributor's currency"),
        pytest.param("PriceList", PRICE_LIST, {"distributor": None}, "distributor", id="a list's distributor"),
        pytest.param("PriceList", PRICE_LIST, {"currency": None}, "currency", id="a list's currency"),
        pytest.param("TenantReseller", TENANT, {"distributor": None}, "distributor", id="a tenant's distributor"),
        pytest.param("TenantReseller", TENANT, {"account": None}, "account", id="a tenant's account"),
        pytest.param(
            "TenantReseller", TENANT, {"account": {"number": None}}, "account.number", id="a tenant's account number"
        ),
        pytest.param("PriceListAssignment", ASSIGNMENT, {"tenant": None}, "tenant", id="an assignment's tenant"),
        pytest.param("BackorderPolicy", policy(mode="Active"), {"mode": None}, "mode", id="a policy's mode"),
        pytest.param("ResellerUpgrade", UPGRADE, {"account": None}, "account", id="an upgrade's account"),
    ],
)
def test_it_cannot_be_removed_to_be_added_anew(
    refusal_of_change: RefusalOfChange, *, kind: str, spec: Spec, patch: Spec, path: str
) -> None:
    assert refusal_of_change(kind, "contoso", spec, patch) == f"[spec.{path}: Required value{UNCHECKED}"


@pytest.mark.parametrize(
    "later",
    [
        pytest.param({"account": "R-2"}, id="to another one"),
        pytest.param({}, id="to none"),
        pytest.param(None, id="to none, with the whole status"),
    ],
)
def test_the_account_of_an_assignment_is_not_changed(
    resources: client.CustomObjectsApi,
    create: Callable[[str, str, Spec], dict[str, Any]],
    apply_status: Callable[[str, str, str, Spec], dict[str, Any]],
    namespace: str,
    later: Spec | None,
) -> None:
    create("PriceListAssignment", "contoso", ASSIGNMENT)
    made = apply_status("twotier", "PriceListAssignment", "contoso", {"account": "R-1"})
    place = (GROUP, VERSION, namespace, "pricelistassignments", "contoso")
    changed = {name: value for name, value in made.items() if name != "status"} | (
        {} if later is None else {"status": later}
    )
    with pytest.raises(client.ApiException) as refused:
        resources.replace_namespaced_custom_object_status(*place, changed)
    assert "the account of an assignment cannot be changed" in str(refused.value.body)
    resources.replace_namespaced_custom_object(*place, changed)
    kept = resources.get_namespaced_custom_object_status(*place)
    assert isinstance(kept, dict)
    assert kept["status"]["account"] == "R-1"


def test_an_assignment_that_is_declared_again_has_no_account_yet(
    resources: client.CustomObjectsApi,
    create: Callable[[str, str, Spec], dict[str, Any]],
    apply_status: Callable[[str, str, str, Spec], dict[str, Any]],
    namespace: str,
) -> None:
    create("PriceListAssignment", "contoso", ASSIGNMENT)
    apply_status("twotier", "PriceListAssignment", "contoso", {"account": "R-1"})
    resources.delete_namespaced_custom_object(GROUP, VERSION, namespace, "pricelistassignments", "contoso")
    assert "account" not in create("PriceListAssignment", "contoso", ASSIGNMENT)["status"]
