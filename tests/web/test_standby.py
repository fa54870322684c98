"""Reads at an address of their own: a true hot standby serves all of them, and dry runs stay at the primary."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import NullPool, create_engine, make_url, text
from tests.shop import eventually
from tests.web.answering import Answering
from tests.web.shop import TOKEN, Shop, csv, full

from twotier.bss import administration
from twotier.bss.database import Database, Role
from twotier.bss.unfit import DatabaseUnfitError
from twotier.dev.postgres import running_postgres, running_standby
from twotier.dev.server import running_server
from twotier.web.settings import READ_URL_VARIABLE
from twotier.web.shared.authentication import HEADER
from twotier.web.shared.databases import Databases

Serve = Callable[..., AbstractContextManager[Answering]]
NOWHERE = "postgresql://ada:s3cret@127.0.0.1:9/nothing"
MAIL, MAIL_DEARER, DISK = "MAIL,month,4.20,Mail,6.00,", "MAIL,month,4.80,Mail,6.00,", "DISK,month,1.50,Disk,,"


@dataclass
class Pair:
    """A primary and its standby."""

    primary: str
    standby: str
    stack: ExitStack

    def end_primary(self) -> None:
        """Lose it; the standby goes on."""
        self.stack.close()

    def catch_up(self) -> None:
        """Wait until the standby has what is committed."""
        (wanted,) = run(self.primary, "select pg_current_wal_lsn()")
        caught_up = "select pg_last_wal_replay_lsn() >= cast(:wanted as pg_lsn)"
        eventually(lambda: run(self.standby, caught_up, wanted=wanted) == [True], lambda: "the standby lags behind")


def run(url: str, sql: str, **parameters: object) -> list[Any]:
    """Run a statement, and return the first column."""
    engine = create_engine(
        make_url(url).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT", poolclass=NullPool
    )
    with engine.connect() as connection:
        return list(connection.execute(text(sql), parameters).scalars())


@pytest.fixture
def pair() -> Iterator[Pair]:
    with ExitStack() as ends_first, ExitStack() as stack:
        primary = ends_first.enter_context(running_postgres())
        administration.initialise(primary)
        administration.migrate(primary)
        yield Pair(primary, stack.enter_context(running_standby(primary)), ends_first)


@pytest.fixture
def served(pair: Pair, serve: Serve) -> Iterator[Answering]:
    """Reads go to the standby."""
    with serve(pair.primary, pair.standby) as served:
        yield served


@pytest.fixture
def client(served: Answering) -> Iterator[httpx.Client]:
    """A caller with access."""
    with httpx.Client(base_url=served.url, headers={HEADER: TOKEN}, timeout=30) as client:
        yield client


@pytest.fixture
def shop(pair: Pair, client: httpx.Client) -> Iterator[Shop]:
    """A distributor with a tenant, a plan, and a list with a held revision."""
    operator = Database(pair.primary, Role.OPERATOR)
    shop = Shop(operator, client, "sales")
    shop.declare()
    shop.publish(MAIL, DISK)
    shop.tenant("R-contoso")
    yield shop
    operator.dispose()


def test_the_standby_answers_everything_that_is_read(pair: Pair, shop: Shop, client: httpx.Client) -> None:
    tenant = shop.tenant("R-fabrikam")
    shop.publish(MAIL_DEARER, DISK, days=1)
    plan = shop.plan(tenant, full(shop.declare_list(), 2))
    shop.publish(MAIL, days=2)  # held: half of it is missing
    pair.catch_up()
    known = {"account": "R-fabrikam", "id": plan, "sku": "MAIL", "name": "retail"}
    query: dict[str, str | int] = {"old": 1, "new": 2, "unit": "month"}
    described = client.get("/openapi.json").json()["paths"]
    read = [path for path, methods in described.items() if "get" in methods]
    assert len(read) > 15
    for path in read:
        number = 2 if "price-lists" in path else 1
        asked = path.format(namespace="sales", distributor="northwind", number=number, **known)
        answer = client.get(asked, params=query if "{" in path else None)
        assert answer.status_code == 200, (path, answer.text)


def test_reads_go_to_the_standby_and_dry_runs_to_the_primary(pair: Pair, shop: Shop, client: httpx.Client) -> None:
    pair.catch_up()
    run(pair.standby, "select pg_wal_replay_pause()::text")
    shop.publish(MAIL_DEARER, DISK, days=1)
    assert shop.get("/price-lists/retail")["head"]["revision"] == 1

    spec = {"distributor": "northwind", "currency": "EUR", "source": {"inline": csv(MAIL, DISK).decode()}}
    files = [{"name": "prices.csv", "content": csv(MAIL, DISK).decode()}]
    dry_run = {"priceLists": [{"name": "retail", "spec": spec, "files": files}]}
    answer = client.post(f"{shop.base}/dry-runs", json=dry_run)
    assert answer.status_code == 200, answer.text
    assert answer.json()["priceLists"][0]["oldRevision"] == 2

    run(pair.standby, "select pg_wal_replay_resume()::text")
    pair.catch_up()
    assert shop.get("/price-lists/retail")["head"]["revision"] == 2


def test_it_answers_on_when_the_primary_is_lost(pair: Pair, shop: Shop, served: Answering, serve: Serve) -> None:
    pair.catch_up()
    assert httpx.get(f"{served.probes}/readyz").json() == {"status": "ready"}
    shop.operator.dispose()
    pair.end_primary()
    assert httpx.get(f"{served.probes}/readyz").status_code == 200
    assert shop.get("/tenants/R-contoso")["run"] == 1
    assert shop.client.post(f"{shop.base}/dry-runs", json={}).status_code == 503
    with serve(pair.primary, pair.standby) as later_served:
        later = httpx.get(f"{later_served.probes}/readyz", timeout=30)
    assert (later.status_code, later.json()["status"]) == (503, "not ready")


def test_the_process_takes_the_address_from_its_environment(pair: Pair, kubeconfig: Path, tmp_path: Path) -> None:
    # At the start all connections are those of probes.
    with running_server(kubeconfig, pair.primary, tmp_path / "log", {READ_URL_VARIABLE: pair.standby}):
        seen = [
            run(url, "select application_name from pg_stat_activity where application_name like 'twotier%'")
            for url in (pair.primary, pair.standby)
        ]
    assert seen == [["twotier viewer"], ["twotier viewer"]]


def test_it_is_not_ready_where_it_cannot_read(pair: Pair, serve: Serve) -> None:
    with serve(pair.primary, NOWHERE) as served:
        ready = httpx.get(f"{served.probes}/readyz", timeout=30)
    assert (ready.status_code, ready.json()) == (
        503,
        {"status": "not ready", "reason": "the database does not answer"},
    )


def test_an_address_that_cannot_be_read_is_named_and_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnfitError, match="TWOTIER_READ_DATABASE_URL: the database URL cannot be") as refused:
        Databases.at(f"postgresql:///{tmp_path}", 1, "mysql://ada:s3cret@host/bss")
    assert "s3cret" not in str(refused.value)
