"""What is declared of a tenant, put into force: written where different, at creation and ever after."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from twotier.bss.identity import Ids
from twotier.bss.organizations.distributor import Distributor
from twotier.bss.organizations.timezones import require_time_zone
from twotier.bss.sql import statements
from twotier.bss.tenants.declaration import Account, Administrator, TenantDeclaration

_SQL: Final = statements(__name__)


class AddressTakenError(Exception):
    """Another tenant has the storefront address."""

    def __init__(self, address: str) -> None:
        super().__init__(f"storefront address {address} is taken: choose another one")


def declare_account(connection: Connection, distributor_id: UUID, account: Account) -> None:
    """Make the reseller's account in the root organisation what is declared, its provisioning links included."""
    connection.execute(
        _SQL["declare_account"],
        {"distributor_id": distributor_id, "account": json.dumps(asdict(account))},
    )


def declare_tenant(
    connection: Connection,
    distributor: Distributor,
    declaration: TenantDeclaration,
    *,
    currency: str,
    ids: Ids,
    now: datetime,
) -> UUID:
    """Make the account, the organisation and its storefront what is declared; return the organisation's id.

    A new tenant is InProgress; the phase of one that exists stays. The storefront's address is reserved here, at the
    request and not at its completion. It follows the declaration later on; when the declaration has no storefront any
    more, address and branding are kept for its return.

    Args:
        connection: in a transaction.
        distributor: the root.
        declaration: of a tenant whose checklist passed once.
        currency: of a new organisation; one that exists keeps its own.
        ids: gives the id of a new organisation.
        now: when a new organisation is created.

    Raises:
        UnknownTimeZoneError: the declared time zone is none.
        AddressTakenError: the storefront address belongs to another tenant.
    """
    time_zone = declaration.time_zone or distributor.time_zone
    require_time_zone(time_zone)
    declare_account(connection, distributor.id, declaration.account)
    organization_id: UUID = connection.execute(
        _SQL["declare_organization"],
        {
            "new_id": ids(),
            "root_id": distributor.id,
            "account_number": declaration.account.number,
            "display_name": declaration.account.name,
            "country": declaration.account.country,
            "time_zone": time_zone,
            "currency": currency,
            "now": now,
        },
    ).scalar_one()
    connection.execute(
        _SQL["declare_tenant"],
        {
            "organization_id": organization_id,
            "edition": declaration.edition,
            "language": declaration.language,
            "date_format": declaration.date_format,
            "separate_invoices": declaration.separate_invoices,
            "billing_day": declaration.billing_day,
        },
    )
    _declare_storefront(connection, distributor, declaration, organization_id)
    return organization_id


def declare_administrator(
    connection: Connection, organization_id: UUID, administrator: Administrator, *, ids: Ids
) -> None:
    """Make the declared person the tenant's administrator; without an e-mail address, nothing changes."""
    connection.execute(
        _SQL["declare_administrator"],
        {"organization_id": organization_id, "new_id": ids(), **asdict(administrator)},
    )


def _declare_storefront(
    connection: Connection, distributor: Distributor, declaration: TenantDeclaration, organization_id: UUID
) -> None:
    storefront = declaration.storefront
    address = storefront.address(distributor.storefront_domain) if storefront else None
    if storefront is None or address is None:
        return
    _reserve_address(connection, organization_id, address)
    connection.execute(
        _SQL["declare_storefront"],
        {"organization_id": organization_id, "branding": json.dumps(storefront.branding)},
    )


def _reserve_address(connection: Connection, organization_id: UUID, address: str) -> None:
    try:
        holder = connection.execute(
            _SQL["reserve_address"], {"organization_id": organization_id, "host": address}
        ).scalar_one()
    except IntegrityError:
        # Both found it free at the same moment, and the other one was first
        raise AddressTakenError(address) from None
    if holder != organization_id:
        raise AddressTakenError(address)
