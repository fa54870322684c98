"""Import of a sheet of all markets, some 600,000 rows: its time, and the memory that the importing process needs.

The sheet has the shape of Microsoft's license-based price list. It is imported twice: as one list of all markets, and
as the list of one market that the row filter chooses. Each import has a process of its own, and its memory is counted
from where that process was before it had the file.
"""

import csv
import gzip
import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
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
from twotier.bss.price_lists.importing import import_price_list
from twotier.bss.sheets.format import Format, Property, Template
from twotier.bss.sheets.parsing import Part
from twotier.bss.sheets.presets.microsoft_nce import microsoft_nce
from twotier.bss.sheets.presets.twotier import twotier
from twotier.dev.datasets.microsoft_nce import HEADER, MARKETS, Sheet
from twotier.dev.postgres import database_server

NOW: Final = datetime(2026, 8, 1, tzinfo=UTC)
MEBIBYTE: Final = 1 << 20
BUDGET_MEBIBYTES: Final = 150
MINIMUM: Final = HEADER.index("PricingTierRangeMin")
SHEET: Final = Sheet(sorted(MARKETS), currency="USD")

# All markets in one list: the market is a part of the key.
ALL_MARKETS: Final = replace(
    microsoft_nce(),
    templates=dict(microsoft_nce().templates) | {Property.SKU: Template.parse("{Market}:{ProductId}:{SkuId}")},
    single=frozenset(),
)
ONE_MARKET: Final = microsoft_nce(row_filter={"Market": frozenset({"GR"})})

Rows = Iterator[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class _Measured:
    """What an import took: seconds, bytes above the idle process, and offers that it brought."""

    seconds: float
    memory: int
    offers: int


def measure() -> Sequence[Figure]:
    """Measure both imports, and the time of what only reads the file and copies it."""
    with TemporaryDirectory() as directory, _database() as (url, distributor):
        sheet = Path(directory) / "sheet.csv.gz"
        _write(sheet)
        everything = _in_own_process(url, distributor, "all markets", sheet, ALL_MARKETS)
        one = _in_own_process(url, distributor, "one market", sheet, ONE_MARKET)
        bare = _bare(url, sheet)
    comparison = "csv.reader feeding a bare COPY into tables with the same indexes"
    all_markets = f"import of {everything.offers:,} offers of all markets"
    one_market = f"import of one market, {one.offers:,} of these offers"
    return [
        ratio(all_markets, everything.seconds, bare, budget=3, comparison=comparison),
        _memory(all_markets, everything),
        ratio(one_market, one.seconds, bare, budget=1, comparison=comparison),
        _memory(one_market, one),
    ]


def _memory(name: str, measured: _Measured) -> Figure:
    value = measured.memory / MEBIBYTE
    compared = "what the process held before it had the file"
    return Figure(f"{name}: memory", value, "MiB", BUDGET_MEBIBYTES, met=value <= BUDGET_MEBIBYTES, comparison=compared)


def _write(path: Path) -> None:
    with gzip.open(path, "wb", compresslevel=1) as file:
        for chunk in SHEET.chunks():
            file.write(chunk)


@contextmanager
def _database() -> Iterator[tuple[str, UUID]]:
    with database_server() as url:
        administration.initialise(url)
        administration.migrate(url)
        settings = DistributorSettings("Distributor", "GR", "Europe/Athens", "USD")
        with _transaction(url) as connection:
            distributor = declare_distributor(connection, "bench", "main", settings, ids=lambda: UUID(int=1), now=NOW)
        yield url, distributor


@contextmanager
def _transaction(url: str) -> Iterator[Connection]:
    database = Database(url, Role.OPERATOR)
    with database.transaction() as connection:
        yield connection
    database.dispose()


def _in_own_process(url: str, distributor: UUID, name: str, sheet: Path, format_: Format) -> _Measured:
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as processes:
        return processes.submit(_imported, url, distributor, name, sheet, format_).result()


def _imported(url: str, distributor: UUID, name: str, sheet: Path, format_: Format) -> _Measured:
    """Import a few rows, so that the process is as it is when idle, and then the sheet."""
    _import(url, distributor, f"{name}, before", b"sku,unit,price\nA,month,1\n", twotier())
    idle = _resident("VmRSS")
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak is counted from here
    seconds, offers = _import(url, distributor, name, sheet.read_bytes(), format_)
    return _Measured(seconds, _resident("VmHWM") - idle, offers)


def _import(url: str, distributor: UUID, name: str, content: bytes, format_: Format) -> tuple[float, int]:
    began = perf_counter()
    with _transaction(url) as connection:
        price_list = declare_price_list(connection, distributor, PriceListDeclaration(name, "USD"), ids=uuid4)
        result = import_price_list(connection, price_list, [Part(name, content)], format_, now=NOW)
    return perf_counter() - began, 0 if result.head is None else result.head.offers


def _resident(what: str) -> int:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith(f"{what}:")).split()[1]) * 1024


def _bare(url: str, sheet: Path) -> float:
    with _transaction(url) as connection:
        connection.execute(text("set local role twotier_owner"))
        for table in ("offer", "product"):
            connection.execute(text(f"create table bare_{table} (like {table} including indexes including defaults)"))
            connection.execute(text(f"grant insert on bare_{table} to twotier_operator"))
    began = perf_counter()
    with _transaction(url) as connection:
        offers = "copy bare_offer (price_list_id, sku, unit, from_revision, price, recommended_sell_price) from stdin"
        _copy(connection, offers, _offers(sheet))
        products = "copy bare_product (price_list_id, sku, from_revision, name, description, category) from stdin"
        _copy(connection, products, _products(sheet))
    return perf_counter() - began


def _copy(connection: Connection, into: str, rows: Rows) -> None:
    driver = cast("psycopg.Connection[object]", connection.connection.driver_connection)
    with driver.cursor() as cursor, cursor.copy(into.encode()) as copy:
        for row in rows:
            copy.write_row(row)


def _records(sheet: Path) -> Iterator[list[str]]:
    """The rows that are offers: of several ranges of quantity the lowest."""
    with gzip.open(sheet, "rt", encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        next(reader)
        yield from (row for row in reader if row[MINIMUM] in {"", "1"})


def _offers(sheet: Path) -> Rows:
    for row in _records(sheet):
        yield 1, f"{row[9]}:{row[1]}:{row[2]}", f"{row[7]}/{row[8]}", 1, row[11], row[17]


def _products(sheet: Path) -> Rows:
    """The products alone, each where its first offer stands."""
    last = None
    for row in _records(sheet):
        sku = f"{row[9]}:{row[1]}:{row[2]}"
        if sku != last:
            yield 1, sku, 1, row[3], row[5], row[0]
        last = sku
