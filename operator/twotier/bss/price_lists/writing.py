"""From what differs between the head and what was read to the versions of a price list's rows."""

from typing import Final

from sqlalchemy import Connection

from twotier.bss.price_lists.digests import Content, digest
from twotier.bss.price_lists.publishing import PriceList
from twotier.bss.sql import statements

_SQL: Final = statements(__name__)
_WRITE: Final = (
    _SQL["close_offers"],
    _SQL["open_offers"],
    _SQL["close_products"],
    _SQL["open_products"],
    _SQL["close_relations"],
    _SQL["open_relations"],
)


def write(connection: Connection, price_list: PriceList, *, many: bool) -> Content:
    """Write the rows that differ, and return what the list's content is then.

    Args:
        connection: of a transaction in which files were read and compared with the head.
        price_list: the list.
        many: whether what was read concerns many products.
    """
    is_first = price_list.head == 0
    parameters = {
        "price_list_id": price_list.id,
        "revision": price_list.head + 1,
        "many": many,
        "everything": is_first,
    }
    for statement in _WRITE:
        connection.execute(statement, parameters)
    if many or is_first:
        connection.execute(_SQL["analyze_versions"])
    return digest(connection, price_list.id)
