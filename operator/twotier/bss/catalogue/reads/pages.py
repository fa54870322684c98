"""Reads of a tenant's catalogue: one offer, pages of those on offer, or all of it as of any run.

Tenants' reads run in a transaction of the tenant (`Database.tenant_transaction`), or of the operator after `act_for`.
All agree with the view `tenant_catalogue`, which is the definition and reads everything.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, RowMapping

from twotier.bss.sql import statements

_SQL: Final = statements(__name__)

PAGE_SIZE: Final = 50

STREAMED_ROWS: Final = 1000
"""How many rows are fetched at once where no limit is given."""


@dataclass(frozen=True, slots=True)
class Tier:
    """The cost of one from a quantity on."""

    minimum_quantity: Decimal
    price: Decimal


@dataclass(frozen=True, slots=True)
class CatalogueOffer:
    """A product in one unit, as the tenant sells it."""

    sku: str
    unit: str
    name: str
    description: str | None
    image: str | None
    category: str | None
    product_type: str | None
    charge_type: str
    kind: str
    cost: Decimal
    tiers: tuple[Tier, ...]
    sell_price: Decimal | None
    active: bool
    """By the distributor: offer and product."""
    discontinued: bool
    """It arrived once and is not in the list any more."""
    published: bool
    """Active, not discontinued, priced, and not hidden by the reseller."""
    needs_review: bool
    """It came without a sell price, and the reseller has set none."""
    inherited_name: str
    inherited_description: str | None
    inherited_category: str | None
    inherited_sell_price: Decimal | None
    list_name: str
    """The name in the list as of the last full update: what pages by name are sorted by."""


@dataclass(frozen=True, slots=True)
class SeenOffer:
    """An offer as the distributor's own people see it.

    Attributes:
        suspect: the list's source lacks it at present; it is sold until it is discontinued for that.
    """

    offer: CatalogueOffer
    suspect: bool


@dataclass(frozen=True, slots=True)
class AfterSku:
    """Where a page by SKU begins: behind this offer."""

    sku: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class AfterName:
    """Where a page by name begins: behind this offer."""

    list_name: str = ""
    sku: str = ""
    unit: str = ""


def lookup(connection: Connection, sku: str, unit: str) -> CatalogueOffer | None:
    """Return one offer, discontinued ones included; None if it never arrived."""
    row = connection.execute(_SQL["find_offer"], {"sku": sku, "unit": unit}).mappings().first()
    return None if row is None else _offer(row)


def page_by_sku(
    connection: Connection, after: AfterSku = AfterSku(), *, limit: int = PAGE_SIZE
) -> list[CatalogueOffer]:
    """Return the offers behind a place, ordered by SKU and unit, without the discontinued ones."""
    parameters = {"sku": after.sku, "unit": after.unit, "limit": limit}
    return [_offer(row) for row in connection.execute(_SQL["list_by_sku"], parameters).mappings()]


def page_by_name(
    connection: Connection, after: AfterName = AfterName(), *, limit: int = PAGE_SIZE
) -> list[CatalogueOffer]:
    """Return the offers behind a place, without the discontinued ones.

    The order is that of the list's own names, then SKU and unit: a name that the reseller set is shown, but does not
    move the offer.
    """
    parameters = {"name": after.list_name, "sku": after.sku, "unit": after.unit, "limit": limit}
    return [_offer(row) for row in connection.execute(_SQL["list_by_name"], parameters).mappings()]


def catalogue_at(
    connection: Connection,
    organization_id: UUID,
    run: int | None = None,
    after: AfterSku = AfterSku(),
    *,
    limit: int | None = PAGE_SIZE,
) -> Iterator[SeenOffer]:
    """Give a tenant's catalogue as it was after a run, by SKU and unit, discontinued offers included.

    Args:
        connection: in a transaction of the operator, or of the distributor's own people.
        organization_id: the tenant.
        run: any of the tenant's log, undone or not, with the overrides as they were then; None for what holds now.
        after: the last offer of the page before.
        limit: at most so many; None for all, fetched in portions.
    """
    sql = _SQL["list_at_run"]
    rows = connection.execute(
        sql if limit is not None else sql.execution_options(yield_per=STREAMED_ROWS),
        {
            "organization_id": organization_id,
            "run": run,
            "after_sku": after.sku,
            "after_unit": after.unit,
            "limit": limit,
        },
    )
    return (seen_offer(row) for row in rows.mappings())


_TIER: Final = re.compile(r"\(([^,]+),([^)]+)\)")
_COLUMNS: Final = tuple(field.name for field in fields(CatalogueOffer))


def seen_offer(row: RowMapping) -> SeenOffer:
    """Read a row of the catalogue with its flag."""
    return SeenOffer(_offer(row), row["suspect"])


def _offer(row: RowMapping) -> CatalogueOffer:
    columns = {name: row[name] for name in _COLUMNS}
    return CatalogueOffer(**columns | {"tiers": tiers_of(row["tiers"])})


def tiers_of(value: str) -> tuple[Tier, ...]:
    """Read an array of tiers as it reaches the client, which is as text: {"(10,4.50)","(50,4)"}."""
    return tuple(Tier(Decimal(quantity), Decimal(price)) for quantity, price in _TIER.findall(value))
