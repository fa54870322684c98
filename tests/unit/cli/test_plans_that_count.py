"""What a status is worth to who plans, approves or looks: a plan counts for the spec that it was made for alone."""

from collections.abc import Sequence

import pytest
from tests.unit.cli.showing import FEW, NOW, PLAN_ID, plan, printed
from tests.unit.cli.showing_resources import APPLIED, ASSIGNMENT, Object, body, condition, standing

from twotier.cli.client.cluster import spec_of
from twotier.cli.client.plans import shown_plan
from twotier.cli.client.tenants import Assignment
from twotier.cli.failure import CommandError
from twotier.cli.render.advice import advice
from twotier.cli.render.resource import Standing
from twotier.cli.render.status import status_report
from twotier.cli.verbs.approve import require_good
from twotier.cli.verbs.plan import how_to_go_on
from twotier.kinds.price_list_assignment.declaration import PriceListAssignmentSpec, PriceListAssignmentStatus
from twotier.kinds.price_list_assignment.describe import applied_when
from twotier.web.api.models import Verdict

WIDE = 200
GONE = "PriceList nope does not exist in namespace shop: apply it, or correct spec.priceList"
PLANNED: Object = {**APPLIED, "plan": {"id": PLAN_ID, "targetRevision": 3}}
AWAITS = (
    condition("UpToDate", "False", "AwaitingApproval", "A plan awaits approval"),
    condition("Ready", "True", "AwaitingApproval", "A plan awaits approval"),
)
LOST = (
    condition("UpToDate", "Unknown", "DependencyNotFound", GONE),
    condition("Reconciling", "True", "ProgressingWithRetry", GONE),
    condition("Ready", "False", "DependencyNotFound", GONE),
)
REFUSED = (
    condition("UpToDate", "Unknown", "RevisionNotFound", "there is no revision 99"),
    condition("Stalled", "True", "RevisionNotFound", "there is no revision 99"),
    condition("Ready", "False", "RevisionNotFound", "there is no revision 99"),
)
UP_TO_DATE = (
    condition("UpToDate", "True", "UpToDate", "The catalogue is that of vm-eu-west"),
    condition("Ready", "True", "UpToDate", "The catalogue is that of vm-eu-west"),
)
TENANT_SUSPENDED = (
    condition("UpToDate", "False", "TenantSuspended", "TenantReseller meltemi is suspended"),
    condition("PlanApproved", "True", "Approved", "Plan is approved"),
    condition("Ready", "True", "TenantSuspended", "TenantReseller meltemi is suspended"),
)
APPROVED: Object = {"approvedPlan": PLAN_ID}


def assignment(conditions: Sequence[Object], status: Object = PLANNED, *, seen: int = 3, **spec: object) -> Assignment:
    made = body("PriceListAssignment", "meltemi", ASSIGNMENT | spec, status | {"conditions": conditions}, seen=seen)
    return Assignment(
        made,
        PriceListAssignmentSpec.model_validate(spec_of(made)),
        PriceListAssignmentStatus.model_validate(made["status"]),
    )


def standing_of(conditions: Sequence[Object], status: Object = PLANNED, *, seen: int = 3, **spec: object) -> Standing:
    return standing(
        *("PriceListAssignment", "meltemi", ASSIGNMENT | spec, status | {"conditions": conditions}), seen=seen
    )


def shown(of: Standing) -> str:
    return printed(status_report(of, [], NOW, WIDE))


def advised(of: Standing) -> list[str]:
    return [step.what for step in advice(of)]


def test_the_plan_of_a_status_counts_when_the_spec_that_it_was_made_for_is_followed() -> None:
    assert shown_plan(assignment(AWAITS)) == PLAN_ID
    assert shown_plan(assignment(UP_TO_DATE, APPLIED)) is None


BEFORE_SUSPENDED = (
    condition("UpToDate", "True", "UpToDate", "The catalogue is that of vm-eu-west") | {"observedGeneration": 2},
    condition("Ready", "True", "Suspended", "Reconciling is suspended"),
)


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        pytest.param(assignment(LOST, priceList="nope"), GONE, id="it refers to what does not exist"),
        pytest.param(assignment(REFUSED, revision=99), "there is no revision 99", id="it came to a stop"),
        pytest.param(assignment(AWAITS, seen=2), "has not observed the latest change", id="it has changed since"),
        pytest.param(assignment(()), "has not observed the latest change", id="it was never observed"),
        pytest.param(
            assignment(BEFORE_SUSPENDED, APPLIED, suspend=True, priceList="other"),
            "Reconciling is suspended",
            id="nothing was planned since it is suspended",
        ),
    ],
)
def test_the_plan_of_a_status_does_not_count_where(declared: Assignment, message: str) -> None:
    with pytest.raises(CommandError, match=message):
        shown_plan(declared)


