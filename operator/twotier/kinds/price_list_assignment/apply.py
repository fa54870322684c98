"""One transaction of an assignment: look, decide, apply or refuse, and say what to report."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final, Literal
from uuid import UUID

from sqlalchemy import Connection

from twotier.bss.catalogue.runs import log, stored_plans
from twotier.bss.catalogue.runs.assignment import AssignmentFacts, observe_assignment
from twotier.bss.catalogue.runs.log import Attempt, Outcome, RunRecord
from twotier.bss.catalogue.runs.planning import Plan, plan_restore
from twotier.bss.catalogue.runs.shared_plans import SharedPlans
from twotier.bss.catalogue.runs.stored_plans import StoredPlan
from twotier.bss.catalogue.runs.updates import NOBODY, Asked, Mode, UpdateRefusedError, apply_update, undo
from twotier.bss.tenants.lifecycle import hold_active
from twotier.bss.tenants.provisioning import connect_platforms, copy_taxes
from twotier.fault_points import fault_point
from twotier.kinds.price_list_assignment.decide import (
    Apply,
    ApplyApproved,
    Approval,
    Refuse,
    Rest,
    Restore,
    Seen,
    Target,
    decide,
    judge,
    leads_back,
    target,
)
from twotier.kinds.price_list_assignment.declaration import PriceListAssignmentSpec
from twotier.kinds.price_list_assignment.report import Shown, held_back, up_to_date
from twotier.runtime.outcome import Done, Waiting
from twotier.runtime.reasons import Reason
from twotier.runtime.resource import Key

Field = Literal["approvedPlan", "restoreRun"]

AT_ONCE: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Assignment:
    """A declared assignment.

    Attributes:
        distributor: name of the tenant's distributor.
        account_number: of the tenant.
        started_at: when looking at it began; aware.
        asked: who asked for what needs somebody to ask; None as long as nobody has looked that up.
    """

    key: Key
    spec: PriceListAssignmentSpec
    distributor: str
    account_number: str
    started_at: datetime
    asked: Asked | None = None


@dataclass(frozen=True, slots=True)
class Unasked:
    """Nothing was done: the log must know first who set a field of the spec to this value.

    Attributes:
        field: by its JSON name.
    """

    field: Field
    value: str | int | None


def pursue(
    shared: SharedPlans, clock: Callable[[], datetime], assignment: Assignment, connection: Connection
) -> Done | Unasked | Exception:
    """Bring a tenant's catalogue to what is declared, as far as that is permitted now.

    Returns:
        What to report; or what must be known first; or an exception, to be raised once the transaction is committed,
        because the log says why nothing was applied.

    Raises:
        Waiting: what it refers to is not there yet.
        Stalled: what it refers to cannot be.
    """
    return _Pursuit(shared, clock, assignment, connection).pursue()


@dataclass(frozen=True, slots=True)
class _Pursuit:
    shared: SharedPlans
    clock: Callable[[], datetime]
    assignment: Assignment
    connection: Connection

    def pursue(self) -> Done | Unasked | Exception:
        spec = self.assignment.spec
        seen = self._see()
        match decide(spec, seen):
            case Apply(plan):
                return self._attempt(plan, partial(self._apply, plan)) or up_to_date(spec, self._run(seen.wanted))
            case ApplyApproved(plan):
                return self._when_asked("approvedPlan", plan.id, plan, partial(self._apply_approved, plan))
            case Restore(plan, run):
                return self._when_asked("restoreRun", run, plan, partial(self._restore, plan, run))
            case Refuse(attempt, stalled):
                return self._refuse(seen.wanted.organization_id, attempt) or stalled or self._report(seen)
            case Rest():
                return self._report(seen)

    def _when_asked(
        self, field: Field, value: str | int, plan: Plan | StoredPlan, write: Callable[[Asked], None]
    ) -> Done | Unasked | Exception:
        """Write a run that somebody asked for, and see what comes next."""
        asked = self.assignment.asked
        if asked is None:
            return Unasked(field, value)
        return self._attempt(plan, partial(write, asked)) or self.pursue()

    def _see(self) -> Seen:
        spec = self.assignment.spec
        wanted = target(spec, self._observe())
        run = self._run(wanted)
        if spec.restore_run is not None:
            found = log.run(self.connection, wanted.organization_id, spec.restore_run)
            if leads_back(run, found):
                back = plan_restore(self.connection, wanted.organization_id, spec.restore_run)
                return Seen(wanted, run, back, restorable=found)
            return Seen(wanted, run, self._plan(wanted), restorable=found)
        return Seen(wanted, run, self._plan(wanted), self._approval(wanted))

    def _observe(self) -> AssignmentFacts | None:
        return observe_assignment(
            self.connection,
            namespace=self.assignment.key.namespace,
            distributor=self.assignment.distributor,
            account_number=self.assignment.account_number,
            price_list=self.assignment.spec.price_list,
            pinned=self.assignment.spec.revision,
        )

    def _run(self, wanted: Target) -> RunRecord:
        return log.current_run(self.connection, wanted.organization_id)

    def _plan(self, wanted: Target) -> Plan:
        return self.shared.plan(self.connection, wanted.organization_id, wanted.update)

    def _approval(self, wanted: Target) -> Approval | None:
        spec = self.assignment.spec
        if spec.approval != "Manual" or spec.approved_plan is None:
            return None
        plan = stored_plans.find(self.connection, wanted.organization_id, spec.approved_plan)
        of_another = plan is None and stored_plans.is_of_another_tenant(
            self.connection, wanted.organization_id, spec.approved_plan
        )
        return judge(spec, wanted, spec.approved_plan, plan, of_another=of_another)

    def _report(self, seen: Seen) -> Done:
        """Store the plan that is shown, so that people can look closer at it and approve it."""
        if seen.plan.empty:
            return up_to_date(self.assignment.spec, seen.run)
        id_ = stored_plans.record(self.connection, seen.plan, now=self.clock())
        fault_point("catalogue.plan.before_commit")
        return held_back(self.assignment.spec, seen, Shown(id_, seen.plan))

    def _attempt(self, plan: Plan | StoredPlan, write: Callable[[], None]) -> Exception | None:
        """Write a run, or record why there is none and return what to raise."""
        try:
            with self.connection.begin_nested():
                write()
        except UpdateRefusedError as refused:
            self._record(plan.organization_id, _in_vain(plan, Outcome.REFUSED, Reason.CATALOGUE_MOVED, str(refused)))
            return Waiting(Reason.CATALOGUE_MOVED, f"Nothing was applied: {refused}", AT_ONCE)
        except Exception as error:
            if self.connection.invalidated:
                raise  # an outage: nothing can be recorded
            # The text of an unknown error may hold a secret; the operator's log has it.
            failed = _in_vain(plan, Outcome.FAILED, Reason.RECONCILE_FAILED, type(error).__name__)
            if log.is_news(self.connection, plan.organization_id, failed):
                self._record(plan.organization_id, failed)
            return error
        return None

    def _apply(self, plan: Plan) -> None:
        self._hold_active(plan.organization_id)
        apply_update(
            self.connection,
            plan.organization_id,
            plan.update,
            expected_newest=plan.newest,
            requested_by=str(self.assignment.key),
            started_at=self.assignment.started_at,
            now=self.clock(),
            watermark=plan.watermark,
            changes=plan.changes.by_name(),
        )
        self._equip(plan)
        fault_point("catalogue.apply.before_commit")

    def _apply_approved(self, plan: StoredPlan, asked: Asked) -> None:
        self._hold_active(plan.organization_id)
        stored_plans.apply(
            self.connection,
            plan,
            requested_by=str(self.assignment.key),
            asked=asked,
            started_at=self.assignment.started_at,
            now=self.clock(),
        )
        self._equip(plan)
        fault_point("catalogue.apply_approved.before_commit")

    def _restore(self, plan: Plan, run: int, asked: Asked) -> None:
        self._hold_active(plan.organization_id)
        undo(
            self.connection,
            plan.organization_id,
            run,
            expected_newest=plan.newest,
            requested_by=str(self.assignment.key),
            asked=asked,
            started_at=self.assignment.started_at,
            now=self.clock(),
            changes=plan.changes.by_name(),
            own_values_kept=plan.own_values_kept,
        )
        fault_point("catalogue.restore.before_commit")

    def _hold_active(self, organization_id: UUID) -> None:
        if not hold_active(self.connection, organization_id):
            raise UpdateRefusedError(
                f"TenantReseller {self.assignment.spec.tenant} was suspended or deleted at this moment"
            )

    def _equip(self, plan: Plan | StoredPlan) -> None:
        """Product types that a full update brings may need taxes and platforms of their own."""
        update, changes = plan.update, plan.changes
        if update.mode is Mode.FULL and (changes.added or changes.returned or changes.other):
            copy_taxes(self.connection, plan.organization_id, update.price_list_id, update.revision)
            connect_platforms(self.connection, plan.organization_id, update.price_list_id, update.revision)

    def _refuse(self, organization_id: UUID, attempt: Attempt) -> Unasked | None:
        """Record what cannot be, once and not at each sweep."""
        if not log.is_news(self.connection, organization_id, attempt):
            return None
        if self.assignment.asked is None:
            return _unasked(attempt)
        self._record(organization_id, attempt)
        fault_point("catalogue.refuse.before_commit")
        return None

    def _record(self, organization_id: UUID, attempt: Attempt) -> None:
        log.record_attempt(
            self.connection,
            organization_id,
            attempt,
            requested_by=str(self.assignment.key),
            asked=self.assignment.asked or NOBODY,
            started_at=self.assignment.started_at,
            now=self.clock(),
        )


def _in_vain(plan: Plan | StoredPlan, outcome: Outcome, reason: Reason, message: str) -> Attempt:
    plan_id = plan.id if isinstance(plan, StoredPlan) else None
    return Attempt(outcome, reason, message, plan.update, plan.restored, plan_id)


def _unasked(attempt: Attempt) -> Unasked:
    """An attempt that is refused by the spec alone was asked for by one of two fields."""
    if attempt.restored is not None:
        return Unasked("restoreRun", attempt.restored)
    return Unasked("approvedPlan", attempt.plan_id)
