"""What the reseller sets himself on inherited offers: versions, appended and never changed, removals included.

The use cases run in a transaction of the tenant (`Database.tenant_transaction`).
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Connection

from twotier.bss.sql import statement


class ProductField(StrEnum):
    """What a reseller may change of a product that came down from the distributor."""

    NAME = "name"
    DESCRIPTION = "description"
    IMAGE = "image"
    CATEGORY = "category"
    PUBLICATION = "publication"


class Publication(StrEnum):
    """The values of `ProductField.PUBLICATION`."""

    PUBLISHED = "published"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class SellPrice:
    """A price for one unit, in the currency of the tenant; zero is a gift, not a missing price."""

    amount: Decimal


@dataclass(frozen=True, slots=True)
class Margin:
    """A part of the sell price, in per cent, over what the offer costs that day; below 100."""

    percent: Decimal


class NotInCatalogueError(Exception):
    """The tenant never got such an offer from the distributor, so there is nothing to set a value on."""


def record_product_override(
    connection: Connection,
    organization_id: UUID,
    sku: str,
    field: ProductField,
    value: str | None,
    *,
    now: datetime,
) -> int:
    """Set a field of a product for this tenant, or with None take the tenant's own value away.

    Returns:
        The version that was appended.

    Raises:
        NotInCatalogueError: the product never arrived in the tenant's catalogue.
    """
    version = connection.execute(
        statement("catalogue/product_override.sql"),
        {"organization_id": organization_id, "sku": sku, "field": field, "value": value, "now": now},
    ).scalar_one_or_none()
    if version is None:
        raise NotInCatalogueError(f"product {sku} is not in the catalogue: check the SKU")
    return int(version)


def record_offer_override(
    connection: Connection,
    organization_id: UUID,
    sku: str,
    unit: str,
    price: SellPrice | Margin | None,
    *,
    now: datetime,
) -> int:
    """Set the sell price of an offer for this tenant, or with None take the tenant's own price away.

    Returns:
        The version that was appended.

    Raises:
        NotInCatalogueError: the offer never arrived in the tenant's catalogue.
    """
    version = connection.execute(
        statement("catalogue/offer_override.sql"),
        {
            "organization_id": organization_id,
            "sku": sku,
            "unit": unit,
            "sell_price": price.amount if isinstance(price, SellPrice) else None,
            "margin_percent": price.percent if isinstance(price, Margin) else None,
            "now": now,
        },
    ).scalar_one_or_none()
    if version is None:
        raise NotInCatalogueError(f"offer {sku} in unit {unit} is not in the catalogue: check SKU and unit")
    return int(version)
