"""A database that is gone, and an operator that another one has taken over from."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy.engine import URL, make_url
from tests.cluster.runtime.proxy import Proxy
from tests.shop import Shop, assignment, distributor, eventually, price_list, tenant

from twotier.dev.cluster import Cluster
from twotier.dev.controlplane.audit import Write, writes
from twotier.dev.controlplane.running import ControlPlane
from twotier.dev.installation import USER, operator_kubeconfig
from twotier.dev.operator import Operator

DECLARED = (distributor(), price_list(), tenant(), assignment())
UNAVAILABLE = "The database cannot be reached; the operator retries; see the operator's log"
SECRET_WORD = "geheim"  # noqa: S105 -- of nobody


@pytest.fixture
def wire(database_url: str) -> Iterator[Proxy]:
    """What is between the operator and the database."""
    url = make_url(database_url)
    folder = url.query.get("host")
    port = url.port or 5432
    with Proxy.to((url.host, port) if url.host else f"{folder}/.s.PGSQL.{port}") as proxy:
        yield proxy


@pytest.fixture
def operator(installed: None, cluster: Cluster, shop: Shop, wire: Proxy, tmp_path: Path) -> Iterator[Operator]:  # noqa: ARG001 -- asked for its effect
    """An operator that looks at everything several times a second."""
    url = make_url(shop.database_url)
    through = URL.create("postgresql", url.username, url.password or SECRET_WORD, "127.0.0.1", wire.port, url.database)
    kubeconfig = operator_kubeconfig(cluster, tmp_path / "kubeconfig")
    operator = Operator(kubeconfig, through.render_as_string(hide_password=False), tmp_path / "log")
    operator.start({"TWOTIER_SWEEP_INTERVAL": "0.5"})
    yield operator
    if operator.running:
        operator.stop()


@pytest.fixture
def status_writes(control_plane: ControlPlane, namespace: str) -> Callable[[], list[Write]]:
    """What the operator wrote to resources of this test."""
    return lambda: [
        write
        for write in writes(control_plane.audit_log, USER)
        if write.namespace == namespace and write.resource.endswith("/status")
    ]


def outages(operator: Operator) -> int:
    """How many reconciles found the database gone."""
    found = re.findall(r'^twotier_reconciles_total\{.*result="outage"\} (\S+)$', operator.metrics(), re.MULTILINE)
    return sum(int(float(number)) for number in found)


def test_an_outage_is_told_where_something_is_to_be_done_and_changes_nothing_else(
    shop: Shop, operator: Operator, wire: Proxy, status_writes: Callable[[], list[Write]]
) -> None:
    shop.apply(*DECLARED)
    shop.await_ready(*DECLARED)
    before = status_writes()

    wire.cut()
    shop.apply(assignment("fabrikam"), tenant("fabrikam"))
    for kind in ("TenantReseller", "PriceListAssignment"):
        eventually(
            lambda: shop.condition(kind, "fabrikam") is not None,  # noqa: B023 -- asked in this round
            lambda: str(shop.get(kind, "fabrikam")),  # noqa: B023 -- asked in this round
        )
    assert shop.await_condition("TenantReseller", "fabrikam", "False", "DatabaseUnavailable") == UNAVAILABLE
    seen = outages(operator)
    eventually(lambda: outages(operator) > seen + 4 * len(DECLARED), lambda: f"{outages(operator)} outages")
    after = status_writes()[len(before) :]
    assert {write.name for write in after} == {"fabrikam"}
    assert len(after) <= 5  # what it found before and in the outage, of both, and the account that one is bound to
    events = shop.kubectl("get", "events", "--output=yaml")
    assert "DatabaseUnavailable" in events
    assert SECRET_WORD not in events + str(shop.status("TenantReseller", "fabrikam"))
    assert SECRET_WORD not in operator.log.read_text(encoding="utf-8")

    wire.mend()
    shop.await_ready(*DECLARED, tenant("fabrikam"), assignment("fabrikam"))
    assert {write.name for write in status_writes()[len(before) :]} == {"fabrikam"}


def test_a_database_that_only_reads_for_a_while_changes_nothing_and_the_operator_goes_on(
    shop: Shop, operator: Operator, status_writes: Callable[[], list[Write]]
) -> None:
    shop.apply(*DECLARED)
    shop.await_ready(*DECLARED)
    before = status_writes()

    let_only_read(shop.database_url, "on")
    seen = outages(operator)
    eventually(lambda: outages(operator) > seen + 4 * len(DECLARED), lambda: f"{outages(operator)} outages")
    assert status_writes() == before
    assert "only reads" in operator.log.read_text(encoding="utf-8")

    let_only_read(shop.database_url, "off")
    shop.apply(assignment("fabrikam"), tenant("fabrikam"))
    shop.await_ready(*DECLARED, tenant("fabrikam"), assignment("fabrikam"))
    assert {write.name for write in status_writes()[len(before) :]} == {"fabrikam"}


def let_only_read(url: str, value: str) -> None:
    """Say whether new sessions of a database only read, and end those that there are if so, as a failover does."""
    with psycopg.connect(url, autocommit=True, options="-cdefault_transaction_read_only=off") as session:
        name = sql.Identifier(session.info.dbname)
        session.execute(sql.SQL("alter database {} set default_transaction_read_only = {}").format(name, value))
        if value == "on":
            session.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity "
                "where datname = current_database() and pid <> pg_backend_pid()"
            )


def test_an_operator_that_was_taken_over_from_writes_nothing_more_and_ends(
    shop: Shop, operator: Operator, status_writes: Callable[[], list[Write]]
) -> None:
    shop.apply(*DECLARED)
    shop.await_ready(*DECLARED)
    rows = shop.counts()
    before = status_writes()

    shop.rows("select raise_epoch()")

    assert operator.wait() == 1
    assert "this operator leads under epoch 1, but the current one is 2" in operator.log.read_text(encoding="utf-8")
    assert status_writes() == before
    assert shop.counts() == rows
