"""Trying files before they are imported: read and judged as an import does, and nothing is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from twotier.bss.price_lists.staging.reading import planned_for_whole_lists, read_price_list
from twotier.bss.sheets.format import Format
from twotier.bss.sheets.parsing import Part
from twotier.bss.sql import statements
from twotier.limits import Limits

_SQL: Final = statements(__name__)


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What an import of the files would find in them.

    Attributes:
        rows: of all files, headers apart.
        filtered_out: rows that the row filter leaves out.
        not_valid: rows that the filter takes and that are not valid now.
        repeated: rows that say what another one said already.
        offers: in the list that the files make.
        products: in it.
        with_tiers: offers with other prices from a quantity on.
        zero_prices: offers that cost nothing.
        unpriced: active offers with no recommended sell price, or with zero: where they arrive, they are unpublished
            until the reseller prices them.
        next_boundary: when another set of rows becomes valid, aware and in UTC; None if that never happens.
    """

    rows: int
    filtered_out: int
    not_valid: int
    repeated: int
    offers: int
    products: int
    with_tiers: int
    zero_prices: int
    unpriced: int
    next_boundary: datetime | None


def check_price_list(
    connection: Connection,
    parts: Sequence[Part],
    format_: Format,
    currency: str,
    now: datetime,
    *,
    limits: Limits | None = None,
) -> CheckReport:
    """Read files as an import would.

    Args:
        connection: of a transaction of a role that may import; nothing but temporary tables is written.
        parts: complete files, at least one; the list is all of them together.
        format_: how they are read.
        currency: of the list.
        now: moment at which rows must be valid, aware.
        limits: how much is read at most.

    Raises:
        PriceListRefused: an import would refuse them, with the same message.
    """
    with planned_for_whole_lists(connection):
        reading = read_price_list(connection, parts, format_, currency=currency, head_of=None, now=now, limits=limits)
        found = connection.execute(_SQL["count_content"]).one()
    return CheckReport(
        rows=reading.rows,
        filtered_out=reading.filtered_out,
        not_valid=reading.not_valid,
        repeated=found.repeated,
        offers=found.offers,
        products=found.products,
        with_tiers=found.with_tiers,
        zero_prices=found.zero_prices,
        unpriced=found.unpriced,
        next_boundary=reading.next_boundary,
    )
