"""A tenant's catalogue brought to what is declared, as far as that is permitted: each use case is one transaction.

Only an active tenant is updated, a plan is applied once and only where the tenant still stands, a full update brings
the taxes and platforms that its product types need, and whoever asks for what may not be finds the reason in the log.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import TypeAlias
from uuid import UUID

from sqlalchemy import Connection

from twotier.bss.catalogue.runs import log, stored_plans
from twotier.bss.catalogue.runs.assignment import Assignment
from twotier.bss.catalogue.runs.changes import Changes
from twotier.bss.catalogue.runs.eligibility import (
    Apply,
    ApplyApproved,
    RefuseApproval,
    RefuseUndo,
    Rest,
    Seen,
    Undo,
    Withheld,
    next_step,
    withheld,
)
from twotier.bss.catalogue.runs.log import Attempt, AttemptReason, Outcome, RunRecord
from twotier.bss.catalogue.runs.observing import find_target, see
from twotier.bss.catalogue.runs.obstacles import CatalogueMoved, RunRefusedError, TenantNotActive
from twotier.bss.catalogue.runs.planning import Plan
from twotier.bss.catalogue.runs.shared_plans import SharedPlans
from twotier.bss.catalogue.runs.stored_plans import StoredPlan
from twotier.bss.catalogue.runs.updates import (
    Asked,
    Mode,
    Request,
    Run,
    write_first_update,
    write_undo,
    write_update,
)
from twotier.bss.obstacle import Obstacle
from twotier.bss.tenants import lifecycle
from twotier.bss.tenants.provisioning import connect_platforms, copy_taxes
from twotier.fault_points import fault_point


class AskedBy(StrEnum):
    """What a person sets to ask for a run."""

    APPROVED_PLAN = "approved plan"
    RESTORED_RUN = "restored run"


@dataclass(frozen=True, slots=True)
class UpToDate:
    """The catalogue is what is declared."""

    run: RunRecord


@dataclass(frozen=True, slots=True)
class PlanShown:
    """The last permitted state is in force, and a plan would change it.

    Attributes:
        seen: where the catalogue stands, and the plan.
        plan_id: under which the plan is stored.
        why: it is not applied.
    """

    seen: Seen
    plan_id: str
    why: Withheld


@dataclass(frozen=True, slots=True)
class AskerUnknown:
    """Nothing was done: the log must know first who has set something to this value."""

    by: AskedBy
    value: str | int


@dataclass(frozen=True, slots=True)
class Obstructed:
    """Nothing can be planned or done, and the obstacle says why."""

    obstacle: Obstacle


@dataclass(frozen=True, slots=True)
class Overtaken:
    """Something else came first while the run was written: nothing was written, and the same again may succeed."""

    obstacle: Obstacle


@dataclass(frozen=True, slots=True)
class Failed:
    """Nothing was written but the attempt; the error is to be raised once that is committed."""

    error: Exception


Followed: TypeAlias = UpToDate | PlanShown | AskerUnknown | Obstructed | Overtaken | Failed


def give_first_catalogue(
    connection: Connection,
    organization_id: UUID,
    price_list_id: int,
    revision: int,
    request: Request,
    *,
    offers: int,
) -> Run:
    """Give a tenant in progress its first catalogue and make it active: nobody sees one without the other.

    Args:
        connection: in a transaction of the operator.
        organization_id: the tenant.
        price_list_id: the list that it starts with.
        revision: an accepted revision of the list.
        request: for the log.
        offers: how many the revision has, for the log.

    Raises:
        RunRefusedError: the tenant has a catalogue already.
        PhaseRefusedError: the tenant is suspended or deleted.
    """
    run = write_first_update(
        connection, organization_id, price_list_id, revision, request, changes=Changes(added=offers)
    )
    lifecycle.activate(connection, organization_id, now=request.finished_at or request.started_at)
    return run


def follow(
    connection: Connection,
    shared: SharedPlans,
    assignment: Assignment,
    *,
    resource: str,
    started_at: datetime,
    clock: Callable[[], datetime],
    asked: Asked | None = None,
) -> Followed:
    """Bring a tenant's catalogue to what is declared, as far as that is permitted now.

    Args:
        connection: in a transaction of the operator.
        shared: plans of tenants whose catalogues came about alike.
        assignment: as it is declared.
        resource: that declares it, for the log.
        started_at: when the work on it began; aware.
        clock: the time, aware.
        asked: who asked for what needs somebody to ask; None as long as nobody has looked that up.
    """
    wanted = find_target(connection, assignment)
    if isinstance(wanted, Obstacle):
        return Obstructed(wanted)
    request = Request(resource, started_at, asked=asked or Asked())
    work = _Work(connection, shared, assignment, request, clock, asker_known=asked is not None)
    return work.go_on(see(connection, shared, assignment, wanted))


@dataclass(frozen=True, slots=True)
class _Work:
    connection: Connection
    shared: SharedPlans
    assignment: Assignment
    begun: Request
    clock: Callable[[], datetime]
    asker_known: bool

    @property
    def request(self) -> Request:
        """As of now."""
        return replace(self.begun, finished_at=self.clock())

    def go_on(self, seen: Seen) -> Followed:
        match next_step(self.assignment, seen):
            case Apply(plan):
                return self._written(plan, partial(self._apply, plan)) or self._applied(seen)
            case ApplyApproved(plan):
                asked = AskerUnknown(AskedBy.APPROVED_PLAN, plan.id)
                return self._when_asked(asked, seen, plan, partial(self._apply_approved, plan))
            case Undo(plan, restored):
                asked = AskerUnknown(AskedBy.RESTORED_RUN, restored)
                return self._when_asked(asked, seen, plan, partial(self._undo, plan, restored))
            case RefuseApproval() | RefuseUndo() as refusal:
                return self._refuse(seen, refusal)
            case Rest():
                return self._rest(seen)

    def _when_asked(
        self, asked: AskerUnknown, seen: Seen, plan: Plan | StoredPlan, write: Callable[[], None]
    ) -> Followed:
        """Write a run that somebody asked for, and see what comes next."""
        if not self.asker_known:
            return asked
        return self._written(plan, write) or self.go_on(see(self.connection, self.shared, self.assignment, seen.target))

    def _applied(self, seen: Seen) -> UpToDate:
        """What leads to the declared revision leaves nothing to plan."""
        return UpToDate(log.current_run(self.connection, seen.target.organization_id))

    def _rest(self, seen: Seen) -> UpToDate | PlanShown:
        """Store the plan that is shown, so that people can look closer at it and approve it."""
        if seen.plan.empty:
            return UpToDate(seen.run)
        id_ = stored_plans.record(self.connection, seen.plan, now=self.clock())
        fault_point("catalogue.plan.before_commit")
        return PlanShown(seen, id_, withheld(self.assignment, seen))

    def _written(self, plan: Plan | StoredPlan, write: Callable[[], None]) -> Overtaken | Failed | None:
        """Write a run; or record why there is none, and say that."""
        try:
            with self.connection.begin_nested():
                write()
        except RunRefusedError as refused:
            reason = AttemptReason.CATALOGUE_MOVED
            self._record(plan.organization_id, _attempt(plan, Outcome.REFUSED, reason, str(refused)))
            return Overtaken(refused.obstacle)
        except Exception as error:
            if self.connection.invalidated:
                raise  # an outage: nothing can be recorded
            # The text of an unknown error may hold a secret; the operator's log has it.
            failed = _attempt(plan, Outcome.FAILED, AttemptReason.FAILED, type(error).__name__)
            if log.is_news(self.connection, plan.organization_id, failed):
                self._record(plan.organization_id, failed)
            return Failed(error)
        return None

    def _apply(self, plan: Plan) -> None:
        require_active(self.connection, plan.organization_id)
        write_update(
            self.connection,
            plan.organization_id,
            plan.update,
            self.request,
            expected_newest=plan.newest,
            watermark=plan.watermark,
            changes=plan.changes,
        )
        equip(self.connection, plan)
        fault_point("catalogue.apply.before_commit")

    def _apply_approved(self, plan: StoredPlan) -> None:
        apply_stored(self.connection, plan, self.request)
        fault_point("catalogue.apply_approved.before_commit")

    def _undo(self, plan: Plan, restored: int) -> None:
        require_active(self.connection, plan.organization_id)
        write_undo(
            self.connection,
            plan.organization_id,
            restored,
            self.request,
            expected_newest=plan.newest,
            changes=plan.changes,
            overrides_kept=plan.overrides_kept,
        )
        fault_point("catalogue.undo.before_commit")

    def _refuse(self, seen: Seen, refusal: RefuseApproval | RefuseUndo) -> Followed:
        """Record what cannot be, once and not at each sweep."""
        attempt, asked = _refused(refusal)
        organization_id = seen.target.organization_id
        if log.is_news(self.connection, organization_id, attempt):
            if not self.asker_known:
                return asked
            self._record(organization_id, attempt)
            fault_point("catalogue.refuse.before_commit")
        return Obstructed(refusal.obstacle) if isinstance(refusal, RefuseUndo) else self._rest(seen)

    def _record(self, organization_id: UUID, attempt: Attempt) -> None:
        log.record_attempt(self.connection, organization_id, attempt, self.request)


def apply_stored(connection: Connection, stored: StoredPlan, request: Request) -> Run:
    """Apply a stored update: the tenant is locked, and the plan must still be what was approved.

    Args:
        connection: in a transaction of the operator.
        stored: an update, not an undo.
        request: for the log; who approved it is asked there.

    Raises:
        RunRefusedError: the tenant is not active, or has moved since; nothing was written.
    """
    require_active(connection, stored.organization_id)
    newest = stored_plans.newest_run(connection, stored.organization_id)
    if not stored_plans.is_good_after(connection, stored, newest):
        raise RunRefusedError(CatalogueMoved(stored.newest, newest))
    run = write_update(
        connection,
        stored.organization_id,
        stored.update,
        request,
        expected_newest=newest,
        plan_id=stored.id,
        watermark=stored.watermark,
        changes=stored.changes,
    )
    equip(connection, stored)
    return run


def require_active(connection: Connection, organization_id: UUID) -> None:
    """Keep a tenant active until the transaction ends.

    Raises:
        RunRefusedError: it is not active.
    """
    if not lifecycle.hold_active(connection, organization_id):
        raise RunRefusedError(TenantNotActive())


def equip(connection: Connection, plan: Plan | StoredPlan) -> None:
    """Give a tenant what the product types that a full update brings need: taxes, and platforms."""
    update = plan.update
    if update.mode is Mode.FULL and plan.changes.may_bring_product_types:
        copy_taxes(connection, plan.organization_id, update.price_list_id, update.revision)
        connect_platforms(connection, plan.organization_id, update.price_list_id, update.revision)


def _refused(refusal: RefuseApproval | RefuseUndo) -> tuple[Attempt, AskerUnknown]:
    """The attempt that a refusal is in the log, and who must be known for it."""
    match refusal:
        case RefuseApproval(approved, obstacle):
            update = None if approved.plan is None else approved.plan.update
            message = f"plan {approved.id} cannot be applied: {obstacle}"
            attempt = Attempt(Outcome.REFUSED, AttemptReason.APPROVAL_REFUSED, message, update, plan_id=approved.id)
            return attempt, AskerUnknown(AskedBy.APPROVED_PLAN, approved.id)
        case RefuseUndo(restored, obstacle):
            attempt = Attempt(Outcome.REFUSED, AttemptReason.RUN_NOT_FOUND, str(obstacle), restored=restored)
            return attempt, AskerUnknown(AskedBy.RESTORED_RUN, restored)


def _attempt(plan: Plan | StoredPlan, outcome: Outcome, reason: AttemptReason, message: str) -> Attempt:
    plan_id = plan.id if isinstance(plan, StoredPlan) else None
    return Attempt(outcome, reason, message, plan.update, plan.restored, plan_id)
