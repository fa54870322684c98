"""What is as declared is left alone, and a cluster that was lost finds everything again."""

import re
from collections import Counter
from collections.abc import Callable

import pytest
from kubernetes import client
from tests.shop import (
    DISK,
    MAIL,
    Shop,
    assignment,
    config_map,
    csv,
    distributor,
    eventually,
    price_list,
    resource,
    tenant,
)

from twotier.dev.cluster import Cluster
from twotier.dev.controlplane.audit import Write, writes
from twotier.dev.controlplane.running import ControlPlane
from twotier.dev.installation import USER, admit_tenants, remove_resources
from twotier.dev.operator import Operator

READY = (
    distributor(baseDomain="shops.example.com"),
    config_map("prices", "retail", data={"a.csv": csv(MAIL, DISK)}),
    price_list(source={"configMaps": [{"name": "prices"}]}),
    tenant(edition="Premium", storefront={"alias": "resting"}),
    assignment(),
    tenant("fabrikam", state="Suspended"),
    assignment("fabrikam"),
)
STALLED = (
    price_list("broken", source={"inline": csv("MAIL,month,x,Mail,6")}),
    resource("BackorderPolicy", "contoso", {"tenant": "contoso", "mode": "Disabled"}),
    tenant("lost", administrator={}),
)
DECLARED = (*READY, *STALLED)
KINDS = ("Distributor", "PriceList", "TenantReseller", "PriceListAssignment", "BackorderPolicy")


@pytest.fixture
def shop(
    operator: Operator,  # noqa: ARG001 -- it must be there
    cluster: Cluster,
    kubernetes: client.ApiClient,
    namespace: str,
    database_url: str,
) -> Shop:
    """A shop at rest, in which some resources are ready and some are a person's matter."""
    shop = Shop(cluster, kubernetes, namespace, database_url)
    settle(shop)
    return shop


def settle(shop: Shop) -> None:
    shop.apply(*DECLARED)
    shop.await_ready(*(each for each in READY if each["kind"] != "ConfigMap"))
    shop.await_condition("PriceList", "broken", "False", "SourceRefused")
    shop.await_condition("BackorderPolicy", "contoso", "False", "NotYetSupported")
    shop.await_condition("TenantReseller", "lost", "False", "ChecklistFailed")


@pytest.fixture
def written(control_plane: ControlPlane) -> Callable[[], list[Write]]:
    """What the operator wrote to the API server, its Lease apart."""
    return lambda: [write for write in writes(control_plane.audit_log, USER) if write.resource != "leases"]


def reconciles(operator: Operator) -> Counter[str]:
    """How many reconciles of each kind an operator ended, by its own figures."""
    counted = Counter[str]()
    samples = re.findall(r'^twotier_reconciles_total\{kind="(\w+)".*\} (\S+)$', operator.metrics(), re.MULTILINE)
    for kind, number in samples:
        counted[kind] += int(float(number))
    return counted


def await_reconciles(operator: Operator, resources: int, since: Counter[str]) -> None:
    """Wait until so many reconciles more have ended, at least one of each kind."""

    def enough() -> bool:
        more = reconciles(operator) - since
        return more.total() >= resources and set(KINDS) <= set(more)

    eventually(enough, lambda: f"{reconciles(operator)} after {since}")


def test_the_same_yaml_again_is_no_write(shop: Shop, written: Callable[[], list[Write]]) -> None:
    before, rows = written(), shop.counts()
    shop.apply(*DECLARED)
    requested = "--overwrite", "reconcile.fluxcd.io/requestedAt=again"
    shop.kubectl("annotate", "dist,pl,tr,pla,bop", "--all", *requested)
    for kind, name in ((each["kind"], each["metadata"]["name"]) for each in DECLARED if each["kind"] in KINDS):
        eventually(lambda: shop.status(kind, name).get("lastHandledReconcileAt") == "again", lambda: f"{kind} {name}")  # noqa: B023 -- asked in this round

    after = written()[len(before) :]
    # The answer to the annotation, and nothing else; an event of what happened before may still arrive.
    assert Counter(write.resource for write in after if write.resource != "events") == Counter(
        {
            "distributors/status": 1,
            "pricelists/status": 2,
            "tenantresellers/status": 3,
            "pricelistassignments/status": 2,
            "backorderpolicies/status": 1,
        }
    )
    assert shop.counts() == rows


def test_a_list_in_another_order_is_the_same_list(shop: Shop) -> None:
    sql = "select s.digest from price_list_source s join price_list l on l.id = s.price_list_id where l.name = 'retail'"
    before, rows = shop.rows(sql), shop.counts()
    shop.apply(config_map("prices", "retail", data={"a.csv": csv(DISK, MAIL)}))
    eventually(lambda: shop.rows(sql) != before, lambda: "the file was not read")

    assert shop.counts() == rows
    assert shop.status("PriceList", "retail")["revision"] == 1


def test_a_restart_is_no_write(shop: Shop, operator: Operator, written: Callable[[], list[Write]]) -> None:
    assert operator.stop() == 0
    before, rows = written(), shop.counts()
    operator.start()
    await_reconciles(operator, len(DECLARED) - 1, Counter())

    assert written() == before
    assert shop.counts() == rows


def test_a_sweep_is_no_write(shop: Shop, operator: Operator, written: Callable[[], list[Write]]) -> None:
    assert operator.stop() == 0
    before, rows = written(), shop.counts()
    operator.start({"TWOTIER_SWEEP_INTERVAL": "0.5"})
    await_reconciles(operator, len(DECLARED) - 1, Counter())
    await_reconciles(operator, 3 * len(DECLARED), reconciles(operator))

    assert written() == before
    assert shop.counts() == rows


ALL_ROWS = "select to_jsonb(t)::text from {table} t order by 1"


def content(shop: Shop) -> dict[str, list[object]]:
    """All rows of the database; what a new cluster has to make anew is left out."""
    anew = {"staff_credential", "leadership", "leadership_of_twotier_operator"}
    tables = [table for table in shop.tables() if table not in anew]
    return {table: [row for (row,) in shop.rows(ALL_ROWS.format(table=table))] for table in tables}


def test_a_cluster_that_was_lost_and_is_built_anew_adopts_everything(shop: Shop, operator: Operator) -> None:
    before, rows = content(shop), shop.counts()
    passwords = shop.rows("select password_hash from staff_credential order by 1")
    assert operator.stop() == 0
    remove_resources(shop.cluster, shop.namespace)
    shop.cluster.run("delete", "namespace", shop.namespace, "--timeout=60s")

    shop.cluster.run("create", "namespace", shop.namespace)
    admit_tenants(shop.cluster, shop.namespace)
    operator.start()
    settle(shop)

    assert content(shop) == before
    assert shop.counts() == rows
    assert shop.status("TenantReseller", "contoso")["organizationId"] == str(shop.organization_id())
    assert shop.status("PriceListAssignment", "contoso")["run"] == 1
    assert shop.secret("contoso-administrator")
    assert len(set(passwords) & set(shop.rows("select password_hash from staff_credential"))) == 0


def test_resources_of_a_lost_cluster_that_come_in_another_order_are_adopted(shop: Shop, operator: Operator) -> None:
    before = content(shop)
    assert operator.stop() == 0
    remove_resources(shop.cluster, shop.namespace)
    operator.start()
    for each in reversed(DECLARED):
        shop.apply(each)
    settle(shop)
    assert content(shop) == before
