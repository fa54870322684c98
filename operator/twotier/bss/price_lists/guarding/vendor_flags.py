"""What the publisher's own flags say of each offer, against what really changed since the head.

Publishers flag the rows of a sheet as added, changed or unchanged since the sheet before, and are known to be wrong at
times. The flags never decide anything; where they do not fit, a person may want to ask the publisher. A flag is also
wrong where the head is not the sheet before, as after a month that was not imported.
"""

import re
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from twotier.bss.price_lists.staging.judging import WHITE_SPACE
from twotier.bss.sheets.format import Format, Property
from twotier.bss.sql import statements

_SQL: Final = statements(__name__)

SHOWN_FLAGS: Final = 20


@dataclass(frozen=True, slots=True)
class WrongFlag:
    """An offer whose flag does not fit.

    Attributes:
        sku: of the offer.
        unit: of the offer.
        flag: what the sheet says: Add, Change or Unchanged, or "previous price 10".
        found: what is so: added, changed or unchanged, or "previous price 12".
    """

    sku: str
    unit: str
    flag: str
    found: str


@dataclass(frozen=True, slots=True)
class FlagAudit:
    """The flags of a sheet against what really changed.

    Attributes:
        flagged: offers with a flag that is known.
        count: those of them whose flag does not fit.
        examples: the first of these, by SKU and unit.
    """

    flagged: int
    count: int
    examples: tuple[WrongFlag, ...]


def audit(connection: Connection, price_list_id: int, format_: Format) -> FlagAudit | None:
    """Compare the flags with what an import found; None where the format knows of no flags.

    Args:
        connection: of a transaction in which files were read and compared with the head, and nothing is written yet.
        price_list_id: the list; without a head there is nothing to compare with, and the result says nothing.
        format_: how the files were read.
    """
    if Property.CHANGE_FLAG not in format_.templates:
        return None
    rows = connection.execute(
        _SQL["audit_flags"],
        {
            "price_list_id": price_list_id,
            "blank": WHITE_SPACE,
            "previous_price": _previous_price(format_.label(Property.PRICE)),
            "shown": SHOWN_FLAGS,
        },
    ).all()
    examples = tuple(WrongFlag(row.sku, row.unit, row.flag, row.found) for row in rows if row.sku is not None)
    return FlagAudit(rows[0].flagged, rows[0].total, examples)


def _previous_price(column: str) -> str:
    """A pattern that finds the price in a dictionary of previous values, whatever the quotes in it."""
    return rf"""{re.escape(column)}["']?\s*[:=]\s*["']?([0-9]{{1,12}}(?:[.][0-9]{{1,18}})?)"""
