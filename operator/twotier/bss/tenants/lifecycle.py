"""A tenant's life after provisioning: activated, suspended, resumed, deleted, brought back, erased."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Row

from twotier.bss.sql import statements
from twotier.bss.tenants.erasure import erase_rows
from twotier.bss.tenants.phases import Phase, Transition, phase_after
from twotier.fault_points import fault_point

_SQL: Final = statements(__name__)


class NoSuchTenantError(Exception):
    """No tenant has this organisation."""

    def __init__(self, organization_id: UUID) -> None:
        super().__init__(f"organisation {organization_id} is not a tenant: it was never provisioned, or it was erased")


def find_by_account(connection: Connection, namespace: str, distributor: str, number: str) -> UUID | None:
    """Return the tenant of an account, by the names of its distributor and the number; None if there is none."""
    parameters = {"namespace": namespace, "distributor": distributor, "number": number}
    found: UUID | None = connection.execute(_SQL["find_by_account"], parameters).scalar_one_or_none()
    return found


def find_below(connection: Connection, namespace: str, organization_id: UUID) -> UUID | None:
    """Return a tenant by its id, if its distributor is of this namespace; None if not."""
    parameters = {"namespace": namespace, "organization_id": organization_id}
    found: UUID | None = connection.execute(_SQL["find_below"], parameters).scalar_one_or_none()
    return found


def activate(connection: Connection, organization_id: UUID, *, now: datetime) -> None:
    """Make a tenant in progress Active; for the transaction in which its first catalogue is written.

    Raises:
        PhaseRefusedError: the tenant is suspended or deleted.
    """
    found = _locked(connection, organization_id)
    _move(connection, organization_id, found, Transition.ACTIVATE)
    if found.activated_at is None:
        connection.execute(_SQL["note_activation"], {"organization_id": organization_id, "now": now})
    fault_point("tenant.activate")


def hold_active(connection: Connection, organization_id: UUID) -> bool:
    """Tell whether a tenant is Active, and keep its phase as it is until the transaction ends."""
    phase = connection.execute(_SQL["hold_phase"], {"organization_id": organization_id}).scalar_one_or_none()
    return phase == Phase.ACTIVE


def suspend(connection: Connection, organization_id: UUID) -> None:
    """Stop sign-in, ordering and updates; running subscriptions and recorded back-orders go on.

    Raises:
        PhaseRefusedError: the tenant is not active.
    """
    _move(connection, organization_id, _locked(connection, organization_id), Transition.SUSPEND)


def resume(connection: Connection, organization_id: UUID) -> None:
    """Make a suspended tenant Active again.

    Raises:
        PhaseRefusedError: the tenant is not suspended.
    """
    _move(connection, organization_id, _locked(connection, organization_id), Transition.RESUME)


def mark_deleted(connection: Connection, organization_id: UUID) -> None:
    """Close a tenant and keep everything of it, the address of its storefront included."""
    _move(connection, organization_id, _locked(connection, organization_id), Transition.MARK_DELETED)


def readopt(connection: Connection, organization_id: UUID) -> Phase:
    """Bring a deleted tenant back and return its phase: Active, or InProgress if it never was active.

    Raises:
        PhaseRefusedError: the tenant is not marked as deleted.
    """
    found = _locked(connection, organization_id)
    transition = Transition.READOPT_UNFINISHED if found.activated_at is None else Transition.READOPT
    return _move(connection, organization_id, found, transition)


def erase(connection: Connection, organization_id: UUID) -> None:
    """Remove every row of a tenant. Its account in the root stays, and so does what was billed there.

    Repeatable: a tenant that is gone is not an error.
    """
    erase_rows(connection, organization_id)
    fault_point("tenant.erase")


def _locked(connection: Connection, organization_id: UUID) -> Row[*tuple[Any, ...]]:
    found = connection.execute(_SQL["lock_phase"], {"organization_id": organization_id}).one_or_none()
    if found is None:
        raise NoSuchTenantError(organization_id)
    return found


def _move(connection: Connection, organization_id: UUID, found: Row[*tuple[Any, ...]], transition: Transition) -> Phase:
    phase = phase_after(transition, Phase(found.phase))
    if phase != found.phase:
        connection.execute(_SQL["move_phase"], {"organization_id": organization_id, "phase": phase})
    return phase
