"""Updating 10,000 tenants to a new revision in one statement: time, and what it writes."""

from collections.abc import Callable, Sequence
from time import perf_counter
from typing import Final
from uuid import UUID

from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.engine import make_url

from benchmarks.catalogue_data import BEFORE, HEAD, LIST, NOW, catalogue_database, connected, make_tenants, vacuum
from benchmarks.figure import Figure
from twotier.bss.catalogue.runs.changes import Changes
from twotier.bss.catalogue.runs.updates import Request, Update, write_first_update, write_updates
from twotier.bss.database import Database, Role

TENANTS: Final = 10_000
SECONDS: Final = 5.0
BYTES: Final = 1_000.0


def measure() -> Sequence[Figure]:
    """Apply one revision with 27 % of changed offers to 10,000 tenants, right after a checkpoint and again."""
    with catalogue_database("bench_catalogue_update") as url, connected(url, Role.OPERATOR) as database:
        tenants = make_tenants(url, TENANTS)
        with database.transaction() as connection:
            for tenant in tenants:
                write_first_update(connection, tenant, LIST, BEFORE, Request("bench", NOW))
        vacuum(url)
        statistics = _Statistics(url)
        statistics.checkpoint()
        after_checkpoint = statistics.written(lambda: _apply(database, tenants, HEAD, expected=1))
        began = perf_counter()
        settled = statistics.written(lambda: _apply(database, tenants, BEFORE, expected=2))
        seconds = perf_counter() - began
        statistics.close()
    return [
        Figure(
            "update of 10,000 tenants in one statement", seconds, "s", SECONDS, seconds <= SECONDS, "one transaction"
        ),
        _written("WAL of an update a tenant", settled),
        _written("WAL of an update a tenant, right after a checkpoint", after_checkpoint),
    ]


def _written(name: str, total: int) -> Figure:
    value = total / TENANTS
    return Figure(name, value, "bytes", BYTES, value <= BYTES, f"{total / 1e6:.1f} MB for all of them")


def _apply(database: Database, tenants: Sequence[UUID], revision: int, *, expected: int) -> None:
    with database.transaction() as connection:
        runs = write_updates(
            connection,
            dict.fromkeys(tenants, expected),
            Update(LIST, revision),
            Request("PriceListAssignment bench/tenant", NOW),
            changes=Changes(changed=30544, cost=30544),
        )
    if len(runs) != TENANTS:
        raise AssertionError(f"{len(runs)} of {TENANTS} tenants were updated")


class _Statistics:
    """The server's own figures, on a connection of the login."""

    def __init__(self, url: str) -> None:
        engine = create_engine(
            make_url(url).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT", poolclass=NullPool
        )
        self._connection = engine.connect()

    def checkpoint(self) -> None:
        self._connection.execute(text("checkpoint"))

    def written(self, work: Callable[[], None]) -> int:
        before = self._position()
        work()
        return self._position() - before

    def close(self) -> None:
        self._connection.close()

    def _position(self) -> int:
        position = self._connection.execute(text("select pg_current_wal_insert_lsn() - '0/0'::pg_lsn"))
        return int(position.scalar_one())
