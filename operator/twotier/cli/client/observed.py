"""What a status is worth: which spec it speaks of, whether its plan counts, and when an approval takes effect. Pure."""

from twotier.cli.client.connection import Json
from twotier.kinds.price_list.declaration import ACCEPTED, PriceListStatus
from twotier.kinds.price_list_assignment.declaration import (
    PLAN_APPROVED,
    UP_TO_DATE,
    PriceListAssignmentSpec,
    PriceListAssignmentStatus,
)
from twotier.kinds.price_list_assignment.reasons import Reason
from twotier.kinds.schema.status import Status, StatusCondition
from twotier.runtime.status import READY, RECONCILING, STALLED


def condition(status: Status, type_: str) -> StatusCondition | None:
    """Return a condition, if it is shown."""
    return next((each for each in status.conditions if each.type == type_), None)


def speaks_of(status: Status, body: Json) -> bool:
    """Tell whether the operator has looked at the spec of a resource as it is now.

    Its conditions know. status.observedGeneration stays behind for as long as the resource waits for something, and
    Ready does while it is deleted.
    """
    found = (condition(status, type_) for type_ in (READY, RECONCILING, STALLED))
    return any(each is not None and each.observed_generation == body["metadata"]["generation"] for each in found)


def is_planned(status: PriceListAssignmentStatus, body: Json) -> bool:
    """Tell whether the plan of a status, or that there is none, holds for the spec as it is now.

    A plan stays in the status while the assignment cannot be followed, and may be one for another spec then. While it
    is suspended nothing is planned: a plan says itself what it leads to, and that there was none says nothing.
    """
    ready, up_to_date = condition(status, READY), condition(status, UP_TO_DATE)
    if ready is None or ready.status != "True" or not speaks_of(status, body):
        return False
    generation = body["metadata"]["generation"]
    return status.plan is not None or (up_to_date is not None and up_to_date.observed_generation == generation)


def is_approved(spec: PriceListAssignmentSpec, status: PriceListAssignmentStatus) -> bool:
    """Tell whether a plan is approved that was not applied yet."""
    if spec.approval != "Manual" or spec.approved_plan is None or status.plan is None or spec.restore_run is not None:
        return False
    verdict = condition(status, PLAN_APPROVED)
    return spec.approved_plan == status.plan.id or (verdict is not None and verdict.status == "True")


def applied_when(spec: PriceListAssignmentSpec, status: PriceListAssignmentStatus) -> str:
    """Return when the operator applies a plan that is approved: "now", or what has to come first."""
    ready, up_to_date = condition(status, READY), condition(status, UP_TO_DATE)
    if spec.suspend:
        return "once spec.suspend is false"
    if ready is not None and ready.status != "True":
        return f"once this is mended: {ready.message}"
    if up_to_date is not None and up_to_date.reason == Reason.TENANT_SUSPENDED:
        return f"once TenantReseller {spec.tenant} is active again"
    return "now"


def not_accepted(status: PriceListStatus) -> str | None:
    """Return why the source of a price list is not in its newest revision; None if it is."""
    found = (condition(status, type_) for type_ in (ACCEPTED, READY))
    return next((each.message for each in found if each is not None and each.status == "False"), None)
