"""From files to normalised rows in temporary tables: parsed and judged, and nothing written that stays."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final, cast

import psycopg
from psycopg import sql
from sqlalchemy import Connection

from twotier.bss.price_lists.staging.judging import WHITE_SPACE, judge
from twotier.bss.price_lists.staging.tables import make_staging
from twotier.bss.sheets.faults import FaultLog, PriceListRefused
from twotier.bss.sheets.format import Format
from twotier.bss.sheets.layout import staged_columns
from twotier.bss.sheets.parsing import SEPARATOR, Part, staged_blocks
from twotier.bss.sheets.selection import Tally
from twotier.bss.sql import statements
from twotier.limits import Limits

_SQL: Final = statements(__name__)

WORKING_MEMORY: Final = "128MB"
# So many products of the head are looked up; for more of them all of it is read. The planner may use another index and
# search the array of them at each row, which does no harm while that is short.
FEW_PRODUCTS: Final = 100


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read.

    Attributes:
        many: whether it concerns more products of the head than are looked up one by one.
        rows: of all files, headers apart.
        filtered_out: rows that the row filter leaves out; nothing in them was judged.
        not_valid: rows that the filter takes and that are not valid now; only their dates were judged.
        next_boundary: the next moment, aware and in UTC, at which another set of rows is valid: the same files must be
            read again then. None if that never happens.
    """

    many: bool
    rows: int
    filtered_out: int
    not_valid: int
    next_boundary: datetime | None


@contextmanager
def planned_for_whole_lists(connection: Connection) -> Iterator[None]:
    """Have whole lists joined by hashing or merging: of tables just filled the planner expects one row.

    A refusal leaves the settings as they were, too; after an error of the database the transaction is of no more use.
    """
    for_lists = {
        "work_mem": WORKING_MEMORY,
        "enable_nestloop": "off",
        "enable_bitmapscan": "off",  # an index gives the rows in the order that comparison and digest need
        "jit": "off",
    }
    before = {name: connection.execute(_SQL["read_setting"], {"name": name}).scalar_one() for name in for_lists}
    _configure(connection, for_lists)
    try:
        yield
    except PriceListRefused:
        _configure(connection, before)
        raise
    _configure(connection, before)


def _configure(connection: Connection, settings: Mapping[str, str]) -> None:
    for name, value in settings.items():
        connection.execute(_SQL["change_setting"], {"name": name, "value": value})


def read_price_list(
    connection: Connection,
    parts: Sequence[Part],
    format_: Format,
    *,
    currency: str,
    head_of: int | None,
    now: datetime,
    limits: Limits | None = None,
) -> Reading:
    """Fill the temporary tables (see staging) with what files say of one moment.

    Args:
        connection: of a transaction, planned for whole lists.
        parts: complete files; the list is all of them together.
        format_: how they are read.
        currency: of the list.
        head_of: the list whose head they are compared with next: products of which every row stands there already are
            left out. None if all are wanted.
        now: the moment, aware; rows that are not valid at it are left out.
        limits: how much is read at most.

    Raises:
        PriceListRefused: anything is wrong with them, or they are beyond the limits.
    """
    tally = Tally(now)
    rules = {
        "price_list_id": head_of,
        "currency": currency,
        "markup": None if format_.markup_percent is None else 1 + format_.markup_percent / Decimal(100),
        "blank": WHITE_SPACE,
        "everything": head_of is None,
    }
    try:
        many = _stage(connection, parts, format_, rules, tally=tally, limits=limits or Limits())
    except PriceListRefused as refused:
        refused.until = tally.next_boundary
        raise
    return Reading(many, tally.rows, tally.filtered_out, tally.not_valid, tally.next_boundary)


def _stage(
    connection: Connection,
    parts: Sequence[Part],
    format_: Format,
    rules: Mapping[str, object],
    *,
    tally: Tally,
    limits: Limits,
) -> bool:
    """Fill the temporary tables; return whether many products of the head are concerned."""
    make_staging(connection)
    log = FaultLog()
    _copy(connection, staged_blocks(parts, format_, log, limits, tally), format_)
    many = not rules["everything"] and _affected(connection, rules) > FEW_PRODUCTS
    connection.execute(_SQL["read_rows"], rules)
    judge(connection, parts, format_, log, limits)
    if format_.tiers_are_rows:
        connection.execute(_SQL["merge_tiers"])
    read_products(connection)
    return many


def read_products(connection: Connection) -> None:
    """Make the products of the rows that were read; there must be none of them yet."""
    connection.execute(_SQL["read_products"])


def _affected(connection: Connection, rules: Mapping[str, object]) -> int:
    return connection.execute(_SQL["find_affected_products"], rules).rowcount


def _copy(connection: Connection, blocks: Iterator[bytes], format_: Format) -> None:
    columns = ["part", "line", *(wanted.column for wanted in staged_columns(format_))]
    into = sql.SQL("copy staged_row ({}) from stdin with (format text, delimiter {}, null '')").format(
        sql.SQL(", ").join(sql.Identifier(column) for column in columns), sql.Literal(SEPARATOR)
    )
    driver = cast("psycopg.Connection[object]", connection.connection.driver_connection)
    beyond = None
    with driver.cursor() as cursor, cursor.copy(into) as copy:
        try:
            for block in blocks:
                copy.write(block)
        except PriceListRefused as limit:  # the transaction stays of use only if COPY ends well
            beyond = limit
    if beyond is not None:
        raise beyond
