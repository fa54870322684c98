"""Whose a host name is, between namespaces: a name server on loopback shows what tenants publish."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from kubernetes import client
from tests.name_server import Zone, name_server
from tests.shop import Object, Shop, assignment, distributor, eventually, price_list, tenant

from twotier.dev.cluster import Cluster
from twotier.dev.operator import Operator

Neighbour = Callable[[], Shop]


@pytest.fixture(scope="module")
def zone() -> Iterator[Zone]:
    with name_server() as zone:
        yield zone


@pytest.fixture(scope="module")
def shared_operator(
    operator_access: Path, shared_database_url: str, zone: Zone, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Operator]:
    """An operator that asks the test's name server."""
    operator = Operator(operator_access, shared_database_url, tmp_path_factory.mktemp("operator") / "log")
    operator.start({"TWOTIER_SWEEP_INTERVAL": "3600", "TWOTIER_NAME_SERVERS": zone.address})
    yield operator
    assert operator.stop() == 0


@pytest.fixture
def neighbour(shop: Shop, cluster: Cluster, kubernetes: client.ApiClient, other_namespace: str) -> Shop:
    """Another namespace of the same installation."""
    return Shop(cluster, kubernetes, other_namespace, shop.database_url)


def premium(name: str = "contoso", **storefront: object) -> Object:
    return tenant(name, edition="Premium", storefront=storefront)


def look_again(shop: Shop, kind: str, name: str, why: str) -> None:
    """Ask for a reconcile now, as `flux reconcile` does."""
    shop.kubectl("annotate", kind, name, "--overwrite", f"reconcile.fluxcd.io/requestedAt={why}")


def settle(shop: Shop, domain: str | None = None, *tenants: Object) -> None:
    """Declare a distributor with its list, and tenants."""
    base = {} if domain is None else {"baseDomain": domain}
    shop.apply(distributor(**base), price_list())
    shop.await_ready(distributor(), price_list())
    shop.apply(*(assignment(each["metadata"]["name"]) for each in tenants), *tenants)


def test_a_base_domain_is_shown_and_changes_hands_when_its_owner_gives_it_up(shop: Shop, neighbour: Shop) -> None:
    settle(shop, "hand-over.example", premium(alias="contoso"))
    shop.await_ready(tenant())
    assert shop.status("Distributor", "aegean")["baseDomain"] == "hand-over.example"

    for domain in ("hand-over.example", "eu.hand-over.example"):
        neighbour.apply(distributor(baseDomain=domain))
        message = neighbour.await_condition("Distributor", "aegean", "False", "BaseDomainTaken")
        assert message == (
            f"base domain {domain} is not free: it is the same as, lies below or contains a base domain or host that "
            "another distributor or a tenant has; choose another one, or have its owner give it up first"
        )
    assert "baseDomain" not in neighbour.status("Distributor", "aegean")

    shop.kubectl("patch", "dist", "aegean", "--type=merge", '--patch={"spec": {"baseDomain": null}}')
    shop.await_ready(distributor())
    look_again(neighbour, "dist", "aegean", "given up")
    neighbour.await_ready(distributor())
    assert neighbour.status("Distributor", "aegean")["baseDomain"] == "eu.hand-over.example"
    eventually(
        lambda: "storefrontAddress" not in shop.status("TenantReseller", "contoso"),
        lambda: str(shop.status("TenantReseller", "contoso")),
    )


def test_a_base_domain_stays_with_a_distributor_whose_resource_is_gone(shop: Shop, neighbour: Shop) -> None:
    settle(shop, "gone.example")
    shop.delete("Distributor", "aegean")
    neighbour.apply(distributor(baseDomain="gone.example"))
    neighbour.await_condition("Distributor", "aegean", "False", "BaseDomainTaken")
    settle(shop, "gone.example")


@pytest.mark.parametrize("below", ["", "contoso.", "www.shop."], ids=["at", "below", "far below"])
def test_no_tenant_of_another_namespace_gets_a_name_at_or_below_a_base_domain(
    shop: Shop, neighbour: Shop, zone: Zone, below: str
) -> None:
    domain = f"{shop.namespace}.example"
    host = below + domain
    settle(shop, domain)
    settle(neighbour, None, premium(host=host))
    message = neighbour.await_condition("TenantReseller", "contoso", "False", "ChecklistFailed")
    assert message == f"storefront address {host} is taken: choose another one"
    assert not [name for name in zone.asked if host in name]


