"""What an assignment reports: status, conditions and their messages."""

from datetime import timedelta
from typing import Any, Final

from twotier.bss.catalogue.runs.apply import PlanShown
from twotier.bss.catalogue.runs.eligibility import ApprovedPlan, Withheld
from twotier.bss.catalogue.runs.log import RunRecord
from twotier.bss.catalogue.runs.obstacles import NoCatalogue
from twotier.bss.catalogue.runs.updates import Mode
from twotier.bss.obstacle import Obstacle
from twotier.bss.price_lists.assignable import NoSuchRevision, NotAccepted, OtherCurrency
from twotier.kinds.price_list_assignment.declaration import PLAN_APPROVED, UP_TO_DATE, PriceListAssignmentSpec
from twotier.kinds.price_list_assignment.reasons import Reason
from twotier.runtime.outcome import Condition, Done, Stalled, Unfinished, Waiting

AT_ONCE: Final = timedelta(seconds=1)
SHORT: Final = len("sha256:") + 12
"""Number of characters of an id that people see."""


def short(id_: str) -> str:
    """Return the beginning of a plan's id."""
    return id_ if len(id_) <= SHORT else f"{id_[:SHORT]}…"


def of_another_distributor(spec: PriceListAssignmentSpec, price_lists: str, tenants: str) -> Stalled:
    """Return the report of a list that belongs to another distributor.

    Args:
        price_lists: name of the distributor of the price list.
        tenants: of the tenant.
    """
    return Stalled(
        Reason.DISTRIBUTOR_MISMATCH,
        f"PriceList {spec.price_list} is of Distributor {price_lists}, the tenant of {tenants}: set spec.priceList to "
        f"a list of {tenants}",
    )


def of_another_account(spec: PriceListAssignmentSpec, bound: str, tenants: str) -> Stalled:
    """Return the report of a tenant that was declared anew with another account.

    Args:
        bound: the account that the assignment is bound to.
        tenants: the account that the tenant has now.
    """
    return Stalled(
        Reason.ACCOUNT_MISMATCH,
        f"TenantReseller {spec.tenant} has account {tenants}, and this assignment was made for account {bound}: "
        f"nothing is applied. Declare TenantReseller {spec.tenant} with account {bound} again; or, if account "
        f"{tenants} is to get PriceList {spec.price_list}, delete this assignment and declare it again",
    )


def obstructed(spec: PriceListAssignmentSpec, obstacle: Obstacle) -> Waiting | Stalled:
    """Return the report if nothing can be planned or done; a remedy in another resource is waited for."""
    match obstacle:
        case NoCatalogue():
            return Waiting(
                Reason.TENANT_NOT_ACTIVE,
                f"TenantReseller {spec.tenant} is not active yet; it gets its first catalogue when it becomes active: "
                "see its conditions",
            )
        case NotAccepted():
            return Waiting(
                Reason.NO_REVISION,
                f"PriceList {spec.price_list} has no accepted revision yet: see its condition Accepted",
            )
        case OtherCurrency(_, currency, wanted):
            return Stalled(
                Reason.CURRENCY_MISMATCH,
                f"PriceList {spec.price_list} is in {currency}, the tenant's catalogue in {wanted}: set spec.priceList "
                f"to a list in {wanted}",
            )
        case NoSuchRevision(_, revision, newest):
            return Stalled(
                Reason.REVISION_NOT_FOUND,
                f"PriceList {spec.price_list} has no revision {revision}; the newest is {newest}: correct "
                "spec.revision, or remove it to follow the newest",
            )
        case _:
            return Stalled(
                Reason.RUN_NOT_FOUND,
                f"The catalogue of {spec.tenant} cannot be restored to run {spec.restore_run}: {obstacle}. Set "
                "spec.restoreRun to an update that was not undone, or remove it; "
                f"`kubectl twotier log {spec.tenant}` shows them",
            )


def overtaken(obstacle: Obstacle) -> Waiting:
    """Return the report of a run that was overtaken by another change: it is retried at once."""
    return Waiting(Reason.CATALOGUE_MOVED, f"Nothing was applied: {obstacle}", AT_ONCE)


def unplanned(unfinished: Unfinished) -> tuple[Condition, ...]:
    """Return the condition of a catalogue for which no update can be planned: its changes are unknown."""
    return (Condition(UP_TO_DATE, "Unknown", unfinished.reason, unfinished.message),)


