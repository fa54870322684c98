"""Import of a list of 113,000 prices, compared with what only reads the file and copies it into a table.

Google's public list of one day, its next version with four other prices, and that again.
"""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from time import perf_counter
from typing import Any, Final, cast
from uuid import UUID, uuid4

import psycopg
from sqlalchemy import Connection, text

from benchmarks.figure import Figure, ratio
from twotier.bss import administration
from twotier.bss.database import Database, Role
from twotier.bss.organizations.distributor import declare_distributor
from twotier.bss.organizations.settings import DistributorSettings
from twotier.bss.price_lists.declaring import PriceListDeclaration, declare_price_list
from twotier.bss.price_lists.guarding.guards import Guards
from twotier.bss.price_lists.importing import import_price_list
from twotier.bss.sheets.parsing import Part
from twotier.dev.datasets import DATASETS
from twotier.dev.postgres import database_server

DATA: Final = Path(__file__).parents[1] / "tests" / "data" / "gcp"
VERSIONS: Final = ("gcp-pricing.2026-07-22.08440e7.yml.gz", "gcp-pricing.2026-07-23.dc034ba.yml.gz")
ROUNDS: Final = 5
NOW: Final = datetime(2026, 8, 1, tzinfo=UTC)
GCP: Final = DATASETS["gcp"]
# All that there are, so that what they cost is measured too.
GUARDS: Final = Guards(
    max_price_change_percent=Decimal(9999), hold_zero_prices=True, discontinue_after=timedelta(days=1)
)

Rows = Iterator[Sequence[Any]]


def measure() -> Sequence[Figure]:
    """Measure three imports, each in turns with what it is compared with; the figures are of the fastest rounds."""
    first, second = (GCP.to_csv((DATA / version).read_bytes()) for version in VERSIONS)
    with _database() as (database, distributor):
        durations = [_round(database, distributor, number, first, second) for number in range(ROUNDS)]
    new, bare_indexed, next_version, bare_unlogged, same = (min(column) for column in zip(*durations, strict=True))
    indexed = "csv.reader feeding a bare COPY into tables with the same indexes"
    unlogged = "csv.reader feeding a bare COPY into an unlogged table"
    return [
        ratio("first import of 113,148 prices", new, bare_indexed, budget=3, comparison=indexed),
        ratio("next version, 4 prices changed", next_version, bare_unlogged, budget=3, comparison=unlogged),
        ratio("the same bytes again", same, bare_unlogged, budget=0.1, comparison=unlogged),
    ]


@contextmanager
def _database() -> Iterator[tuple[Database, UUID]]:
    with database_server() as url:
        administration.initialise(url)
        administration.migrate(url)
        database = Database(url, Role.OPERATOR)
        settings = DistributorSettings("Distributor", "GR", "Europe/Athens", "USD")
        with database.transaction() as connection:
            distributor = declare_distributor(connection, "bench", "main", settings, ids=lambda: UUID(int=1), now=NOW)
        yield database, distributor
        database.dispose()


def _round(database: Database, distributor: UUID, number: int, first: bytes, second: bytes) -> tuple[float, ...]:
    with database.transaction() as connection:
        price_list = declare_price_list(
            connection, distributor, PriceListDeclaration(f"list {number}", "USD"), ids=uuid4
        )

    def imported(content: bytes) -> Callable[[Connection], object]:
        part = Part("list.csv", content)
        return lambda connection: import_price_list(connection, price_list, [part], GCP.format, guards=GUARDS, now=NOW)

    return (
        _timed(database, imported(first)),
        _timed(database, lambda connection: _copy_indexed(connection, first), _make_indexed),
        _timed(database, imported(second)),
        _timed(database, lambda connection: _copy_unlogged(connection, second), _make_unlogged),
        _timed(database, imported(second)),
    )


def _timed(
    database: Database, work: Callable[[Connection], object], prepare: Callable[[Connection], None] | None = None
) -> float:
    """Seconds of a transaction with this work, its commit included; preparations are made before and do not count."""
    if prepare is not None:
        with database.transaction() as connection:
            prepare(connection)
    began = perf_counter()
    with database.transaction() as connection:
        work(connection)
    return perf_counter() - began


def _make_indexed(connection: Connection) -> None:
    connection.execute(text("set local role twotier_owner"))
    for table in ("offer", "product"):
        connection.execute(text(f"drop table if exists bare_{table}"))
        connection.execute(text(f"create table bare_{table} (like {table} including indexes including defaults)"))
        connection.execute(text(f"grant insert on bare_{table} to twotier_operator"))


def _copy_indexed(connection: Connection, content: bytes) -> None:
    _copy(connection, "copy bare_offer (price_list_id, sku, unit, from_revision, price) from stdin", _offers(content))
    _copy(
        connection,
        "copy bare_product (price_list_id, sku, from_revision, name, category, product_type) from stdin",
        _products(content),
    )


def _make_unlogged(connection: Connection) -> None:
    connection.execute(text("set local role twotier_owner"))
    connection.execute(text("drop table if exists bare_list"))
    columns = ", ".join(f'"{column}" text' for column in GCP.header)
    connection.execute(text(f"create unlogged table bare_list ({columns})"))
    connection.execute(text("grant insert on bare_list to twotier_operator"))


def _copy_unlogged(connection: Connection, content: bytes) -> None:
    _copy(connection, "copy bare_list from stdin", _records(content))


def _copy(connection: Connection, into: str, rows: Rows) -> None:
    driver = cast("psycopg.Connection[object]", connection.connection.driver_connection)
    with driver.cursor() as cursor, cursor.copy(into.encode()) as copy:
        for row in rows:
            copy.write_row(row)


def _records(content: bytes) -> Rows:
    reader = csv.reader(io.TextIOWrapper(io.BytesIO(content), encoding="utf-8", newline=""))
    next(reader)
    return reader


def _offers(content: bytes) -> Rows:
    return ((1, row[0], row[1], 1, row[2]) for row in _records(content))


def _products(content: bytes) -> Rows:
    """The products alone, each where its first offer stands."""
    last = None
    for row in _records(content):
        if row[0] != last:
            yield (1, row[0], 1, row[4], row[5], row[6])
        last = row[0]
