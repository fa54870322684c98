"""Offers that a list's source lacks and that are sold all the same, until they are missing for too long.

They stand in the revisions like any other offer; that they are suspect is known beside them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from twotier.bss.sql import statements

_SQL: Final = statements(__name__)

FIRST: Final = ("", "")
"""Stands before every offer, where pages begin."""


@dataclass(frozen=True, slots=True)
class Suspect:
    """An offer that the source lacks, and that is still sold.

    Attributes:
        sku: of the offer.
        unit: of the offer.
        name: of its product.
        missing_since: when a source without it was first accepted.
        discontinued_at: when it will be discontinued, unless it comes back.
    """

    sku: str
    unit: str
    name: str
    missing_since: datetime
    discontinued_at: datetime


@dataclass(frozen=True, slots=True)
class Suspects:
    """All suspects of a list: how many, and when the next of them is discontinued."""

    count: int
    next_discontinued_at: datetime | None


def keep(connection: Connection, price_list_id: int, discontinue_after: timedelta, *, now: datetime) -> bool:
    """Add to what was read the offers that are missing and not yet discontinued; tell whether there are any.

    Args:
        connection: of a transaction in which files were read and compared with the head.
        price_list_id: the list.
        discontinue_after: how long an offer must be missing.
        now: time of the import, aware.
    """
    connection.execute(_SQL["drop_kept_offer"])
    connection.execute(_SQL["create_kept_offer"])
    rules = {"price_list_id": price_list_id, "discontinue_after": discontinue_after, "now": now}
    if connection.execute(_SQL["keep_offers"], rules).rowcount == 0:
        return False
    connection.execute(_SQL["keep_relations"], rules)
    return True


def settle(connection: Connection, price_list_id: int, discontinue_after: timedelta) -> None:
    """Make the offers that were kept the suspects of a list; what came back, or was discontinued, is none any more."""
    connection.execute(
        _SQL["settle_suspects"],
        {"price_list_id": price_list_id, "discontinue_after": discontinue_after},
    )


def clear(connection: Connection, price_list_id: int) -> None:
    """Clear all suspects: the head is the content of the source, or was accepted by a person."""
    connection.execute(_SQL["clear_suspects"], {"price_list_id": price_list_id})


def suspects_of(connection: Connection, price_list_id: int, *, later_than: datetime | None = None) -> Suspects:
    """Count the suspects of a list.

    Args:
        connection: of a transaction.
        price_list_id: the list.
        later_than: the next one is looked for after this moment; None for any time.
    """
    row = connection.execute(
        _SQL["count_suspects"],
        {"price_list_id": price_list_id, "later_than": later_than or "-infinity"},
    ).one()
    return Suspects(row.number, row.next)


def listed(
    connection: Connection, price_list_id: int, *, after: tuple[str, str] = FIRST, limit: int
) -> Sequence[Suspect]:
    """Return a page of a list's suspects, by SKU and unit.

    Args:
        connection: of a transaction.
        price_list_id: the list.
        after: SKU and unit of the last offer of the page before.
        limit: offers on the page at most.
    """
    rows = connection.execute(
        _SQL["list_suspects"],
        {"price_list_id": price_list_id, "after_sku": after[0], "after_unit": after[1], "limit": limit},
    )
    return [Suspect(row.sku, row.unit, row.name, row.missing_since, row.discontinued_at) for row in rows]
