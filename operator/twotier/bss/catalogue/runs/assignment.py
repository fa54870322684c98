"""What an assignment of a price list to a tenant connects."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection

from twotier.bss.sql import statement


@dataclass(frozen=True, slots=True)
class AssignmentFacts:
    """A tenant and a list of the same distributor, as far as they exist.

    Attributes:
        organization_id: the tenant's; None before his organisation is made. So are phase and currency.
        phase: one of those of a tenant, see `tenants.phases`.
        price_list_id: None before the list is declared in the database. So is its currency.
        head_revision: the newest accepted one; 0 before the first.
        has_revision: whether the pinned revision exists, or without a pin the newest one.
    """

    organization_id: UUID | None
    phase: str | None
    currency: str | None
    price_list_id: int | None
    price_list_currency: str | None
    head_revision: int
    has_revision: bool


def observe_assignment(
    connection: Connection,
    *,
    namespace: str,
    distributor: str,
    account_number: str,
    price_list: str,
    pinned: int | None,
) -> AssignmentFacts | None:
    """Find what an assignment connects; None before the distributor's root organisation is made.

    Args:
        namespace: of the Distributor resource.
        distributor: its name.
        account_number: of the reseller in the root organisation.
        price_list: name of the list at the distributor.
        pinned: the revision to stay at; None for the newest.
    """
    row = connection.execute(
        statement("catalogue/runs/assignment.sql"),
        {
            "namespace": namespace,
            "distributor": distributor,
            "account_number": account_number,
            "price_list": price_list,
            "pinned": pinned,
        },
    ).one_or_none()
    if row is None:
        return None
    return AssignmentFacts(
        organization_id=row.organization_id,
        phase=row.phase,
        currency=row.currency,
        price_list_id=row.price_list_id,
        price_list_currency=row.price_list_currency,
        head_revision=row.head_revision or 0,
        has_revision=row.has_revision,
    )
