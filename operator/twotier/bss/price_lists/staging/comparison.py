"""What differs between the head of a price list and what was read."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from twotier.bss.price_lists.revisions import Differences
from twotier.bss.price_lists.staging.reading import read_products
from twotier.bss.sql import statements

_SQL: Final = statements(__name__)
_COMPARE: Final = (_SQL["compare_offers"], _SQL["compare_products"], _SQL["compare_relations"])


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was read, beside the head.

    Attributes:
        differences: as counts.
        changed: whether anything differs; a product without offers that differ counts too.
    """

    differences: Differences
    changed: bool


def compare_with_head(connection: Connection, price_list_id: int, *, many: bool) -> Comparison:
    """Find what differs between the head and what was read.

    Args:
        connection: of a transaction in which files were read.
        price_list_id: the list.
        many: whether what was read concerns many products.
    """
    for statement in _COMPARE:
        connection.execute(statement, {"price_list_id": price_list_id, "many": many})
    row = connection.execute(_SQL["count_differences"]).one()
    return Comparison(Differences(row.added, row.removed, row.price_changed, row.other_changed), row.changed)


def compare_again(connection: Connection, price_list_id: int) -> Comparison:
    """Find what differs now that more was read than when it was compared first."""
    connection.execute(_SQL["forget_comparison"])
    read_products(connection)
    return compare_with_head(connection, price_list_id, many=True)
