"""Price look-ups and pages as a client's transaction, against a plain table that holds a copy for each tenant."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from statistics import median
from typing import Final
from uuid import UUID

import psycopg
from sqlalchemy import Connection, text

from benchmarks.catalogue_data import (
    BEFORE,
    HEAD,
    LIST,
    NOW,
    OTHER_LIST,
    as_owner_of_all,
    catalogue_database,
    connected,
    make_tenants,
    vacuum,
)
from benchmarks.figure import Figure, alternating, ratio
from twotier.bss.catalogue.runs.updates import Mode, Request, Update, write_first_update, write_update
from twotier.bss.database import SCHEMA, Role, act_for

KEYS: Final = 300
WARM_UP: Final = 20
COMPARISON: Final = "the same from a plain table of copies"


@dataclass(frozen=True)
class Read:
    """The same question, put to the catalogue and to the plain table."""

    name: str
    ours: str
    plain: str
    columns: tuple[str, ...]
    """Of the key, in the order of the parameters."""


READS: Final = (
    Read(
        "price look-up",
        "select * from catalogue_lookup(%s, %s)",
        "select * from plain_catalogue where sku = %s and unit = %s",
        ("sku", "unit"),
    ),
    Read(
        "page by SKU",
        "select * from catalogue_page_by_sku(%s, %s, 50)",
        "select * from plain_catalogue where (sku, unit) > (%s, %s) order by sku, unit limit 50",
        ("sku", "unit"),
    ),
    Read(
        "page by list name",
        "select * from catalogue_page_by_name(%s, %s, %s, 50)",
        "select * from plain_catalogue where (list_name, sku, unit) > (%s, %s, %s) "
        "order by list_name, sku, unit limit 50",
        ("list_name", "sku", "unit"),
    ),
)


def measure() -> Sequence[Figure]:
    """Read as a tenant with one list, as one that switched lists, and as one with 200 updates."""
    with catalogue_database("bench_catalogue_reading") as url:
        tenants = dict(zip(("one list", "switched lists", "200 updates"), make_tenants(url, 3), strict=True))
        with connected(url, Role.OPERATOR) as database, database.transaction() as connection:
            _give_histories(connection, *tenants.values())
        with as_owner_of_all(url) as connection:
            _copy_catalogues(connection, tenants.values())
        vacuum(url)
        return [
            _measure_read(url, tenant, kind, read, budget=2 if kind == "one list" else 3)
            for kind, tenant in tenants.items()
            for read in READS
        ]


def _give_histories(connection: Connection, settled: UUID, switched: UUID, busy: UUID) -> None:
    def apply(tenant: UUID, number: int, update: Update) -> None:
        write_update(connection, tenant, update, Request("bench", NOW), expected_newest=number)

    for tenant in (settled, switched, busy):
        write_first_update(connection, tenant, LIST, HEAD if tenant == settled else 1, Request("bench", NOW))
    apply(switched, 1, Update(OTHER_LIST, 1, sell_prices=True))
    apply(switched, 2, Update(LIST, BEFORE))
    for number in range(1, 200):
        full = number % 4 == 0
        mode = Mode.FULL if full else Mode.PARTIAL
        apply(busy, number, Update(LIST, 1 + number // 4, mode, sell_prices=number % 40 == 0))


def _copy_catalogues(connection: Connection, tenants: Iterable[UUID]) -> None:
    empty = "create table plain_catalogue as select null::uuid as organization_id, * from tenant_catalogue with no data"
    connection.execute(text(empty))
    for tenant in tenants:
        act_for(connection, tenant)
        copy = "insert into plain_catalogue select :tenant, * from tenant_catalogue order by sku, unit"
        connection.execute(text(copy), {"tenant": tenant})
    connection.execute(text("alter table plain_catalogue add primary key (organization_id, sku, unit)"))
    connection.execute(text("create index on plain_catalogue (organization_id, list_name, sku, unit)"))
    connection.execute(text("call isolate('plain_catalogue')"))
    connection.execute(text("grant select on plain_catalogue to twotier_api"))


def _measure_read(url: str, tenant: UUID, kind: str, read: Read, *, budget: float) -> Figure:
    with _client(url) as client:
        keys = _keys(client, tenant, read.columns)
        ours, plain = (_work(client, tenant, sql, keys) for sql in (read.ours, read.plain))
        for _ in range(WARM_UP):
            if ours() != [row[1:] for row in plain()]:  # the plain table shows whose row it is, too
                raise AssertionError(f"{read.name} of the tenant with {kind} differs from the plain table")
        durations = alternating(ours, plain, rounds=KEYS, summary=median)
    return ratio(f"{read.name}, tenant with {kind}", *durations, budget=budget, comparison=COMPARISON)


@contextmanager
def _client(url: str) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    with psycopg.connect(url, autocommit=True, prepare_threshold=0) as client:
        client.execute(f"set role {Role.API}")
        client.execute(f"set search_path = {SCHEMA}")
        yield client


def _keys(
    client: psycopg.Connection[tuple[object, ...]], tenant: UUID, columns: tuple[str, ...]
) -> list[tuple[object, ...]]:
    with client.transaction():
        _act_for(client, tenant)
        scattered = f"select {', '.join(columns)} from plain_catalogue order by md5(sku || unit) limit {KEYS}"  # noqa: S608 -- our own names
        return client.execute(scattered.encode()).fetchall()


def _work(
    client: psycopg.Connection[tuple[object, ...]], tenant: UUID, sql: str, keys: Sequence[tuple[object, ...]]
) -> Callable[[], list[tuple[object, ...]]]:
    """A client's transaction for the next key."""
    turns = cycle(keys)

    def transaction() -> list[tuple[object, ...]]:
        with client.transaction():
            _act_for(client, tenant)
            return client.execute(sql.encode(), next(turns)).fetchall()

    return transaction


def _act_for(client: psycopg.Connection[tuple[object, ...]], tenant: UUID) -> None:
    client.execute("select set_config('twotier.organization', %s, true)", [str(tenant)])
