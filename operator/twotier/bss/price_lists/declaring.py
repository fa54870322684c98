"""The declaration of a price list: what it is, apart from its content."""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from twotier.bss.identity import Ids
from twotier.bss.sql import statements

_SQL: Final = statements(__name__)


class CurrencyChangedError(Exception):
    """A list that has prices cannot get another currency; the message says what to do."""


@dataclass(frozen=True, slots=True)
class PriceListDeclaration:
    """A price list as its owner wants it.

    Attributes:
        name: unique for the distributor.
        currency: ISO 4217, of all prices.
        active: whether it may be given to tenants.
        valid_from: first day of validity in the distributor's time zone, None for no limit.
        valid_until: last day, None for no limit.
    """

    name: str
    currency: str
    active: bool = True
    valid_from: date | None = None
    valid_until: date | None = None


def declare_price_list(
    connection: Connection, distributor_id: UUID, declaration: PriceListDeclaration, *, ids: Ids
) -> int:
    """Make a distributor's price list what is declared, and return its number in this database.

    Writes nothing where nothing differs.

    Args:
        ids: gives a new list the key that it is known by outside of the database.

    Raises:
        CurrencyChangedError: the list has revisions in another currency.
    """
    declared = connection.execute(
        _SQL["declare_price_list"],
        {
            "organization_id": distributor_id,
            "key": ids(),
            "name": declaration.name,
            "currency": declaration.currency,
            "active": declaration.active,
            "valid_from": declaration.valid_from,
            "valid_until": declaration.valid_until,
        },
    ).one()
    if declared.currency != declaration.currency:
        raise CurrencyChangedError(
            f"the price list {declaration.name} has prices in {declared.currency} and cannot become one in "
            f"{declaration.currency}: declare another list for that currency"
        )
    return int(declared.id)
