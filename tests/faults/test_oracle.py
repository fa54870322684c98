"""What chaos is judged by sees what is wrong: each wrong that is planted here is found."""

from collections.abc import Iterator
from pathlib import Path
from string import Template

import pytest
from kubernetes import client
from tests import resources
from tests.chaos.oracle import broken_laws, differences, picture
from tests.shop import DISK, Shop, assignment, distributor, price_list, tenant

from twotier.dev.cluster import Cluster
from twotier.dev.operator import Operator

DECLARED = (
    price_list(),
    tenant(),
    assignment(),
    tenant("fabrikam"),
    assignment("fabrikam"),
)
PEACE, CHAOS = "oracle-peace", "oracle-chaos"
NAMED = {
    "contoso": "(select t.id from organization t join organization o on o.id = t.root_id "
    "where o.namespace = 'oracle-chaos' and t.account_number = 'R-contoso')",
    "list": "(select l.id from price_list l join organization o on o.id = l.organization_id "
    "where o.namespace = 'oracle-chaos' and l.name = 'retail')",
}
"""What planted statements name by a word."""


@pytest.fixture(scope="module")
def shops(
    operator_access: Path,
    cluster: Cluster,
    kubernetes: client.ApiClient,
    shared_database_url: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Shop, Shop]]:
    """The same, declared twice, in the care of nobody any more."""
    made = tuple(Shop(cluster, kubernetes, namespace, shared_database_url) for namespace in (CHAOS, PEACE))
    operator = Operator(operator_access, shared_database_url, tmp_path_factory.mktemp("operator") / "log")
    operator.start()
    for shop in made:
        cluster.run("create", "namespace", shop.namespace)
        resources.admit_tenants(kubernetes, shop.namespace)
        shop.apply(distributor(baseDomain=f"{shop.namespace}.example.com"), *DECLARED)
    for shop in made:
        shop.await_ready(*DECLARED)
        shop.apply(price_list("retail", "MAIL,month,5,Mail,6.00", DISK))
        for name in ("contoso", "fabrikam"):
            shop.await_status("PriceListAssignment", name, "run", 2)
    operator.stop()
    yield made[0], made[1]
    for shop in made:
        resources.remove_all(kubernetes, shop.namespace)
        cluster.run("delete", "namespace", shop.namespace, "--wait=false")


def found(shops: tuple[Shop, Shop]) -> set[str]:
    return {*differences(*(picture(shop, DECLARED) for shop in shops))}


def test_nothing_is_found_where_the_same_was_declared_twice(shops: tuple[Shop, Shop]) -> None:
    assert found(shops) == set()
    assert broken_laws(shops[0]) == []


WRONGS = {
    "a tenant that is not what is declared": (
        "update tenant set billing_day = 9 where organization_id = $contoso",
        "tenants: ",
    ),
    "a price that nobody declared": (
        "update offer set price = 99 where price_list_id = $list and sku = 'MAIL'",
        "offers",
    ),
    "another offer in a catalogue": (
        "delete from offer where price_list_id = $list and sku = 'DISK'",
        "contoso sells",
    ),
    "a list that nobody declared": (
        "insert into price_list (organization_id, key, name, currency) "
        "select organization_id, uuidv7(), 'other', 'EUR' from price_list where id = $list",
        "price lists: ",
    ),
    "a password that does not fit": (
        "update staff_credential set password_hash = replace(password_hash, '$$8$$', '$$4$$') "
        "where organization_id = $contoso",
        "contoso, passwords that fit",
    ),
}


@pytest.mark.parametrize("wrong", WRONGS)
def test_it_finds(wrong: str, shops: tuple[Shop, Shop]) -> None:
    sql, expected = WRONGS[wrong]
    before = found(shops)
    _plant(shops[0], sql)
    assert [what for what in found(shops) - before if what.startswith(expected)]


BREACHES = {
    "a gap in the log": (
        "update catalogue_assignment set last_number = 7 where organization_id = $contoso",
        "the log of a tenant has no gap and no number twice",
    ),
    "a plan that was applied twice": (
        "update catalogue_update set plan_id = 'twice' where organization_id = $contoso",
        "an approved plan is applied once",
    ),
    "a revision that is gone": (
        "update price_list set head_revision = 5 where id = $list",
        "revisions of a list have no gap",
    ),
    "an offer that is there twice": (
        "insert into offer (price_list_id, sku, unit, from_revision, to_revision, price) "
        "select price_list_id, sku, unit, 7, 9, price from offer where sku = 'MAIL' and to_revision > 9",
        "an offer has one row at a time",
    ),
    "a tenant without a password": (
        "delete from staff_credential where organization_id = $contoso",
        "an active tenant has one administrator with a password, and a catalogue",
    ),
}


@pytest.mark.parametrize("breach", BREACHES)
def test_it_finds_the_breach_of_a_law(breach: str, shops: tuple[Shop, Shop]) -> None:
    sql, law = BREACHES[breach]
    _plant(shops[0], sql)
    assert law in {broken for broken, _ in broken_laws(shops[0])}


def test_it_finds_a_resource_and_a_secret_that_are_gone(shops: tuple[Shop, Shop]) -> None:
    chaos = shops[0]
    chaos.kubectl("delete", "secret", "contoso-administrator")
    chaos.delete("PriceList", "retail")
    assert {"PriceList retail", "PriceList retail, Ready", "contoso, its Secret"} <= found(shops)


def _plant(shop: Shop, sql: str) -> None:
    for statement in Template(sql).substitute(NAMED).split("; "):
        assert shop.rows(f"with planted as ({statement} returning 1) select from planted")
