"""The digest of a price list's content: the same for the same content, whatever the order and notation in files."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from twotier.bss.sql import statements

_SQL: Final = statements(__name__)


@dataclass(frozen=True, slots=True)
class Content:
    """The content of a list: its digest, and how many offers and products it has."""

    digest: str
    offers: int
    products: int


def digest(connection: Connection, price_list_id: int) -> Content:
    """Digest what a list's content is now that the rows that differ were written; only what they touch is read.

    Args:
        connection: of a transaction in which files were read, compared with the head and written.
        price_list_id: the list.
    """
    connection.execute(_SQL["digest_groups"], {"price_list_id": price_list_id})
    row = connection.execute(_SQL["digest_content"], {"price_list_id": price_list_id}).one()
    return Content(row.digest, row.offers, row.products)
