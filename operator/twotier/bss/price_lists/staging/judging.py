"""What is wrong with rows that were read: the database finds the faults of all of them, and the first ones are told."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, TextClause

from twotier.bss.price_lists.staging.value_faults import value_fault
from twotier.bss.sheets.faults import SHOWN_FAULTS, Fault, FaultLog, PriceListRefused, RefusalReason
from twotier.bss.sheets.format import Format
from twotier.bss.sheets.parsing import Part
from twotier.bss.sql import statements
from twotier.limits import Limits

WHITE_SPACE: Final = " \t\n\u00a0"
"""What may stand around a value."""

_SQL: Final = statements(__name__)


def judge(
    connection: Connection, parts: Sequence[Part], format_: Format, found_before: FaultLog, limits: Limits
) -> None:
    """Refuse what the values say; keys and relations are judged only where all values are right.

    Args:
        connection: of a transaction in which the rows were read.
        parts: the files that they are from.
        format_: how they were read.
        found_before: what was wrong with the files themselves, to be told with the faults of values.
        limits: the relations of a list are as many as its rows at most.

    Raises:
        PriceListRefused: anything is wrong.
    """
    _refuse_if_any(connection, _SQL["find_value_faults"], parts, format_, found_before)
    related = connection.execute(_SQL["read_relations"], {"blank": WHITE_SPACE, "most": limits.rows + 1}).rowcount
    if related > limits.rows:
        raise PriceListRefused((_too_many_relations(parts[-1].name, limits),), 1)
    _refuse_if_any(connection, _SQL["find_duplicates"], parts, format_, FaultLog())
    _refuse_if_any(connection, _SQL["find_relation_faults"], parts, format_, FaultLog())
    if format_.tiers_are_rows:
        _refuse_if_any(connection, _SQL["find_tier_faults"], parts, format_, FaultLog())


def _too_many_relations(part: str, limits: Limits) -> Fault:
    beyond = (
        f"takes the list beyond {limits.rows:,} relations between products, the most that a price list may have: leave "
        "some out, or have TWOTIER_MAX_ROWS raised"
    )
    return Fault(part, None, None, RefusalReason.TOO_MANY_ROWS, beyond)


def _refuse_if_any(
    connection: Connection, judging: TextClause, parts: Sequence[Part], format_: Format, found_before: FaultLog
) -> None:
    rows = connection.execute(judging, {"shown": SHOWN_FAULTS}).all()
    faults = [value_fault(parts[row.part].name, row, format_) for row in rows]
    total = rows[0].total if rows else 0
    found_before.merge(faults, total, [part.name for part in parts]).refuse_if_any()
