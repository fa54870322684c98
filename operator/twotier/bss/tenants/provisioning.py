"""Making a tenant organisation: steps that may each be repeated, so that a restart goes on where a crash left off."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from twotier.bss.identity import Ids
from twotier.bss.organizations.distributor import Distributor
from twotier.bss.sql import statements
from twotier.bss.tenants.declaration import TenantDeclaration
from twotier.bss.tenants.declaring import declare_administrator, declare_tenant
from twotier.bss.tenants.observing import PriceListFacts
from twotier.fault_points import fault_point

_SQL: Final = statements(__name__)

Transactions = Callable[[], AbstractContextManager[Connection]]


@dataclass(frozen=True, slots=True)
class Making:
    """What the steps that follow the organisation's row need to know."""

    organization_id: UUID
    declaration: TenantDeclaration
    price_list_id: int
    revision: int
    ids: Ids


def provision(
    transactions: Transactions,
    distributor: Distributor,
    declaration: TenantDeclaration,
    price_list: PriceListFacts,
    *,
    ids: Ids,
    now: datetime,
) -> UUID:
    """Make everything that a tenant has before its first catalogue, and return the id of its organisation.

    Each step is a transaction of its own and adds what an interrupted run before it has not made. The checklist must
    have passed. The tenant is InProgress afterwards; `lifecycle.activate` ends that. Not for a tenant that was active
    before: what the reseller removed since would come back.

    Args:
        transactions: opens a transaction (`Database.transaction`).
        distributor: the root.
        declaration: of the tenant.
        price_list: the list and revision of the first catalogue.
        ids: gives the ids of new rows.
        now: the time of creation.

    Raises:
        StorefrontRefusedError: another tenant reserved the storefront's address since the checklist passed.
        UnknownTimeZoneError: the declared time zone is none.
    """
    with transactions() as connection:
        organization_id = declare_tenant(
            connection, distributor, declaration, currency=price_list.currency, ids=ids, now=now
        )
        fault_point("tenant.provision.organization")
    making = Making(organization_id, declaration, price_list.id, price_list.revision, ids)
    for name, step in _STEPS:
        with transactions() as connection:
            step(connection, making)
            fault_point(f"tenant.provision.{name}")
    return organization_id


def copy_taxes(connection: Connection, organization_id: UUID, price_list_id: int, revision: int) -> None:
    """Copy the distributor's taxes that a tenant in the same country needs for a list.

    These are the rules for all product types, and those for product types that the list has at the revision. Rules of
    a product type are copied once: what the reseller changed or removed since stays as it is. To be called again
    when an update may have brought new product types.
    """
    connection.execute(
        _SQL["copy_taxes"],
        {"organization_id": organization_id, "price_list_id": price_list_id, "revision": revision},
    )


def connect_platforms(connection: Connection, organization_id: UUID, price_list_id: int, revision: int) -> None:
    """Connect a tenant to the platforms that provision the product types of a list at a revision.

    The tenant gets a name and reference of its own to edit; every other setting stays the distributor's and is read
    from there when it is used. To be called again when an update may have brought new product types.
    """
    connection.execute(
        _SQL["connect_platforms"],
        {"organization_id": organization_id, "price_list_id": price_list_id, "revision": revision},
    )


def _groups(connection: Connection, making: Making) -> None:
    connection.execute(_SQL["make_groups"], {"organization_id": making.organization_id})


def _administrator(connection: Connection, making: Making) -> None:
    declare_administrator(connection, making.organization_id, making.declaration.administrator, ids=making.ids)


def _taxes(connection: Connection, making: Making) -> None:
    copy_taxes(connection, making.organization_id, making.price_list_id, making.revision)


def _payment_methods(connection: Connection, making: Making) -> None:
    connection.execute(_SQL["copy_payment_methods"], {"organization_id": making.organization_id})


def _automatic_invoicing(connection: Connection, making: Making) -> None:
    connection.execute(_SQL["copy_automatic_invoicing"], {"organization_id": making.organization_id})


def _platforms(connection: Connection, making: Making) -> None:
    connect_platforms(connection, making.organization_id, making.price_list_id, making.revision)


# Countries need no step, being referred to; nor does the currency, which the organisation's row has, as the only one.
_STEPS: Final[tuple[tuple[str, Callable[[Connection, Making], None]], ...]] = (
    ("groups", _groups),
    ("administrator", _administrator),
    ("taxes", _taxes),
    ("payment_methods", _payment_methods),
    ("automatic_invoicing", _automatic_invoicing),
    ("platforms", _platforms),
)