def up_to_date(spec: PriceListAssignmentSpec, run: RunRecord) -> Done:
    """Return the report of a catalogue that is as declared."""
    message = f"The catalogue of {spec.tenant} is that of {run.price_list}, revision {run.structure_revision}"
    if run.mode is Mode.PARTIAL:
        message += f", with the costs of revision {run.revision}"
    if run.price_list != spec.price_list:
        message += f"; PriceList {spec.price_list} would change nothing in it"
    conditions = (Condition(UP_TO_DATE, "True", Reason.UP_TO_DATE, message), *_was_approved(spec, run))
    return Done(Reason.UP_TO_DATE, message, _status(run), conditions)


def plan_shown(spec: PriceListAssignmentSpec, shown: PlanShown) -> Done:
    """Return the report while a plan is not applied: the last permitted state is in force."""
    reason, message = _why_withheld(spec, shown)
    conditions = (Condition(UP_TO_DATE, "False", reason, message), *_approval(spec, shown))
    return Done(reason, message, _status(shown.seen.run) | {"plan": _planned(shown)}, conditions)


def _why_withheld(spec: PriceListAssignmentSpec, shown: PlanShown) -> tuple[Reason, str]:
    seen = shown.seen
    leads = f"leads to PriceList {spec.price_list}, revision {seen.plan.update.revision}"
    match shown.why:
        case Withheld.NOT_ACTIVE:
            idle = "nothing is updated" if spec.restore_run in (None, seen.run.number) else "nothing is restored"
            return (
                Reason.TENANT_SUSPENDED,
                f"TenantReseller {spec.tenant} is suspended: {idle} until it is active again",
            )
        case Withheld.RESTORED:
            return (
                Reason.RESTORED,
                f"The catalogue of {spec.tenant} is restored to what it was after run {seen.run.number}. Without "
                f"spec.restoreRun, {_ONCE_REMOVED[spec.approval]}; it {leads}",
            )
        case Withheld.SHOWN_ONLY:
            return (
                Reason.SHOWN_ONLY,
                f"The plan is shown and not applied, because spec.approval is Never; it {leads}",
            )
        case Withheld.AWAITS_APPROVAL:
            return (
                Reason.AWAITING_APPROVAL,
                f"A plan awaits approval: review it, and set spec.approvedPlan to its id {shown.plan_id}; it {leads}",
            )


_ONCE_REMOVED = {
    "Automatic": "the plan is applied at once",
    "Manual": "the plan awaits approval",
    "Never": "the plan is only shown",
}


def _was_approved(spec: PriceListAssignmentSpec, run: RunRecord) -> tuple[Condition, ...]:
    if spec.approval != "Manual" or spec.approved_plan is None or spec.approved_plan != run.plan_id:
        return ()
    message = f"Plan {short(spec.approved_plan)} was applied as run {run.number}"
    return (Condition(PLAN_APPROVED, "True", Reason.APPROVED, message),)


def _approval(spec: PriceListAssignmentSpec, shown: PlanShown) -> tuple[Condition, ...]:
    if spec.approval != "Manual" or spec.restore_run is not None:
        return ()
    approved = shown.seen.approved
    if approved is None:
        message = f"Plan {shown.plan_id} is not approved yet"
        return (Condition(PLAN_APPROVED, "False", Reason.AWAITING_APPROVAL, message),)
    if approved.obstacle is None:
        message = f"Plan {short(approved.id)} is approved, and is applied once the tenant is active again"
        return (Condition(PLAN_APPROVED, "True", Reason.APPROVED, message),)
    return (_spent_or_refused(approved, shown.plan_id),)


def _spent_or_refused(approved: ApprovedPlan, shown: str) -> Condition:
    if approved.applied_as is not None:
        reason, became = Reason.AWAITING_APPROVAL, f"was applied as run {approved.applied_as}"
    else:
        reason, became = Reason.APPROVAL_REFUSED, f"is not applied: {approved.obstacle}"
    message = f"The approved plan {short(approved.id)} {became}. Plan {shown} awaits approval"
    return Condition(PLAN_APPROVED, "False", reason, message)


def _status(run: RunRecord) -> dict[str, Any]:
    return {
        "run": run.number,
        "priceList": run.price_list,
        "revision": run.structure_revision,
        "lastRun": {
            "number": run.number,
            "mode": run.mode,
            "revision": run.revision,
            "differences": run.changes.as_json(),
            "overridesCleared": run.changes.overrides_displaced,
        },
    }


def _planned(shown: PlanShown) -> dict[str, Any]:
    plan = shown.seen.plan
    return {
        "id": shown.plan_id,
        "targetRevision": plan.update.revision,
        "differences": plan.changes.as_json(),
        "overridesCleared": plan.changes.overrides_displaced,
        "belowCost": plan.below_cost,
        "unpriced": plan.unpriced,
    }
