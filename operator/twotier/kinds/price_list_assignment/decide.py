"""What an assignment leads to, and what is done about it now: decided from facts alone."""

from dataclasses import dataclass
from typing import Final, TypeAlias
from uuid import UUID

from twotier.bss.catalogue.runs.assignment import AssignmentFacts
from twotier.bss.catalogue.runs.log import Attempt, LogEntry, Outcome, RunRecord
from twotier.bss.catalogue.runs.planning import Plan
from twotier.bss.catalogue.runs.stored_plans import StoredPlan
from twotier.bss.catalogue.runs.updates import Mode, Update
from twotier.bss.tenants.phases import FOLLOWING, Phase
from twotier.kinds.price_list_assignment.declaration import PriceListAssignmentSpec
from twotier.runtime.outcome import Stalled, Waiting
from twotier.runtime.reasons import Reason

SHORT: Final = len("sha256:") + 12
"""Characters of an id by which people tell plans apart."""


@dataclass(frozen=True, slots=True)
class Target:
    """A tenant and the update that brings his catalogue to what is declared.

    Attributes:
        permitted: an update is only for an active tenant.
    """

    organization_id: UUID
    update: Update
    permitted: bool


@dataclass(frozen=True, slots=True)
class Approval:
    """The plan that spec.approvedPlan names.

    Attributes:
        id: as the spec has it.
        plan: None if the tenant has none of this id.
        fault: why it cannot be applied; None if it can.
    """

    id: str
    plan: StoredPlan | None
    fault: str | None

    @property
    def applied_as(self) -> int | None:
        """The run that it was applied as: nobody need be told that this does not happen again."""
        return None if self.plan is None else self.plan.applied_as


@dataclass(frozen=True, slots=True)
class Seen:
    """All that is known of an assignment whose tenant has a catalogue.

    Attributes:
        run: the catalogue is its result.
        plan: what comes next: the way back to the run of spec.restoreRun, and from there or without one what the
            declared mode and options would change, up to the declared revision.
        approval: of spec.approvedPlan, where approvals count.
        restorable: the run of spec.restoreRun; None if the tenant has none of this number, or none is declared.
    """

    wanted: Target
    run: RunRecord
    plan: Plan
    approval: Approval | None = None
    restorable: LogEntry | None = None


@dataclass(frozen=True, slots=True)
class Apply:
    """The plan needs no approval."""

    plan: Plan


@dataclass(frozen=True, slots=True)
class ApplyApproved:
    """A person has approved this plan."""

    plan: StoredPlan


@dataclass(frozen=True, slots=True)
class Restore:
    """A person wants the catalogue back as it was after an earlier run."""

    plan: Plan
    run: int


@dataclass(frozen=True, slots=True)
class Refuse:
    """A person asks for what cannot be.

    Attributes:
        attempt: for the log.
        stalled: the resource comes to a stop over it.
    """

    attempt: Attempt
    stalled: Stalled | None = None


@dataclass(frozen=True, slots=True)
class Rest:
    """The last permitted state is in force."""


Step: TypeAlias = Apply | ApplyApproved | Restore | Refuse | Rest


def target(spec: PriceListAssignmentSpec, facts: AssignmentFacts | None) -> Target:
    """Return what an assignment leads to.

    Raises:
        Waiting: the tenant is not made yet, or the list has no accepted revision: the remedy is in another resource.
        Stalled: the list is in another currency than the tenant, or the pinned revision does not exist.
    """
    if facts is None or facts.organization_id is None or facts.phase not in FOLLOWING:
        raise Waiting(
            Reason.TENANT_NOT_ACTIVE,
            f"TenantReseller {spec.tenant} is not active yet, and his first catalogue comes with that: "
            "see his conditions",
        )
    if facts.price_list_id is None or facts.head_revision == 0:
        raise Waiting(
            Reason.NO_REVISION, f"PriceList {spec.price_list} has no accepted revision yet: see its condition Accepted"
        )
    if facts.price_list_currency != facts.currency:
        raise Stalled(
            Reason.CURRENCY_MISMATCH,
            f"PriceList {spec.price_list} is in {facts.price_list_currency}, the tenant's catalogue in "
            f"{facts.currency}: set spec.priceList to a list in {facts.currency}",
        )
    if not facts.has_revision:
        raise Stalled(
            Reason.REVISION_NOT_FOUND,
            f"PriceList {spec.price_list} has no revision {spec.revision}, the newest is {facts.head_revision}: "
            "correct spec.revision, or remove it to follow the newest",
        )
    revision = spec.revision or facts.head_revision
    update = Update(facts.price_list_id, revision, Mode(spec.mode), spec.sell_prices, spec.names)
    return Target(facts.organization_id, update, permitted=facts.phase == Phase.ACTIVE)


