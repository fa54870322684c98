"""Look-ups of tenants and price lists by the names that people know."""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from twotier.bss.sql import statements

_SQL: Final = statements(__name__)


@dataclass(frozen=True, slots=True)
class TenantEntry:
    """A tenant as the distributor knows it.

    Attributes:
        account: number of the reseller's account at the distributor.
        name: of the reseller.
        phase: see `tenants.phases`; edition, currency: as they were declared.
    """

    organization_id: UUID
    account: str
    name: str
    phase: str
    edition: str
    currency: str


@dataclass(frozen=True, slots=True)
class PriceListEntry:
    """A price list as its owner declared it."""

    id: int
    name: str
    currency: str
    active: bool
    valid_from: date | None
    valid_until: date | None


def find_tenant(connection: Connection, distributor_id: UUID, account: str) -> TenantEntry | None:
    """Return the tenant of an account; None if the distributor has none of that number."""
    parameters = {"distributor_id": distributor_id, "account": account}
    row = connection.execute(_SQL["find_tenant"], parameters).mappings().one_or_none()
    return None if row is None else TenantEntry(**row)


def find_price_list(connection: Connection, distributor_id: UUID, name: str) -> PriceListEntry | None:
    """Return a price list by its name; None if the distributor has none of that name."""
    parameters = {"distributor_id": distributor_id, "name": name}
    row = connection.execute(_SQL["find_price_list"], parameters).mappings().one_or_none()
    return None if row is None else PriceListEntry(**row)


def price_list_names(connection: Connection, price_list_ids: list[int]) -> dict[int, str]:
    """Return the names of price lists."""
    rows = connection.execute(_SQL["list_price_list_names"], {"price_list_ids": price_list_ids})
    return {row.id: row.name for row in rows}
