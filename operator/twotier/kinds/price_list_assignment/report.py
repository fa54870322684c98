"""What people are told of an assignment: status, conditions and their messages."""

from dataclasses import dataclass
from typing import Any

from twotier.bss.catalogue.runs.log import RunRecord
from twotier.bss.catalogue.runs.planning import Changes, Plan
from twotier.bss.catalogue.runs.updates import Mode
from twotier.kinds.price_list_assignment.decide import Approval, Seen, short
from twotier.kinds.price_list_assignment.declaration import PLAN_APPROVED, UP_TO_DATE, PriceListAssignmentSpec
from twotier.runtime.outcome import Condition, Done, Unfinished
from twotier.runtime.reasons import Reason


@dataclass(frozen=True, slots=True)
class Shown:
    """A plan that is shown, with its id."""

    id: str
    plan: Plan


def unplanned(unfinished: Unfinished) -> tuple[Condition, ...]:
    """Return what is said of a catalogue for which no update can be planned: nobody knows what it would change."""
    return (Condition(UP_TO_DATE, "Unknown", unfinished.reason, unfinished.message),)


def up_to_date(spec: PriceListAssignmentSpec, run: RunRecord) -> Done:
    """Return what is reported of a catalogue that is what was declared."""
    message = f"The catalogue of {spec.tenant} is that of {run.price_list}, revision {run.structure_revision}"
    if run.mode is Mode.PARTIAL:
        message += f", with the costs of revision {run.revision}"
    if run.price_list != spec.price_list:
        message += f"; PriceList {spec.price_list} would change nothing in it"
    conditions = (Condition(UP_TO_DATE, "True", Reason.UP_TO_DATE, message), *_was_approved(spec, run))
    return Done(Reason.UP_TO_DATE, message, _status(run), conditions)


def held_back(spec: PriceListAssignmentSpec, seen: Seen, shown: Shown) -> Done:
    """Return what is reported while a plan is not applied: the last permitted state is in force."""
    reason, message = _why_held(spec, seen, shown)
    conditions = (Condition(UP_TO_DATE, "False", reason, message), *_approval(spec, seen.approval, shown))
    return Done(reason, message, _status(seen.run) | {"plan": _planned(shown)}, conditions)


def _why_held(spec: PriceListAssignmentSpec, seen: Seen, shown: Shown) -> tuple[Reason, str]:
    leads = f"leads to PriceList {spec.price_list}, revision {shown.plan.update.revision}"
    if not seen.wanted.permitted:
        await_ = "nothing is updated" if spec.restore_run in (None, seen.run.number) else "nothing is restored"
        return (
            Reason.TENANT_SUSPENDED,
            f"TenantReseller {spec.tenant} is suspended: {await_} until he is active again",
        )
    if spec.restore_run is not None:
        return (
            Reason.RESTORED,
            f"The catalogue of {spec.tenant} is put back to what it was after run {seen.run.number}. Without "
            f"spec.restoreRun, {_ONCE_REMOVED[spec.approval]}; it {leads}",
        )
    if spec.approval == "Never":
        return Reason.SHOWN_ONLY, f"The plan is shown and not applied, because spec.approval is Never; it {leads}"
    return (
        Reason.AWAITING_APPROVAL,
        f"A plan awaits approval: look at it, and set spec.approvedPlan to its id {shown.id}; it {leads}",
    )


_ONCE_REMOVED = {
    "Automatic": "the plan is applied at once",
    "Manual": "the plan awaits approval",
    "Never": "the plan is still only shown",
}


def _was_approved(spec: PriceListAssignmentSpec, run: RunRecord) -> tuple[Condition, ...]:
    if spec.approval != "Manual" or spec.approved_plan is None or spec.approved_plan != run.plan_id:
        return ()
    message = f"Plan {short(spec.approved_plan)} was applied as run {run.number}"
    return (Condition(PLAN_APPROVED, "True", Reason.APPROVED, message),)


def _approval(spec: PriceListAssignmentSpec, approval: Approval | None, shown: Shown) -> tuple[Condition, ...]:
    if spec.approval != "Manual" or spec.restore_run is not None:
        return ()
    if approval is None:
        return (Condition(PLAN_APPROVED, "False", Reason.AWAITING_APPROVAL, f"Plan {shown.id} is not approved yet"),)
    if approval.fault is None:
        message = f"Plan {short(approval.id)} is approved, and applied once the tenant is active again"
        return (Condition(PLAN_APPROVED, "True", Reason.APPROVED, message),)
    applied_as = approval.applied_as
    became = f"is not applied: {approval.fault}" if applied_as is None else f"was applied as run {applied_as}"
    message = f"The approved plan {short(approval.id)} {became}. Plan {shown.id} awaits approval"
    reason = Reason.APPROVAL_REFUSED if applied_as is None else Reason.AWAITING_APPROVAL
    return (Condition(PLAN_APPROVED, "False", reason, message),)


def _status(run: RunRecord) -> dict[str, Any]:
    return {
        "run": run.number,
        "priceList": run.price_list,
        "revision": run.structure_revision,
        "lastRun": {
            "number": run.number,
            "mode": run.mode,
            "revision": run.revision,
            "differences": _differences(run.changes),
            "overridesCleared": _overrides_cleared(run.changes),
        },
    }


def _planned(shown: Shown) -> dict[str, Any]:
    plan = shown.plan
    return {
        "id": shown.id,
        "targetRevision": plan.update.revision,
        "differences": _differences(plan.changes),
        "overridesCleared": _overrides_cleared(plan.changes),
        "belowCost": plan.below_cost,
        "unpriced": plan.unpriced,
    }


def _differences(changes: Changes) -> dict[str, int]:
    return {
        "added": changes.added,
        "returned": changes.returned,
        "discontinued": changes.discontinued,
        "changed": changes.changed,
        "cost": changes.cost,
        "tiers": changes.tiers,
        "sellPrice": changes.sell_price,
        "name": changes.name,
        "description": changes.description,
        "activity": changes.activity,
        "other": changes.other,
        "relations": changes.relations,
    }


def _overrides_cleared(changes: Changes) -> int:
    return changes.sell_prices_displaced + changes.names_displaced
