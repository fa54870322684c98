"""What is a tenant's own: its products, and its overrides of inherited values."""

from functools import partial
from typing import Final

from fastapi import Response
from sqlalchemy import Connection

from twotier.bss.catalogue.reads.pages import AfterSku
from twotier.bss.directory.lookups import TenantEntry
from twotier.bss.reseller import overrides, own_products
from twotier.bss.reseller.overrides import AfterValue, Override
from twotier.bss.reseller.own_products import OwnListing
from twotier.web.api import models, showing
from twotier.web.api.listing import STREAMS, Asked, Listing
from twotier.web.api.paging import Key
from twotier.web.api.routing import Router
from twotier.web.api.scope import NOT_FOUND, Account, InScope

router = Router(prefix="/tenants/{account}", tags=["tenants"], responses=NOT_FOUND)


@router.get("/own-products", response_model=models.Page[models.OwnProduct], responses=STREAMS)
def products(at: InScope, account: Account, asked: Asked) -> models.Page[models.OwnProduct] | Response:
    """Return the reseller's own products, one row for each unit."""
    return PRODUCTS.send(partial(at.tenant, account), PRODUCTS.by_pages(_read_products), asked)


@router.get("/overrides", response_model=models.Page[models.TenantValue], responses=STREAMS)
def values(at: InScope, account: Account, asked: Asked) -> models.Page[models.TenantValue] | Response:
    """Return the reseller's overrides on inherited products and offers, including displaced ones."""
    return VALUES.send(partial(at.tenant, account), VALUES.by_pages(_read_values), asked)


def _read_products(
    connection: Connection, tenant: TenantEntry, after: Key | None, limit: int
) -> list[models.OwnProduct]:
    begin = AfterSku(*map(str, after)) if after else own_products.START
    return [_product(row) for row in own_products.listed(connection, tenant.organization_id, begin, limit=limit)]


def _read_values(
    connection: Connection, tenant: TenantEntry, after: Key | None, limit: int
) -> list[models.TenantValue]:
    begin = AfterValue(*map(str, after)) if after else AfterValue()
    return [_value(row) for row in overrides.listed(connection, tenant.organization_id, begin, limit=limit)]


def _product(row: OwnListing) -> models.OwnProduct:
    return models.OwnProduct(
        sku=row.sku,
        unit=row.unit,
        name=row.name,
        description=row.description,
        image=row.image,
        category=row.category,
        product_type=row.product_type,
        charge_type=row.charge_type,
        cost=row.cost,
        sell_price=row.sell_price,
        published=row.published,
    )


def _value(row: Override) -> models.TenantValue:
    return models.TenantValue(
        sku=row.sku,
        unit=row.unit,
        property=row.property,
        value=row.value,
        set_at=row.recorded_at,
        displaced_by=row.displaced_by,
    )


def _product_key(product: models.OwnProduct) -> Key:
    return (product.sku, product.unit or "")


def _value_key(value: models.TenantValue) -> Key:
    return (value.sku, value.unit or "", value.property)


PRODUCTS: Final = Listing[models.OwnProduct](
    key=_product_key, types=(str, str), columns=showing.columns(models.OwnProduct), flat=showing.flat
)
VALUES: Final = Listing[models.TenantValue](
    key=_value_key, types=(str, str, str), columns=showing.columns(models.TenantValue), flat=showing.flat
)
