"""Changes that a reseller asks for on inherited products, by property: what it owns is set, the rest is refused."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from twotier.bss.reseller.overrides import (
    Margin,
    ProductField,
    SellPrice,
    record_offer_override,
    record_product_override,
)
from twotier.bss.reseller.ownership import UnknownPropertyError, require_reseller
from twotier.bss.reseller.rules import Property
from twotier.bss.reseller.values import InvalidValueError, parsed

_PRICES: Final = frozenset({Property.SELL_PRICE, Property.MARGIN})
_TEXTS: Final = frozenset(Property(field) for field in ProductField)


def change_product(
    connection: Connection,
    organization_id: UUID,
    sku: str,
    values: Mapping[str, str | None],
) -> None:
    """Set properties of an inherited product, or with None remove the reseller's overrides.

    Args:
        connection: in a transaction of the tenant.
        organization_id: the tenant.
        sku: of the product.
        values: by property, as `ownership.Property` names them.

    Raises:
        LockedFieldError: a property belongs to the distributor. Nothing was set.
        UnknownPropertyError: a product has no such property. Nothing was set.
        NotInCatalogueError: the product never arrived in the tenant's catalogue.
        CategoryError: the tenant has no such category.
        InvalidValueError: a property cannot have such a value.
    """
    _require(values, f"product {sku}", _TEXTS)
    for name, value in values.items():
        record_product_override(connection, organization_id, sku, ProductField(name), value)


def change_offer(
    connection: Connection,
    organization_id: UUID,
    sku: str,
    unit: str,
    values: Mapping[str, str | None],
) -> None:
    """Set the sell price or the margin of an inherited offer, or with None remove the reseller's override.

    Raises:
        LockedFieldError: a property belongs to the distributor. Nothing was set.
        UnknownPropertyError: an offer has no such property. Nothing was set.
        NotInCatalogueError: the offer never arrived in the tenant's catalogue.
        InvalidValueError: there is no such price or margin, or both were given.
    """
    _require(values, f"offer {sku} in unit {unit}", _PRICES)
    if values:
        price = _price(values.get(Property.SELL_PRICE), values.get(Property.MARGIN))
        record_offer_override(connection, organization_id, sku, unit, price)


def _require(names: Mapping[str, object], what: str, possible: frozenset[Property]) -> None:
    for name in names:
        if require_reseller(name, what).key not in possible:
            raise UnknownPropertyError(name, what, possible)


def _price(amount: str | None, percent: str | None) -> SellPrice | Margin | None:
    if amount is not None and percent is not None:
        raise InvalidValueError("a sell price and a margin cannot both hold: set one of them")
    if amount is not None:
        return SellPrice(parsed("sell price", amount))
    return None if percent is None else Margin(parsed("margin", percent))
