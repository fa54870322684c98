"""Products of the reseller's own, of product types of its own: with the edition Premium.

They have an origin of their own: one of them is another product than an inherited one, even if code and unit are
the same, and no update, undo or switch reads or writes it. The use cases that change something run in a transaction of
the tenant (`Database.tenant_transaction`).
"""

from dataclasses import asdict, dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from twotier.bss.catalogue.reads.pages import PAGE_SIZE, AfterSku
from twotier.bss.reseller.categories import key_of
from twotier.bss.reseller.ownership import require_reseller
from twotier.bss.reseller.rules import Property
from twotier.bss.reseller.values import InvalidValueError, checked_amount, checked_image, checked_text
from twotier.bss.sql import statements
from twotier.bss.tenants.declaration import Edition

START: Final = AfterSku()

_SQL: Final = statements(__name__)


class ChargeType(StrEnum):
    """When a product is charged."""

    RECURRING = "recurring"
    ONE_OFF = "one-off"
    USAGE = "usage"


@dataclass(frozen=True, slots=True)
class OwnProduct:
    """A product that the reseller made.

    Attributes:
        product_type: one of the reseller's own; it stays what it was made with.
        category: the name that it is shown by; None for none.
        published: whether it is shown in the storefront.
    """

    sku: str
    name: str
    product_type: str
    description: str | None = None
    image: str | None = None
    category: str | None = None
    charge_type: str = ChargeType.RECURRING
    published: bool = False


@dataclass(frozen=True, slots=True)
class OwnOffer:
    """A product of the reseller's own in one unit, with prices in the tenant's currency."""

    sku: str
    unit: str
    sell_price: Decimal
    cost: Decimal | None = None
    """What the reseller pays for it, if that is known."""


@dataclass(frozen=True, slots=True)
class OwnListing:
    """One offer of the reseller's own with its product, as it is read; without a unit for a product without offers."""

    sku: str
    unit: str | None
    name: str
    product_type: str
    description: str | None
    image: str | None
    category: str | None
    charge_type: str
    published: bool
    sell_price: Decimal | None
    cost: Decimal | None


class OwnProductError(Exception):
    """The reseller's own products are not as the change needs them; the message says what to do."""


class EditionError(Exception):
    """The tenant's edition has no own products."""


def create_product_type(connection: Connection, organization_id: UUID, name: str) -> None:
    """Make a product type.

    Raises:
        EditionError: the tenant is not Premium.
        LockedFieldError: a product type of that name came down from the distributor.
        OwnProductError: there is one of that name.
        InvalidValueError: it cannot be a name.
    """
    _require_premium(connection, organization_id)
    checked = checked_text("product type", name)
    _require_own_type(connection, checked)
    parameters = {"organization_id": organization_id, "name": checked}
    if not connection.execute(_SQL["create_product_type"], parameters).scalar_one():
        raise OwnProductError(f"there is a product type {checked!r} already: use it, or choose another name")


def remove_product_type(connection: Connection, organization_id: UUID, name: str) -> None:
    """Remove a product type that no product is of.

    Raises:
        LockedFieldError: the product type came down from the distributor.
        OwnProductError: there is none of the name, or there are products of it.
    """
    parameters = {"organization_id": organization_id, "name": name}
    if connection.execute(_SQL["has_products_of_type"], parameters).scalar_one():
        raise OwnProductError(f"there are products of the type {name!r}: remove them first")
    if connection.execute(_SQL["remove_product_type"], parameters).rowcount == 0:
        if connection.execute(_SQL["has_inherited_product_type"], {"name": name}).scalar_one():
            require_reseller(Property.PRODUCT_TYPE_DELETION, f"product type {name}")
        raise OwnProductError(f"there is no product type {name!r} of your own: check the name")


def create(connection: Connection, organization_id: UUID, product: OwnProduct) -> None:
    """Make a product.

    Raises:
        EditionError: the tenant is not Premium.
        LockedFieldError: the product type is one of the distributor's.
        OwnProductError: there is an own product with that code, or no such product type.
        CategoryError: the tenant has no such category.
        InvalidValueError: a value is not possible.
    """
    _require_premium(connection, organization_id)
    values = _checked(connection, organization_id, product)
    if not connection.execute(_SQL["has_product_type"], values).scalar_one():
        _require_own_type(connection, product.product_type)
        raise OwnProductError(f"there is no product type {product.product_type!r} of your own: create it first")
    if not connection.execute(_SQL["create_product"], values).scalar_one():
        raise OwnProductError(
            f"there is a product {product.sku!r} of your own already: change it, or choose another code"
        )


def change(connection: Connection, organization_id: UUID, product: OwnProduct) -> None:
    """Give a product other values; its code and its product type stay.

    Raises:
        EditionError: the tenant is not Premium.
        OwnProductError: there is no own product with that code and product type.
        CategoryError: the tenant has no such category.
        InvalidValueError: a value is not possible.
    """
    _require_premium(connection, organization_id)
    values = _checked(connection, organization_id, product)
    if not connection.execute(_SQL["change_product"], values).scalar_one():
        raise OwnProductError(
            f"there is no product {product.sku!r} of your own and of the type {product.product_type!r}: check both. "
            "Change what came down from the distributor by setting overrides"
        )


