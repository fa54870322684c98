"""The offers of a revision, as they were imported."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from sqlalchemy import Connection, RowMapping

from twotier.bss.sql import statements

_SQL: Final = statements(__name__)


@dataclass(frozen=True, slots=True)
class ListedTier:
    """The price of one from a quantity on."""

    minimum_quantity: Decimal
    price: Decimal


@dataclass(frozen=True, slots=True)
class ListedOffer:
    """A product in one unit, as a revision has it.

    Attributes:
        price: the distributor's retail price, which is the tenant's cost.
        active: the offer and its product are.
    """

    sku: str
    unit: str
    name: str
    description: str | None
    category: str | None
    product_type: str | None
    charge_type: str
    kind: str
    price: Decimal
    recommended_sell_price: Decimal | None
    tiers: tuple[ListedTier, ...]
    active: bool


def offers(
    connection: Connection,
    price_list_id: int,
    revision: int,
    *,
    after: tuple[str, str] = ("", ""),
    limit: int,
) -> Iterator[ListedOffer]:
    """Read the offers of a revision, ordered by SKU and unit, as they are asked for.

    Args:
        connection: of a transaction that stays open until the last one is read.
        price_list_id: the list.
        revision: number of one of its revisions.
        after: SKU and unit of the offer behind which to begin.
        limit: of offers.
    """
    parameters = {
        "price_list_id": price_list_id,
        "revision": revision,
        "sku": after[0],
        "unit": after[1],
        "limit": limit,
    }
    for row in connection.execute(_SQL["list_offers"], parameters).mappings():
        yield _offer(row)


def _offer(row: RowMapping) -> ListedOffer:
    columns = dict(row)
    tiers = zip(columns.pop("quantities"), columns.pop("prices"), strict=True)
    return ListedOffer(**columns, tiers=tuple(ListedTier(*tier) for tier in tiers))
