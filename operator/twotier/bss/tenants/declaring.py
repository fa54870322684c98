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
from twotier.bss.organizations.hosts import HostTakenError, host_of, is_taken, reserve_host
from twotier.bss.organizations.timezones import require_time_zone
from twotier.bss.sql import statements
from twotier.bss.tenants.declaration import Account, Administrator, Proof, Storefront, TenantDeclaration

_SQL: Final = statements(__name__)


class StorefrontRefusedError(Exception):
    """A storefront cannot have the declared address; the message says why, and what to do."""


class AddressTakenError(StorefrontRefusedError):
    """Somebody else has the storefront address."""

    def __init__(self, address: str) -> None:
        super().__init__(f"storefront address {address} is taken: choose another one")


class HostUnprovedError(StorefrontRefusedError):
    """Nothing shows that a host is the tenant's own."""

    def __init__(self, host: str) -> None:
        super().__init__(f"host {host} needs a proof that it is the tenant's: publish the record that it is asked for")


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
        now: when a new organisation is created, or a host proved.

    Raises:
        UnknownTimeZoneError: the declared time zone is none.
        StorefrontRefusedError: the storefront address belongs to somebody else, lacks its proof, or is none.
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
    if declaration.storefront is not None:
        _declare_storefront(connection, distributor, declaration.storefront, organization_id, now)
    return organization_id


def declare_administrator(
    connection: Connection, organization_id: UUID, administrator: Administrator, *, ids: Ids
) -> None:
    """Make the declared person the tenant's administrator; without an e-mail address, nothing changes.

    A password belongs to the e-mail address that signs in with it: another address is without one until credentials
    are stored again.
    """
    connection.execute(
        _SQL["declare_administrator"],
        {"organization_id": organization_id, "new_id": ids(), **asdict(administrator)},
    )


def _declare_storefront(
    connection: Connection, distributor: Distributor, storefront: Storefront, organization_id: UUID, now: datetime
) -> None:
    address = storefront.address(distributor.storefront_domain) or f"alias {storefront.alias}"
    fault = storefront.fault(distributor.storefront_domain)
    if fault is not None:
        raise StorefrontRefusedError(fault)
    try:
        _reserve_host(connection, storefront, organization_id, now)
        connection.execute(
            _SQL["declare_storefront"],
            {
                "organization_id": organization_id,
                "alias": storefront.alias,
                "branding": json.dumps(storefront.branding),
            },
        )
    except (HostTakenError, IntegrityError):
        # Perhaps both found it free at the same moment, and the other one was first
        raise AddressTakenError(address) from None


def _reserve_host(connection: Connection, storefront: Storefront, organization_id: UUID, now: datetime) -> None:
    """Reserve a host of the tenant's own, unless it has that already, or give up the one it had."""
    if storefront.host is not None:
        if host_of(connection, organization_id) == storefront.host:
            return
        if not storefront.proof.suffices:
            taken = is_taken(connection, organization_id, storefront.host)
            raise AddressTakenError(storefront.host) if taken else HostUnprovedError(storefront.host)
    reserve_host(
        connection, organization_id, storefront.host, proved_at=now if storefront.proof is Proof.SHOWN else None
    )
