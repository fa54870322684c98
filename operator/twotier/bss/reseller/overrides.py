"""What the reseller sets on inherited offers, its overrides: versions, appended and never changed, removals included.

The use cases run in a transaction of the tenant (`Database.tenant_transaction`).
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from twotier.bss.catalogue.reads.pages import PAGE_SIZE
from twotier.bss.reseller.categories import key_of
from twotier.bss.reseller.values import (
    InvalidValueError,
    checked_amount,
    checked_image,
    checked_margin,
    checked_text,
)
from twotier.bss.sql import statements

_SQL: Final = statements(__name__)


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


@dataclass(frozen=True, slots=True)
class Override:
    """A value that the reseller set on an inherited product or offer, and did not take away.

    Attributes:
        unit: of a price; None for what is set on the product.
        property: as `ownership.Property` names it.
        value: in words; of a category, the name that it is shown by.
        displaced_by: number of the run whose option overwrote it; None while it counts.
    """

    sku: str
    unit: str | None
    property: str
    value: str
    recorded_at: datetime
    displaced_by: int | None


@dataclass(frozen=True, slots=True)
class AfterValue:
    """Where a page of overrides begins: behind this one."""

    sku: str = ""
    unit: str = ""
    property: str = ""


class NotInCatalogueError(Exception):
    """The tenant never got such an offer from the distributor, so there is nothing to set a value on."""


def record_product_override(
    connection: Connection,
    organization_id: UUID,
    sku: str,
    field: ProductField,
    value: str | None,
) -> int:
    """Set a field of a product for this tenant, or with None remove the tenant's override.

    Args:
        connection: in a transaction of the tenant.
        organization_id: the tenant.
        sku: of the product.
        field: what is set.
        value: of a category, the name that it is shown by.

    Returns:
        The version that was appended.

    Raises:
        NotInCatalogueError: the product never arrived in the tenant's catalogue.
        CategoryError: the tenant has no such category.
        InvalidValueError: the field cannot have such a value.
    """
    kept = None if value is None else _checked(connection, organization_id, field, value)
    version = connection.execute(
        _SQL["record_product_override"],
        {"organization_id": organization_id, "sku": sku, "field": field, "value": kept},
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
) -> int:
    """Set the sell price of an offer for this tenant, or with None remove the tenant's override.

    Returns:
        The version that was appended.

    Raises:
        NotInCatalogueError: the offer never arrived in the tenant's catalogue.
        InvalidValueError: there is no such price or margin.
    """
    amount = checked_amount("sell price", price.amount) if isinstance(price, SellPrice) else None
    percent = checked_margin(price.percent) if isinstance(price, Margin) else None
    version = connection.execute(
        _SQL["record_offer_override"],
        {
            "organization_id": organization_id,
            "sku": sku,
            "unit": unit,
            "sell_price": amount,
            "margin_percent": percent,
        },
    ).scalar_one_or_none()
    if version is None:
        raise NotInCatalogueError(f"offer {sku} in unit {unit} is not in the catalogue: check SKU and unit")
    return int(version)


def listed(
    connection: Connection, organization_id: UUID, after: AfterValue = AfterValue(), *, limit: int = PAGE_SIZE
) -> list[Override]:
    """Return the overrides of a tenant, by SKU, unit and property, displaced ones included.

    Args:
        connection: in a transaction of whoever may read them.
        organization_id: the tenant.
        after: the last one of the page before.
        limit: at most so many.
    """
    rows = connection.execute(
        _SQL["list_overrides"],
        {"organization_id": organization_id, "limit": limit, **asdict(after)},
    )
    return [Override(**row) for row in rows.mappings()]


def _checked(connection: Connection, organization_id: UUID, field: ProductField, value: str) -> str:
    match field:
        case ProductField.CATEGORY:
            return key_of(connection, organization_id, value)
        case ProductField.PUBLICATION:
            if value not in set(Publication):
                raise InvalidValueError(f"the publication {value!r} is not one: write {' or '.join(Publication)}")
            return value
        case ProductField.IMAGE:
            return checked_image(value)
        case ProductField.NAME | ProductField.DESCRIPTION:
            return checked_text(field, value)
