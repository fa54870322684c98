"""What guards ask of content that was compared with the head."""

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, TextClause

from twotier.bss.price_lists.guarding.guards import Findings, Guards, PriceChange, PriceChanges
from twotier.bss.price_lists.publishing import PriceList
from twotier.bss.price_lists.staging.comparison import Comparison
from twotier.bss.sql import statements

_SQL: Final = statements(__name__)

SHOWN_PRICES: Final = 3


def find(
    connection: Connection, price_list: PriceList, compared: Comparison, guards: Guards, *, now: datetime
) -> Findings:
    """Find what guards judge by; prices are looked at only where a guard asks for them.

    Suspects that were missing for long enough count as if they had been discontinued at that moment: they were judged
    when they vanished.

    Args:
        connection: of a transaction in which files were read and compared with the head.
        price_list: the list.
        compared: what that found.
        guards: what may be published without review.
        now: time of the import, aware.
    """
    missing, expired = _missing(connection, price_list, compared, guards, now)
    repriced, percent = compared.differences.price_changed > 0, guards.max_price_change_percent
    too_much, zeroed = PriceChanges(), PriceChanges()
    if repriced and percent is not None:
        too_much = _prices(connection, price_list, _SQL["find_price_jumps"], percent=percent)
    if repriced and guards.hold_zero_prices:
        zeroed = _prices(connection, price_list, _SQL["find_zeroed_prices"])
    return Findings(
        head=price_list.offers - expired,
        missing=missing - expired,
        offers=price_list.offers + compared.differences.added - compared.differences.removed,
        too_much=too_much,
        zeroed=zeroed,
    )


def _missing(
    connection: Connection, price_list: PriceList, compared: Comparison, guards: Guards, now: datetime
) -> tuple[int, int]:
    if compared.differences.removed == 0:
        return 0, 0
    rules = {"price_list_id": price_list.id, "discontinue_after": guards.discontinue_after, "now": now}
    row = connection.execute(_SQL["count_missing_offers"], rules).one()
    return row.missing, row.expired


def _prices(connection: Connection, price_list: PriceList, suspicious: TextClause, **limits: object) -> PriceChanges:
    parameters = {"price_list_id": price_list.id, "shown": SHOWN_PRICES, **limits}
    rows = connection.execute(suspicious, parameters).all()
    return PriceChanges(
        rows[0].total if rows else 0, tuple(PriceChange(row.sku, row.unit, row.old, row.new) for row in rows)
    )