def test_what_waits_was_looked_at_although_its_generation_does_not_count_as_observed() -> None:
    waiting = body("PriceListAssignment", "meltemi", ASSIGNMENT, {"observedGeneration": 2, "conditions": LOST})
    of = Standing.of(standing_of(()).kind, waiting)
    assert of.shown.looked_at
    told = shown(of)
    assert "These describe an earlier version of the spec." not in told


def test_what_is_deleted_was_looked_at_although_ready_speaks_of_before() -> None:
    conditions = (
        condition("Reconciling", "True", "Terminating", "waits") | {"observedGeneration": 3},
        condition("Ready", "True", "UpToDate", "as it was") | {"observedGeneration": 2},
    )
    assert standing_of(conditions).shown.looked_at


def test_nobody_is_told_to_approve_a_plan_for_another_spec() -> None:
    lost = standing_of(LOST, priceList="nope")
    assert "Approve it:" not in advised(lost)
    assert "not known now: the condition Ready says why" in shown(lost)
    assert "Approve it:" in advised(standing_of(AWAITS))


@pytest.mark.parametrize("spec", [{"revision": 99}, {"restoreRun": 99}], ids=["a revision", "a run"])
def test_nothing_is_claimed_of_the_next_update_where_something_is_named_that_is_not_there(spec: Object) -> None:
    told = shown(standing_of(REFUSED, APPLIED, **spec))
    assert "The next update would change nothing" not in told
    assert "Restored run" not in told


@pytest.mark.parametrize(
    ("declared", "when"),
    [
        pytest.param(assignment(AWAITS), "now", id="at once"),
        pytest.param(assignment(AWAITS, suspend=True), "once spec.suspend is false", id="after its own suspension"),
        pytest.param(
            assignment(TENANT_SUSPENDED),
            "once TenantReseller meltemi is active again",
            id="after the suspension of the tenant",
        ),
        pytest.param(assignment(LOST), f"once this is resolved: {GONE}", id="after what it waits for"),
    ],
)
def test_an_approved_plan_is_applied(declared: Assignment, when: str) -> None:
    assert applied_when(declared.shown) == when


@pytest.mark.parametrize(
    ("of", "when"),
    [
        pytest.param(standing_of(TENANT_SUSPENDED, **APPROVED), "TenantReseller meltemi is active again", id="tenant"),
        pytest.param(standing_of(AWAITS, suspend=True, **APPROVED), "spec.suspend is false", id="assignment"),
    ],
)
def test_an_approved_plan_that_waits_is_shown_where_one_is_suspended(of: Standing, when: str) -> None:
    assert f"Plan 4be91c0d22aa is approved: the operator applies it once {when}." in advised(of)
    assert "Approve it:" not in advised(of)


@pytest.mark.parametrize(
    ("reason", "remedy"),
    [
        ("PlanContradicted", "look at the newest plan with kubectl twotier plan meltemi"),
        ("RunHeldInForce", "remove spec.restoreRun first"),
        ("NoApprovalNeeded", "set spec.approval to Manual first, so that plans wait for approval"),
        ("NeverApplied", "set spec.approval to Manual first"),
    ],
)
def test_a_plan_that_something_stands_in_the_way_of_cannot_be_approved(reason: str, remedy: str) -> None:
    verdict = Verdict(reason=reason, obstacle="it cannot be")
    with pytest.raises(CommandError) as refused:
        require_good(assignment(AWAITS), plan(FEW), verdict)
    assert str(refused.value) == f"plan 4be91c0d22aa of meltemi cannot be approved, because it cannot be: {remedy}"


def test_a_plan_that_nothing_stands_in_the_way_of_can_be_approved() -> None:
    require_good(assignment(AWAITS), plan(FEW), Verdict())


def test_a_plan_that_the_spec_does_not_ask_for_is_not_offered_for_approval() -> None:
    does = "it leads to revision 2, and the declared revision is 1"
    told = printed(list(how_to_go_on(assignment(AWAITS), plan(FEW), does, WIDE)))
    assert (does in told, "Approve it" in told) == (True, False)


def test_an_undo_is_not_what_comes_after_it() -> None:
    declared = assignment(TENANT_SUSPENDED, restoreRun=1)
    (told,) = printed(list(how_to_go_on(declared, plan(FEW, kind="undo", restored_run=1), None, WIDE))).splitlines()
    assert told.strip() == (
        "spec.restoreRun requests it: the operator applies it once TenantReseller meltemi is active again."
    )
