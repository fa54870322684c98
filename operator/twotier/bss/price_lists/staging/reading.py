"""From files to normalised rows in temporary tables: parsed and judged, and nothing written that stays."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final, cast

import psycopg
from psycopg import sql
from sqlalchemy import Connection, text

from twotier.bss.price_lists.staging.tables import make_staging
from twotier.bss.price_lists.staging.value_faults import value_fault
from twotier.bss.sheets.faults import SHOWN_FAULTS, FaultLog, PriceListRefused
from twotier.bss.sheets.files import Limits
from twotier.bss.sheets.format import Format
from twotier.bss.sheets.layout import staged_columns
from twotier.bss.sheets.parsing import SEPARATOR, Part, staged_blocks
from twotier.bss.sheets.selection import Tally
from twotier.bss.sql import statement

WHITE_SPACE: Final = " \t\n\u00a0"
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
    before = {name: connection.execute(text(f"show {name}")).scalar_one() for name in for_lists}
    _configure(connection, for_lists)
    try:
        yield
    except PriceListRefused:
        _configure(connection, before)
        raise
    _configure(connection, before)


def _configure(connection: Connection, settings: Mapping[str, str]) -> None:
    for name, value in settings.items():
        connection.execute(text("select set_config(:name, :value, true)"), {"name": name, "value": value})


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
        PriceListRefused: anything is wrong with them.
    """
    make_staging(connection)
    log, tally = FaultLog(), Tally(now)
    _copy(connection, staged_blocks(parts, format_, log, limits or Limits(), tally), format_)
    rules = {
        "price_list_id": head_of,
        "currency": currency,
        "markup": None if format_.markup_percent is None else 1 + format_.markup_percent / Decimal(100),
        "blank": WHITE_SPACE,
        "everything": head_of is None,
    }
    many = head_of is not None and _affected(connection, rules) > FEW_PRODUCTS
    connection.execute(statement("price_lists/staging/read.sql"), rules)
    _judge(connection, parts, format_, log)
    if format_.tiers_are_rows:
        connection.execute(statement("price_lists/staging/tiers.sql"))
    connection.execute(statement("price_lists/staging/products.sql"))
    return Reading(many, tally.rows, tally.filtered_out, tally.not_valid, tally.next_boundary)


def _affected(connection: Connection, rules: Mapping[str, object]) -> int:
    return connection.execute(statement("price_lists/staging/affected.sql"), rules).rowcount


def _copy(connection: Connection, blocks: Iterator[bytes], format_: Format) -> None:
    columns = ["part", "line", *(wanted.column for wanted in staged_columns(format_))]
    into = sql.SQL("copy staged_row ({}) from stdin with (format text, delimiter {}, null '')").format(
        sql.SQL(", ").join(sql.Identifier(column) for column in columns), sql.Literal(SEPARATOR)
    )
    driver = cast("psycopg.Connection[object]", connection.connection.driver_connection)
    with driver.cursor() as cursor, cursor.copy(into) as copy:
        for block in blocks:
            copy.write(block)


def _judge(connection: Connection, parts: Sequence[Part], format_: Format, log: FaultLog) -> None:
    """Refuse what the values say; keys and relations are judged only where all values are right."""
    _refuse_if_any(connection, "row_faults", parts, format_, log)
    connection.execute(statement("price_lists/staging/relations.sql"), {"blank": WHITE_SPACE})
    for judged in ("duplicates", "relation_faults", *(("tier_faults",) if format_.tiers_are_rows else ())):
        _refuse_if_any(connection, judged, parts, format_, FaultLog())


def _refuse_if_any(
    connection: Connection, judged: str, parts: Sequence[Part], format_: Format, found_before: FaultLog
) -> None:
    rows = connection.execute(statement(f"price_lists/staging/{judged}.sql"), {"shown": SHOWN_FAULTS}).all()
    faults = [value_fault(parts[row.part].name, row, format_) for row in rows]
    total = rows[0].total if rows else 0
    found_before.merge(faults, total, [part.name for part in parts]).refuse_if_any()
