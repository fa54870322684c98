"""Whose a host name is: each belongs to one organisation of the installation, a base domain with all below it."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from twotier.bss.sql import statements

_SQL: Final = statements(__name__)


class HostTakenError(Exception):
    """Somebody else has the name, something that it lies below, or, of a base domain, something below it."""


def reserve_base_domain(connection: Connection, organization_id: UUID, domain: str | None) -> None:
    """Make a domain the one of a distributor, which gives up the one that it had; None only gives it up.

    Raises:
        HostTakenError: the domain, one above or below it, or a host below it is somebody else's.
    """
    _reserve(connection, organization_id, domain, is_base_domain=True, proved_at=None)


def reserve_host(
    connection: Connection, organization_id: UUID, host: str | None, *, proved_at: datetime | None = None
) -> None:
    """Make a host a tenant's own, which gives up the one that it had; None only gives it up.

    A proof takes the host from a tenant that has it without one.

    Args:
        connection: in a transaction, which a refusal ends.
        organization_id: the tenant's.
        host: in its one spelling.
        proved_at: when DNS showed that the host is the tenant's; None where nobody asked for a proof.

    Raises:
        HostTakenError: it is somebody else's, or lies below a base domain.
    """
    if proved_at is not None:
        connection.execute(_SQL["take_from_unproved"], {"organization_id": organization_id, "name": host})
    _reserve(connection, organization_id, host, is_base_domain=False, proved_at=proved_at)


def host_of(connection: Connection, organization_id: UUID) -> str | None:
    """Return the name that an organisation has."""
    found: str | None = connection.execute(_SQL["find_host"], {"organization_id": organization_id}).scalar_one_or_none()
    return found


def is_taken(connection: Connection, organization_id: UUID, host: str) -> bool:
    """Tell whether no proof would give an organisation a host, because it is somebody else's."""
    taken: bool = connection.execute(_SQL["is_taken"], {"organization_id": organization_id, "host": host}).scalar_one()
    return taken


def _reserve(
    connection: Connection,
    organization_id: UUID,
    name: str | None,
    *,
    is_base_domain: bool,
    proved_at: datetime | None,
) -> None:
    parameters = {
        "organization_id": organization_id,
        "name": name,
        "is_base_domain": is_base_domain,
        "proved_at": proved_at,
    }
    try:
        connection.execute(_SQL["reserve"], parameters)
    except IntegrityError as error:
        raise HostTakenError(name) from error
