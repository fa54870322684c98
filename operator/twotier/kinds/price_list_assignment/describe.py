"""How a PriceListAssignment is described to people, and what its status means for plans and approvals."""

from collections.abc import Iterator
from typing import Final, TypeAlias

from twotier.kinds.describing import Description, Pair, Part, Remark, Section, Shown, Step, Values
from twotier.kinds.price_list_assignment.declaration import (
    PLAN_APPROVED,
    UP_TO_DATE,
    PlannedUpdate,
    PriceListAssignmentSpec,
    PriceListAssignmentStatus,
)
from twotier.kinds.price_list_assignment.reasons import Reason
from twotier.runtime.status import READY
from twotier.words import counted, short, with_options

ShownAssignment: TypeAlias = Shown[PriceListAssignmentSpec, PriceListAssignmentStatus]


def is_planned(shown: ShownAssignment) -> bool:
    """Return whether the plan of a status, or its absence, is valid for the present spec.

    A plan stays in the status while the assignment cannot be followed, and may be one for another spec then. While it
    is suspended nothing is planned: a plan says itself what it leads to, and that there was none says nothing.
    """
    status = shown.status
    ready, up_to_date = status.condition(READY), status.condition(UP_TO_DATE)
    if ready is None or ready.status != "True" or not shown.looked_at:
        return False
    return status.plan is not None or (up_to_date is not None and up_to_date.observed_generation == shown.generation)


def is_approved(shown: ShownAssignment) -> bool:
    """Return whether an approved plan has not been applied yet."""
    spec, status = shown.spec, shown.status
    if spec.approval != "Manual" or spec.approved_plan is None or status.plan is None or spec.restore_run is not None:
        return False
    verdict = status.condition(PLAN_APPROVED)
    return spec.approved_plan == status.plan.id or (verdict is not None and verdict.status == "True")


def applied_when(shown: ShownAssignment) -> str:
    """Return when the operator applies an approved plan: "now", or after what."""
    ready, up_to_date = shown.status.condition(READY), shown.status.condition(UP_TO_DATE)
    if shown.spec.suspend:
        return "once spec.suspend is false"
    if ready is not None and ready.status != "True":
        return f"once this is resolved: {ready.message}"
    if up_to_date is not None and up_to_date.reason == Reason.TENANT_SUSPENDED:
        return f"once TenantReseller {shown.spec.tenant} is active again"
    return "now"


def _declared(spec: PriceListAssignmentSpec) -> Iterator[Pair]:
    yield "Tenant", spec.tenant
    at = "its newest revision" if spec.revision is None else f"revision {spec.revision}"
    yield "Price list", f"{spec.price_list}, {at}"
    yield "Updates", with_options(spec.mode, sell_prices=spec.sell_prices, names=spec.names)
    yield "Approval", spec.approval
    yield "Approved plan", short(spec.approved_plan) if spec.approved_plan else ""
    yield (
        "Restore run",
        "" if spec.restore_run is None else f"{spec.restore_run}: nothing newer is applied until it is removed",
    )


def _became(status: PriceListAssignmentStatus) -> Iterator[Pair]:
    if status.run is None:
        yield "Catalogue", "none yet"
        return
    yield "Catalogue", f"{status.price_list}, revision {status.revision}"
    yield "Run", str(status.run)


def _sections(shown: ShownAssignment) -> Iterator[Section]:
    yield Section("Plan", tuple(_plan(shown)))


def _plan(shown: ShownAssignment) -> Iterator[Part]:
    if shown.status.run is None:
        yield Remark("none yet")
    elif not is_planned(shown):
        unseen = "the operator has not observed the spec yet"
        yield Remark(f"not known now: {'the condition Ready says why' if shown.looked_at else unseen}")
    elif shown.status.plan is None:
        yield Remark("The next update would change nothing.")
    else:
        yield from _planned(shown.status.plan)


def _planned(plan: PlannedUpdate) -> Iterator[Part]:
    yield Values((("Id", short(plan.id) if plan.id else ""), ("Leads to", f"revision {plan.target_revision}")))
    yield plan.differences
    for count, noun, what in (
        (plan.overrides_cleared, "value", "set by the reseller would be overwritten"),
        (plan.below_cost, "offer", "would sell below cost"),
        (plan.unpriced, "offer", "would arrive without a sell price"),
    ):
        if count:
            yield Remark(f"{counted(count, noun)} {what}", alarming=True)


def _steps(shown: ShownAssignment) -> Iterator[Step]:
    if shown.spec.approved_plan is not None and is_planned(shown) and is_approved(shown):
        when = applied_when(shown)
        yield Step(f"Plan {short(shown.spec.approved_plan)} is approved: the operator applies it {when}.")
    if not shown.spec.suspend:
        yield from _next(shown)


def _next(shown: ShownAssignment) -> Iterator[Step]:
    planned = shown.status.plan is not None and is_planned(shown)
    if planned:
        yield Step("Review what the plan changes:", (f"kubectl twotier plan {shown.name} --entries",))
    if shown.spec.restore_run is not None:
        yield Step("Remove spec.restoreRun to follow the price list again.")
    elif planned and shown.spec.approval == "Manual" and not is_approved(shown):
        yield Step("Approve it:", (f"kubectl twotier approve {shown.name}",))
    if shown.status.run is not None:
        yield Step("See what each update did:", (f"kubectl twotier log {shown.name}",))


DESCRIPTION: Final = Description(declared=_declared, became=_became, sections=_sections, steps=_steps)
