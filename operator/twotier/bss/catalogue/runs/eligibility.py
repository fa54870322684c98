"""What an assignment leads to, and what may be done about it now: decided from facts alone.

The rules are those of domain.md sections 8 and 18.1; whoever shows a verdict adds what to do in its own terms.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from twotier.bss.catalogue.runs.assignment import Approval, Assignment, AssignmentFacts
from twotier.bss.catalogue.runs.log import LogEntry, RunRecord
from twotier.bss.catalogue.runs.obstacles import (
    NeverApplied,
    NoApprovalNeeded,
    NoCatalogue,
    NoSuchRun,
    PlanContradicted,
    PlanOfAnotherTenant,
    PlanOfUndo,
    RunHeldInForce,
    RunInForce,
    RunIsUndo,
    RunUndone,
    TenantNotActive,
    UnknownPlan,
)
from twotier.bss.catalogue.runs.planning import Plan
from twotier.bss.catalogue.runs.stored_plans import StoredPlan
from twotier.bss.catalogue.runs.updates import Update
from twotier.bss.obstacle import Obstacle
from twotier.bss.price_lists.assignable import NotAccepted, currency_obstacle, revision_obstacle
from twotier.bss.tenants.phases import FOLLOWING, Phase


@dataclass(frozen=True, slots=True)
class Target:
    """A tenant and the update that brings its catalogue to what is declared.

    Attributes:
        obstacle: what keeps any run from being made at present; the update is planned and shown all the same.
    """

    organization_id: UUID
    update: Update
    obstacle: Obstacle | None = None


@dataclass(frozen=True, slots=True)
class ApprovedPlan:
    """The plan that an assignment names as approved.

    Attributes:
        id: as it is declared.
        plan: None if the tenant has none of this id.
        obstacle: why it cannot be applied; None if it can.
    """

    id: str
    plan: StoredPlan | None
    obstacle: Obstacle | None

    @property
    def applied_as(self) -> int | None:
        """The run that it was applied as: nobody need be told that this does not happen again."""
        return None if self.plan is None else self.plan.applied_as


@dataclass(frozen=True, slots=True)
class Seen:
    """All that is known of an assignment whose tenant has a catalogue.

    Attributes:
        run: the catalogue is its result.
        plan: what comes next: the undo to the declared run, and from there or without one what the declared mode and
            options would change, up to the declared revision.
        approved: of the declared plan, where approvals count.
        undo_obstacle: why the declared run cannot be restored; None if it can, is in force, or none is declared.
    """

    target: Target
    run: RunRecord
    plan: Plan
    approved: ApprovedPlan | None = None
    undo_obstacle: Obstacle | None = None


@dataclass(frozen=True, slots=True)
class Apply:
    """The plan needs no approval."""

    plan: Plan


@dataclass(frozen=True, slots=True)
class ApplyApproved:
    """A person has approved this plan."""

    plan: StoredPlan


@dataclass(frozen=True, slots=True)
class Undo:
    """A person wants an earlier run restored."""

    plan: Plan
    restored: int


@dataclass(frozen=True, slots=True)
class RefuseApproval:
    """A person has approved what cannot be applied; the catalogue stays as it is."""

    approved: ApprovedPlan
    obstacle: Obstacle


@dataclass(frozen=True, slots=True)
class RefuseUndo:
    """A person requests an undo that is not possible."""

    restored: int
    obstacle: Obstacle


@dataclass(frozen=True, slots=True)
class Rest:
    """The last permitted state is in force."""


Step: TypeAlias = Apply | ApplyApproved | Undo | RefuseApproval | RefuseUndo | Rest


class Withheld(StrEnum):
    """Why a plan that would change something is not applied."""

    NOT_ACTIVE = "not active"
    RESTORED = "restored"
    SHOWN_ONLY = "shown only"
    AWAITS_APPROVAL = "awaits approval"


def target(assignment: Assignment, facts: AssignmentFacts | None) -> Target | Obstacle:
    """Return what an assignment leads to, or why nothing can be planned.

    Args:
        assignment: as it is declared.
        facts: what it connects; None before the distributor's root organisation is made.
    """
    if facts is None or facts.organization_id is None or facts.phase not in FOLLOWING:
        return NoCatalogue()
    name, pinned = assignment.price_list, assignment.revision
    if facts.price_list_id is None or facts.price_list_currency is None or facts.head_revision == 0:
        return NotAccepted(name)
    obstacle = currency_obstacle(name, facts.price_list_currency, facts.currency) or revision_obstacle(
        name, pinned=pinned, exists=facts.has_revision, newest=facts.head_revision
    )
    if obstacle is not None:
        return obstacle
    revision = pinned or facts.head_revision
    update = Update(facts.price_list_id, revision, assignment.mode, assignment.sell_prices, assignment.names)
    return Target(facts.organization_id, update, None if facts.phase == Phase.ACTIVE else TenantNotActive())


def judge_approval(
    assignment: Assignment, wanted: Target, id_: str, plan: StoredPlan | None, *, of_another: bool
) -> ApprovedPlan:
    """Say what an approval is worth now.

    Args:
        assignment: as it is declared.
        wanted: what it leads to.
        id_: of the approved plan.
        plan: the tenant's plan of this id.
        of_another: another tenant has a plan of this id.
    """
    if plan is None:
        return ApprovedPlan(id_, None, PlanOfAnotherTenant() if of_another else UnknownPlan())
    return ApprovedPlan(id_, plan, plan.moved or _contradiction(assignment, wanted.update, plan))


def approval_obstacle(assignment: Assignment, approved: ApprovedPlan) -> Obstacle | None:
    """Say why approving a plan would have no effect under an assignment; None if it would."""
    if assignment.restored_run is not None:
        return RunHeldInForce(assignment.restored_run)
    if approved.obstacle is not None:
        return approved.obstacle
    match assignment.approval:
        case Approval.AUTOMATIC:
            return NoApprovalNeeded()
        case Approval.NEVER:
            return NeverApplied()
        case Approval.MANUAL:
            return None


def undo_obstacle(run: int, found: LogEntry | None) -> Obstacle | None:
    """Say why a run cannot be restored by an undo: it must be an update before the one in force that was not undone.

    Args:
        run: its number.
        found: the run of this number; None if the tenant has none.
    """
    if found is None:
        return NoSuchRun(run)
    if found.restored is not None:
        return RunIsUndo(run, found.restored)
    if found.undone_by is not None:
        return RunUndone(run, found.undone_by)
    return RunInForce(run) if found.in_force else None


def next_step(assignment: Assignment, seen: Seen) -> Step:
    """Return what is to be done now; what can be neither done nor refused is shown and waits."""
    permitted = seen.target.obstacle is None
    if assignment.restored_run is not None:
        if seen.undo_obstacle is not None:
            return RefuseUndo(assignment.restored_run, seen.undo_obstacle)
        return Undo(seen.plan, seen.plan.restored) if permitted and seen.plan.restored is not None else Rest()
    if seen.approved is not None:
        return _answer(seen, seen.approved)
    if assignment.approval is Approval.AUTOMATIC and permitted and not seen.plan.empty:
        return Apply(seen.plan)
    return Rest()


def withheld(assignment: Assignment, seen: Seen) -> Withheld:
    """Say why a plan that would change something is not applied."""
    if seen.target.obstacle is not None:
        return Withheld.NOT_ACTIVE
    if assignment.restored_run is not None:
        return Withheld.RESTORED
    return Withheld.SHOWN_ONLY if assignment.approval is Approval.NEVER else Withheld.AWAITS_APPROVAL


def _answer(seen: Seen, approved: ApprovedPlan) -> Step:
    if approved.obstacle is None and approved.plan is not None:
        return ApplyApproved(approved.plan) if seen.target.obstacle is None else Rest()
    if approved.obstacle is None or approved.applied_as is not None or seen.plan.empty:
        return Rest()
    return RefuseApproval(approved, approved.obstacle)


def _contradiction(assignment: Assignment, declared: Update, plan: StoredPlan) -> Obstacle | None:
    """Say where the plan no longer does what is declared; a newer revision of the list is no contradiction."""
    planned = plan.update
    if plan.restored is not None:
        return PlanOfUndo(plan.restored)
    if planned.price_list_id != declared.price_list_id:
        return PlanContradicted(f"leads to price list {plan.price_list}", "price list", assignment.price_list)
    if assignment.revision is not None and planned.revision != assignment.revision:
        return PlanContradicted(f"leads to revision {planned.revision}", "revision", str(assignment.revision))
    choices = (
        ("mode", str(planned.mode), str(declared.mode)),
        ("sell prices option", _on(planned.sell_prices), _on(declared.sell_prices)),
        ("names option", _on(planned.names), _on(declared.names)),
    )
    for setting, then, now in choices:
        if then != now:
            return PlanContradicted(f"was planned with {setting} {then}", setting, now)
    return None


def _on(option: bool) -> str:  # noqa: FBT001 -- a value
    return "on" if option else "off"
