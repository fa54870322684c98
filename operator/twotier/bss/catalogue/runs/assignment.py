"""What is declared for a tenant's catalogue, and what that connects."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from twotier.bss.catalogue.runs.updates import Mode


class Approval(StrEnum):
    """When a plan is applied; the first catalogue comes with the tenant, whatever this says."""

    AUTOMATIC = "Automatic"
    """At once."""
    MANUAL = "Manual"
    """Once a person names it."""
    NEVER = "Never"
    """It is only shown."""


@dataclass(frozen=True, slots=True)
class TenantName:
    """A tenant as it is known before its organisation is made.

    Attributes:
        namespace: of the Distributor resource.
        distributor: its name.
        account: number of the reseller's account in the root organisation.
    """

    namespace: str
    distributor: str
    account: str


@dataclass(frozen=True, slots=True)
class Assignment:
    """A price list that a tenant's catalogue comes from, and how it is updated.

    Attributes:
        price_list: name of the list at the tenant's distributor.
        mode: of updates.
        sell_prices: whether updates overwrite sell prices, overrides included.
        names: whether updates overwrite names, overrides included.
        approved_plan: id of the plan that a person approves; it counts under Manual alone.
        revision: to stay at; None for the newest.
        restored_run: the run to undo to; nothing newer is applied while it is declared.
    """

    tenant: TenantName
    price_list: str
    mode: Mode = Mode.FULL
    sell_prices: bool = False
    names: bool = False
    approval: Approval = Approval.AUTOMATIC
    approved_plan: str | None = None
    revision: int | None = None
    restored_run: int | None = None


@dataclass(frozen=True, slots=True)
class AssignmentFacts:
    """A tenant and a list of the same distributor, as far as they exist.

    Attributes:
        organization_id: the tenant's; None before its organisation is made. So are phase and currency.
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
