"""Revisions of a price list: the newest one, and what differs between any two."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, Row

from twotier.bss.sheets.parsing import Part
from twotier.bss.sql import statements

_SQL: Final = statements(__name__)
# Kept with a revision in the names of its files: what is taken over from one revision to the next stays confidential.
_CONFIDENTIAL: Final = " (confidential)"


@dataclass(frozen=True, slots=True)
class Differences:
    """How many offers differ.

    Attributes:
        added: offers that are new.
        removed: offers that are gone.
        price_changed: offers with another price.
        other_changed: offers with the same price of which anything else changed: recommended sell price, tiers,
            activity, a column of the product or a relation of the product.
    """

    added: int
    removed: int
    price_changed: int
    other_changed: int


@dataclass(frozen=True, slots=True)
class Revision:
    """A revision of a price list.

    Attributes:
        revision: its number, from 1.
        digest: of the normalised content; the order of rows and the notation do not matter.
        imported_at: when it was imported.
        source: names of the files it came from.
        offers: how many it has.
        products: how many it has.
        differences: from the revision before; all offers of the first one are added.
    """

    revision: int
    digest: str
    imported_at: datetime
    source: str
    offers: int
    products: int
    differences: Differences


def source_name(part: Part) -> str:
    """What a revision calls a file that it came from."""
    return part.name + _CONFIDENTIAL if part.confidential else part.name


def is_confidential(source: str) -> bool:
    """Whether what came from a source may not be quoted to those who declare the list."""
    return _CONFIDENTIAL in source


def has_confidential(connection: Connection, price_list_id: int) -> bool:
    """Whether any revision of a list came from a file that may not be quoted."""
    sought = {"price_list_id": price_list_id, "mark": _CONFIDENTIAL}
    return bool(connection.execute(_SQL["has_confidential_source"], sought).scalar_one())


class Change(StrEnum):
    """How an offer differs."""

    ADDED = "added"
    REMOVED = "removed"
    PRICE_CHANGED = "price"
    OTHER_CHANGED = "other"


@dataclass(frozen=True, slots=True)
class ChangedOffer:
    """An offer that differs between two revisions; old_price or new_price is None where the offer is not there."""

    sku: str
    unit: str
    name: str
    change: Change
    old_price: Decimal | None
    new_price: Decimal | None


@dataclass(frozen=True, slots=True)
class RevisionDifference:
    """What differs between two revisions of one price list, as counts; rows are read when asked for.

    Attributes:
        price_list_id: the list.
        old: number of the revision that is left; 0 is the empty list.
        new: number of the revision that is entered; may be the smaller one.
        counts: of the offers that differ.
    """

    price_list_id: int
    old: int
    new: int
    counts: Differences

    def examples(self, connection: Connection, change: Change, limit: int) -> Sequence[ChangedOffer]:
        """Return the first offers that differ in one way, by SKU and unit."""
        return list(changes(connection, self.price_list_id, self.old, self.new, change=change, limit=limit))


def head(connection: Connection, price_list_id: int) -> Revision | None:
    """Return the newest revision of a price list, or None while nothing was accepted."""
    row = connection.execute(_SQL["find_head"], {"price_list_id": price_list_id}).one_or_none()
    if row is None:
        return None
    return _revision(row)


def history(connection: Connection, price_list_id: int, *, before: int | None = None, limit: int) -> Sequence[Revision]:
    """Return a page of the revisions of a price list, the newest first.

    Args:
        connection: of a transaction.
        price_list_id: the list.
        before: number of the last revision of the page before; None for the first page.
        limit: revisions on the page at most.
    """
    parameters = {"price_list_id": price_list_id, "before": before, "limit": limit}
    rows = connection.execute(_SQL["list_revisions"], parameters)
    return [_revision(row) for row in rows]


def compare(connection: Connection, price_list_id: int, old: int, new: int) -> RevisionDifference:
    """Count what differs between two revisions, by the versions that began or ended between them alone.

    Args:
        connection: of a transaction.
        price_list_id: the list.
        old: number of the revision that is left; 0 is the empty list.
        new: number of the revision that is entered; going back is the same as going forward.
    """
    row = connection.execute(_SQL["count_differences"], {"price_list_id": price_list_id, "old": old, "new": new}).one()
    counts = Differences(row.added, row.removed, row.price_changed, row.other_changed)
    return RevisionDifference(price_list_id, old, new, counts)


def changes(
    connection: Connection,
    price_list_id: int,
    old: int,
    new: int,
    *,
    change: Change | None = None,
    after: tuple[str, str] = ("", ""),
    limit: int | None = None,
) -> Iterator[ChangedOffer]:
    """Read the offers that differ between two revisions, ordered by SKU and unit, as they are asked for.

    Args:
        connection: of a transaction that stays open until the last one is read.
        price_list_id: the list.
        old: number of the revision that is left; 0 is the empty list.
        new: number of the revision that is entered.
        change: offers that differ in this way alone; None for all.
        after: SKU and unit of the offer behind which to begin.
        limit: of offers; None for all.
    """
    rows = connection.execute(
        _SQL["list_differences"],
        {
            "price_list_id": price_list_id,
            "old": old,
            "new": new,
            "change": change,
            "after_sku": after[0],
            "after_unit": after[1],
            "limit": limit,
        },
    )
    return map(changed_offer, rows)


def changed_offer(row: Row[Any]) -> ChangedOffer:
    """Return an offer that differs, from a row of it."""
    return ChangedOffer(row.sku, row.unit, row.name, Change(row.change), row.old_price, row.new_price)


def _revision(row: Row[Any]) -> Revision:
    differences = Differences(row.added, row.removed, row.price_changed, row.other_changed)
    return Revision(row.revision, row.digest, row.imported_at, row.source, row.offers, row.products, differences)