def test_a_host_is_reserved_once_dns_shows_that_it_is_the_tenants(shop: Shop, neighbour: Shop, zone: Zone) -> None:
    settle(neighbour, None, premium(host="www.google.com"))
    told = neighbour.await_condition("TenantReseller", "contoso", "False", "StorefrontHostUnproved")
    status = neighbour.status("TenantReseller", "contoso")
    asked = status["storefrontChallenge"]
    assert asked["record"] == "_twotier-challenge.www.google.com"
    assert told == (
        "the host of the storefront is reserved once DNS shows that it is the reseller's: publish the record "
        f'{asked["record"]} TXT "{asked["value"]}" (DNS does not show it yet; it is asked again by itself)'
    )
    assert status["phase"] == "Active"
    assert "storefrontAddress" not in status
    assert neighbour.condition("TenantReseller", "contoso", "Reconciling") is not None

    # Whoever owns the domain publishes a record for a tenant of its own; nobody else's passes for it.
    settle(shop, None, premium(host="www.google.com"))
    shop.await_condition("TenantReseller", "contoso", "False", "StorefrontHostUnproved")
    own = shop.status("TenantReseller", "contoso")["storefrontChallenge"]
    assert own["record"] == asked["record"]
    assert own["value"] != asked["value"]
    zone.publish(own)
    look_again(neighbour, "tr", "contoso", "published")
    neighbour.await_status("TenantReseller", "contoso", "lastHandledReconcileAt", "published")
    assert "storefrontAddress" not in neighbour.status("TenantReseller", "contoso")
    look_again(shop, "tr", "contoso", "published")
    shop.await_ready(tenant())
    status = shop.status("TenantReseller", "contoso")
    assert status["storefrontAddress"] == "www.google.com"
    assert "storefrontChallenge" not in status

    look_again(neighbour, "tr", "contoso", "too late")
    message = neighbour.await_condition("TenantReseller", "contoso", "False", "StorefrontAddressTaken")
    assert message == "storefront address www.google.com is taken: choose another one"


def test_a_proved_host_stays_when_its_record_goes_and_another_one_is_proved_anew(shop: Shop, zone: Zone) -> None:
    settle(shop, None, premium(host="one.proved.example"))
    shop.await_condition("TenantReseller", "contoso", "False", "StorefrontHostUnproved")
    zone.publish(shop.status("TenantReseller", "contoso")["storefrontChallenge"])
    look_again(shop, "tr", "contoso", "published")
    shop.await_ready(tenant())

    zone.records.clear()
    zone.asked.clear()
    look_again(shop, "tr", "contoso", "withdrawn")
    shop.await_status("TenantReseller", "contoso", "lastHandledReconcileAt", "withdrawn")
    assert shop.is_ready("TenantReseller", "contoso")
    assert zone.asked == []

    shop.apply(tenant(edition="Premium", language="el", storefront={"host": "two.proved.example"}))
    shop.await_condition("TenantReseller", "contoso", "False", "StorefrontHostUnproved")
    assert shop.status("TenantReseller", "contoso")["storefrontAddress"] == "one.proved.example"
    assert shop.rows("select language from tenant where organization_id = :id", id=shop.organization_id()) == [("el",)]


def test_a_tenant_that_awaits_a_proof_is_suspended_and_deleted_like_any_other(shop: Shop) -> None:
    settle(shop, None, premium(host="www.awaited.example"))
    shop.await_condition("TenantReseller", "contoso", "False", "StorefrontHostUnproved")
    shop.apply(tenant(edition="Premium", state="Suspended", storefront={"host": "www.awaited.example"}))
    shop.await_status("TenantReseller", "contoso", "phase", "Suspended")
    organization = shop.organization_id()
    shop.delete("TenantReseller", "contoso")
    assert shop.rows("select phase from tenant where organization_id = :id", id=organization) == [("MarkedAsDeleted",)]


def test_name_servers_that_do_not_answer_are_told(shop: Shop, zone: Zone) -> None:
    zone.silent.add("_twotier-challenge.www.silent.example")
    settle(shop, None, premium(host="www.silent.example"))
    message = shop.await_condition("TenantReseller", "contoso", "False", "StorefrontHostUnproved")
    assert "(DNS could not be asked; it is asked again by itself)" in message
