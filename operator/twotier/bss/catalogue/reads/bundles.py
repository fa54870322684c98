"""Bundles: one price for several products, of which each is provisioned by itself (domain.md section 18.8)."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from sqlalchemy import Connection

from twotier.bss.sql import statements

_SQL: Final = statements(__name__)


@dataclass(frozen=True, slots=True)
class Component:
    """A product in a bundle.

    Attributes:
        quantity: of it in one bundle.
        price: its part of the bundle's sell price, for all of the quantity; None where the bundle has no price, or the
            distributor none for some component in the bundle's unit.
    """

    sku: str
    quantity: Decimal
    price: Decimal | None


def components(connection: Connection, sku: str, unit: str) -> list[Component]:
    """Return what is in a bundle, in a transaction of the tenant; nothing for what is not a bundle.

    The prices follow the ratio of the components in the distributor's bundle, and add up to the bundle's price.
    """
    return [Component(*row) for row in connection.execute(_SQL["list_components"], {"sku": sku, "unit": unit})]