def judge(
    spec: PriceListAssignmentSpec, wanted: Target, approved: str, plan: StoredPlan | None, *, of_another: bool
) -> Approval:
    """Return what an approval is worth now.

    Args:
        approved: the id in the spec.
        plan: the tenant's plan of this id.
        of_another: another tenant has a plan of this id.
    """
    if plan is None:
        fault = (
            "it is a plan of another tenant" if of_another else f"no plan of {spec.tenant} with this id was ever shown"
        )
        return Approval(approved, None, fault)
    return Approval(approved, plan, plan.moved or _contradiction(spec, wanted, plan))


def leads_back(current: RunRecord, found: LogEntry | None) -> bool:
    """Tell whether a run is one to go back to: an update before the one in force that was not undone."""
    if found is None or found.restored is not None or found.undone_by is not None:
        return False
    return found.position.run < current.number


def decide(spec: PriceListAssignmentSpec, seen: Seen) -> Step:
    """Return what is to be done now; what can be neither done nor refused is shown and waits."""
    if spec.restore_run is not None:
        return _restore(spec, spec.restore_run, seen)
    if seen.approval is not None:
        return _answer(seen, seen.approval)
    if spec.approval == "Automatic" and seen.wanted.permitted and not seen.plan.empty:
        return Apply(seen.plan)
    return Rest()


def short(id_: str) -> str:
    """Return the beginning of a plan's id."""
    return id_ if len(id_) <= SHORT else f"{id_[:SHORT]}…"


def _restore(spec: PriceListAssignmentSpec, number: int, seen: Seen) -> Step:
    fault = _no_way_back(spec.tenant, number, seen.restorable)
    if fault is not None:
        message = (
            f"{fault}: set spec.restoreRun to an update that counts, or remove it; "
            f"`kubectl twotier log {spec.tenant}` shows them"
        )
        attempt = Attempt(Outcome.REFUSED, Reason.RUN_NOT_FOUND, message, restored=number)
        return Refuse(attempt, Stalled(Reason.RUN_NOT_FOUND, message))
    return Rest() if seen.plan.restored is None or not seen.wanted.permitted else Restore(seen.plan, number)


def _no_way_back(tenant: str, number: int, found: LogEntry | None) -> str | None:
    if found is None:
        return f"{tenant} has no run {number}"
    if found.restored is not None:
        return f"run {number} of {tenant} is itself a return to run {found.restored}"
    if found.undone_by is not None:
        return f"run {number} of {tenant} was undone by run {found.undone_by}"
    return None


def _answer(seen: Seen, approval: Approval) -> Step:
    if approval.fault is None and approval.plan is not None:
        return ApplyApproved(approval.plan) if seen.wanted.permitted else Rest()
    if approval.applied_as is not None or seen.plan.empty:
        return Rest()
    message = f"Plan {approval.id} cannot be applied: {approval.fault}. Approve the plan that the status shows"
    return Refuse(Attempt(Outcome.REFUSED, Reason.APPROVAL_REFUSED, message, _update(approval), plan_id=approval.id))


def _update(approval: Approval) -> Update | None:
    return None if approval.plan is None else approval.plan.update


def _contradiction(spec: PriceListAssignmentSpec, wanted: Target, plan: StoredPlan) -> str | None:
    """Say where the spec has come to ask for something else; newer revisions of the list are no contradiction."""
    planned, declared = plan.update, wanted.update
    if plan.restored is not None:
        return f"it returns to run {plan.restored}, for which spec.restoreRun is there"
    if planned.price_list_id != declared.price_list_id:
        return f"it leads to PriceList {plan.price_list}, and spec.priceList is {spec.price_list}"
    if spec.revision is not None and planned.revision != spec.revision:
        return f"it leads to revision {planned.revision}, and spec.revision is {spec.revision}"
    asked = (
        ("mode", str(planned.mode), str(declared.mode)),
        ("sellPrices", _yaml(planned.sell_prices), _yaml(declared.sell_prices)),
        ("names", _yaml(planned.names), _yaml(declared.names)),
    )
    for field, then, now in asked:
        if then != now:
            return f"it was planned with {field} {then}, and spec.{field} is {now}"
    return None


def _yaml(value: bool) -> str:  # noqa: FBT001 -- a value
    return str(value).lower()
