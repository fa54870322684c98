"""Whatever happens to operator or database on the way, a story comes to the same end."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from kubernetes import client
from tests.shop import Shop

from twotier.dev.cluster import Cluster
from twotier.dev.installation import admit_tenants, operator_kubeconfig, remove_resources
from twotier.dev.operator import STANDBY, Operator
from twotier.fault_points import FAULT_POINTS

from .story import KILLED, STORY, end, tell, unlike

QUICK = {"TWOTIER_LEASE_DURATION": "4"}
ROUNDS, PAUSE_SECONDS = 25, 0.2
END_SESSIONS = (
    "select pg_terminate_backend(pid) from pg_stat_activity "
    "where datname = current_database() and application_name = 'twotier operator'"
)


@pytest.fixture(scope="module")
def undisturbed(
    installed: None,  # noqa: ARG001 -- it must be there
    cluster: Cluster,
    kubernetes: client.ApiClient,
    shared_database_url: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, Any]:
    """How a story ends in which nothing went wrong."""
    folder = tmp_path_factory.mktemp("undisturbed")
    operator = Operator(operator_kubeconfig(cluster, folder / "kubeconfig"), shared_database_url, folder / "log")
    shop = Shop(cluster, kubernetes, "undisturbed", shared_database_url)
    cluster.run("create", "namespace", shop.namespace)
    admit_tenants(cluster, shop.namespace)
    try:
        assert tell(shop, operator) == []
    finally:
        operator.stop()
    found = end(shop)
    remove_resources(cluster, shop.namespace)
    cluster.run("delete", "namespace", shop.namespace, "--wait=false")
    return found


def test_an_undisturbed_story_ends_as_it_should(undisturbed: dict[str, Any]) -> None:
    rows = {table: len(found) for table, found in undisturbed["rows"].items()}
    assert (
        rows
        | {
            "organization": 2,  # fabrikam was erased
            "account": 2,  # the account in the distributor's books stays
            "price_list_revision": 3,
            "catalogue_update": 4,
            "catalogue_plan": 2,
            "catalogue_attempt": 1,
            "staff": 1,
            "staff_credential": 1,
            "automatic_invoicing": 2,
            "platform_connection": 1,
        }
        == rows
    )
    assert undisturbed["password fits"]


@pytest.mark.parametrize("point", sorted(FAULT_POINTS))
def test_a_story_ends_the_same_when_the_operator_is_killed_at(
    point: str, undisturbed: dict[str, Any], shop: Shop, make_operator: Callable[[], Operator]
) -> None:
    assert tell(shop, make_operator(), fault=point) == [KILLED]
    assert unlike(end(shop), undisturbed) == {}


def test_a_story_ends_the_same_when_a_standby_has_to_finish_it(
    undisturbed: dict[str, Any], shop: Shop, make_operator: Callable[[], Operator]
) -> None:
    first, second = make_operator(), make_operator()
    first.start({"TWOTIER_FAULT": "tenant.provision.taxes", **QUICK})
    second.start(QUICK, until=STANDBY)
    for step in STORY:
        step.do(shop)
        step.await_through(shop)

    assert first.wait() == KILLED
    assert unlike(end(shop), undisturbed) == {}


def test_a_story_ends_the_same_when_the_database_loses_its_connections_all_the_time(
    undisturbed: dict[str, Any], shop: Shop, make_operator: Callable[[], Operator]
) -> None:
    operator = make_operator()
    operator.start()  # an operator that finds no database at its start ends, and is started again by whoever runs it
    with connections_ending(shop) as ended:
        assert tell(shop, operator) == []
    assert ended()
    assert unlike(end(shop), undisturbed) == {}


@contextmanager
def connections_ending(shop: Shop) -> Iterator[Callable[[], int]]:
    """End all sessions of the operator several times a second, for some seconds; tell how many there were."""
    stop, ended = threading.Event(), 0

    def end_them() -> None:
        nonlocal ended
        for _ in range(ROUNDS):
            if stop.wait(PAUSE_SECONDS):
                return
            ended += len(shop.rows(END_SESSIONS))

    thread = threading.Thread(target=end_them)
    thread.start()
    try:
        yield lambda: ended
    finally:
        stop.set()
        thread.join()