def publish(connection: Connection, organization_id: UUID, sku: str, *, published: bool) -> None:
    """Show a product in the storefront, or hide it; hiding is possible with every edition.

    Raises:
        EditionError: it is to be shown, and the tenant is not Premium.
        OwnProductError: there is no own product with that code.
    """
    if published:
        _require_premium(connection, organization_id)
    parameters = {"organization_id": organization_id, "sku": sku, "published": published}
    if not connection.execute(_SQL["publish_product"], parameters).scalar_one():
        raise _missing(sku)


def remove(connection: Connection, organization_id: UUID, sku: str) -> None:
    """Remove a product and its offers.

    Raises:
        LockedFieldError: the product came down from the distributor.
        OwnProductError: there is no own product with that code.
    """
    if connection.execute(_SQL["remove_product"], {"organization_id": organization_id, "sku": sku}).rowcount == 0:
        if connection.execute(_SQL["has_inherited_offer"], {"sku": sku, "unit": None}).scalar_one():
            require_reseller(Property.DELETION, f"product {sku}")
        raise _missing(sku)


def put_offer(connection: Connection, organization_id: UUID, offer: OwnOffer) -> None:
    """Sell an own product in a unit, or change the prices that it has there.

    Raises:
        EditionError: the tenant is not Premium.
        LockedFieldError: the product came down from the distributor, who says what units it has.
        OwnProductError: there is no own product with that code.
        InvalidValueError: a price or the unit is not possible.
    """
    _require_premium(connection, organization_id)
    values = {
        "organization_id": organization_id,
        "sku": offer.sku,
        "unit": checked_text("unit", offer.unit),
        "sell_price": checked_amount("sell price", offer.sell_price),
        "cost": None if offer.cost is None else checked_amount("cost", offer.cost),
    }
    if not connection.execute(_SQL["put_offer"], values).scalar_one():
        if connection.execute(_SQL["has_inherited_offer"], {"sku": offer.sku, "unit": None}).scalar_one():
            require_reseller(Property.UNIT, f"product {offer.sku}")
        raise _missing(offer.sku)


def remove_offer(connection: Connection, organization_id: UUID, sku: str, unit: str) -> None:
    """Sell an own product in a unit no longer.

    Raises:
        LockedFieldError: the offer came down from the distributor.
        OwnProductError: there is no own offer in that unit.
    """
    parameters = {"organization_id": organization_id, "sku": sku, "unit": unit}
    if connection.execute(_SQL["remove_offer"], parameters).rowcount == 0:
        if connection.execute(_SQL["has_inherited_offer"], {"sku": sku, "unit": unit}).scalar_one():
            require_reseller(Property.UNIT, f"product {sku}")
        raise OwnProductError(f"there is no offer {sku!r} in unit {unit!r} of your own: check code and unit")


def listed(
    connection: Connection, organization_id: UUID, after: AfterSku = START, *, limit: int = PAGE_SIZE
) -> list[OwnListing]:
    """Return a tenant's own offers behind a place, by code and unit, in a transaction of whoever may read them."""
    rows = connection.execute(
        _SQL["list_products"],
        {"organization_id": organization_id, "sku": after.sku, "unit": after.unit, "limit": limit},
    )
    return [OwnListing(**row) for row in rows.mappings()]


def _require_premium(connection: Connection, organization_id: UUID) -> None:
    edition = connection.execute(_SQL["find_edition"], {"organization_id": organization_id}).scalar_one_or_none()
    if edition != Edition.PREMIUM:
        raise EditionError(
            f"products of your own come with the edition {Edition.PREMIUM}, and yours is {edition}: "
            "ask the distributor for it"
        )


def _require_own_type(connection: Connection, name: str) -> None:
    if connection.execute(_SQL["has_inherited_product_type"], {"name": name}).scalar_one():
        require_reseller(Property.NEW_PLAN, f"product type {name}")


def _checked(connection: Connection, organization_id: UUID, product: OwnProduct) -> dict[str, object]:
    if product.charge_type not in set(ChargeType):
        raise InvalidValueError(f"the charge type {product.charge_type!r} is not one: write {', '.join(ChargeType)}")
    return asdict(product) | {
        "organization_id": organization_id,
        "sku": checked_text("code", product.sku),
        "name": checked_text("name", product.name),
        "description": None if product.description is None else checked_text("description", product.description),
        "image": None if product.image is None else checked_image(product.image),
        "category": None if product.category is None else key_of(connection, organization_id, product.category),
    }


def _missing(sku: str) -> OwnProductError:
    return OwnProductError(f"there is no product {sku!r} of your own: check the code, or create it first")
