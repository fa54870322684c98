"""What people are told of an assignment."""

from dataclasses import replace

import pytest
from tests.unit.catalogue.runs.assignment_facts import (
    GOOD,
    ID,
    MANUAL,
    OTHER_ID,
    RUN,
    SOMETHING,
    SPENT,
    STALE,
    SUSPENDED,
    UNDO,
    seen,
)

from twotier.bss.catalogue.runs.apply import PlanShown
from twotier.bss.catalogue.runs.changes import Changes
from twotier.bss.catalogue.runs.eligibility import ApprovedPlan, Withheld
from twotier.bss.catalogue.runs.log import RunRecord
from twotier.bss.catalogue.runs.obstacles import NoCatalogue, NoSuchRun, RunIsUndo, RunUndone, TenantNotActive
from twotier.bss.catalogue.runs.updates import Mode
from twotier.bss.obstacle import Obstacle
from twotier.bss.price_lists.assignable import NoSuchRevision, NotAccepted, OtherCurrency
from twotier.kinds.price_list_assignment.declaration import PriceListAssignmentSpec
from twotier.kinds.price_list_assignment.reasons import Reason
from twotier.kinds.price_list_assignment.report import obstructed, overtaken, plan_shown, unplanned, up_to_date
from twotier.runtime.outcome import Done, Stalled, Unfinished, Waiting

SHORT = "sha256:aaaaaaaaaaaa…"


def spec(**fields: object) -> PriceListAssignmentSpec:
    return PriceListAssignmentSpec.model_validate({"tenant": "contoso", "priceList": "retail"} | fields)


def shown(why: Withheld = Withheld.AWAITS_APPROVAL, approved: ApprovedPlan | None = None) -> PlanShown:
    return PlanShown(seen(MANUAL, approved=approved), OTHER_ID, why)


@pytest.mark.parametrize(
    ("run", "message"),
    [
        pytest.param(RUN, "The catalogue of contoso is that of retail, revision 3", id="of a full update"),
        pytest.param(
            replace(RUN, mode=Mode.PARTIAL, structure_revision=1),
            "The catalogue of contoso is that of retail, revision 1, with the costs of revision 3",
            id="of an update of the costs alone",
        ),
    ],
)
def test_people_are_told_what_a_catalogue_is_made_of(run: RunRecord, message: str) -> None:
    done = up_to_date(spec(), run)
    assert (done.reason, done.message) == (Reason.UP_TO_DATE, message)
    assert [(each.type, each.status, each.message) for each in done.conditions] == [("UpToDate", "True", message)]


def test_people_are_told_that_a_switch_to_a_list_that_says_the_same_changes_nothing() -> None:
    assert up_to_date(spec(priceList="wholesale"), RUN).message == (
        "The catalogue of contoso is that of retail, revision 3; PriceList wholesale would change nothing in it"
    )


def test_the_status_counts_what_the_last_run_changed() -> None:
    run = replace(RUN, changes=Changes(added=5, cost=2, changed=2, sell_prices_displaced=3, names_displaced=1))
    status = up_to_date(spec(), run).status
    assert (status["run"], status["priceList"], status["revision"]) == (2, "retail", 3)
    last = status["lastRun"]
    counted = {name: count for name, count in last["differences"].items() if count}
    assert counted == {"added": 5, "cost": 2, "changed": 2, "sellPricesDisplaced": 3, "namesDisplaced": 1}
    assert (last["number"], last["mode"], last["revision"], last["overridesCleared"]) == (2, "Full", 3, 4)
    assert "plan" not in status


def test_the_status_shows_the_plan_that_comes_next() -> None:
    plan = replace(SOMETHING, changes=replace(SOMETHING.changes, sell_prices_displaced=3, names_displaced=1))
    told = plan_shown(spec(), PlanShown(seen(MANUAL, plan), OTHER_ID, Withheld.AWAITS_APPROVAL)).status["plan"]
    assert (told["id"], told["targetRevision"], told["differences"]["cost"]) == (OTHER_ID, 3, 4)
    assert (told["overridesCleared"], told["belowCost"], told["unpriced"]) == (4, 1, 2)


def told(done: Done) -> list[tuple[str, str, str]]:
    return [(each.type, each.status, each.reason) for each in done.conditions]


@pytest.mark.parametrize(
    ("declared", "known", "reason", "message"),
    [
        pytest.param(
            spec(approval="Manual"),
            shown(),
            Reason.AWAITING_APPROVAL,
            f"A plan awaits approval: review it, and set spec.approvedPlan to its id {OTHER_ID}; it leads to "
            "PriceList retail, revision 3",
            id="a person must approve it",
        ),
        pytest.param(
            spec(approval="Never"),
            shown(Withheld.SHOWN_ONLY),
            Reason.SHOWN_ONLY,
            "The plan is shown and not applied, because spec.approval is Never; it leads to PriceList retail, "
            "revision 3",
            id="nothing is ever applied",
        ),
        pytest.param(
            spec(),
            shown(Withheld.NOT_ACTIVE),
            Reason.TENANT_SUSPENDED,
            "TenantReseller contoso is suspended: nothing is updated until it is active again",
            id="the tenant is suspended",
        ),
        pytest.param(
            spec(restoreRun=1),
            PlanShown(seen(MANUAL, UNDO, SUSPENDED), OTHER_ID, Withheld.NOT_ACTIVE),
            Reason.TENANT_SUSPENDED,
            "TenantReseller contoso is suspended: nothing is restored until it is active again",
            id="the tenant is suspended and a run is to be restored",
        ),
        *(
            pytest.param(
                spec(restoreRun=2, approval=approval),
                shown(Withheld.RESTORED),
                Reason.RESTORED,
                "The catalogue of contoso is restored to what it was after run 2. Without spec.restoreRun, "
                f"{consequence}; it leads to PriceList retail, revision 3",
                id=f"a run is restored under {approval}",
            )
            for approval, consequence in (
                ("Automatic", "the plan is applied at once"),
                ("Manual", "the plan awaits approval"),
                ("Never", "the plan is only shown"),
            )
        ),
    ],
)
def test_a_plan_is_not_applied_because(
    declared: PriceListAssignmentSpec, known: PlanShown, reason: Reason, message: str
) -> None:
    done = plan_shown(declared, known)
    assert (done.reason, done.message) == (reason, message)
    assert told(done)[0] == ("UpToDate", "False", reason)


@pytest.mark.parametrize(
    ("approved", "status", "reason", "message"),
    [
        pytest.param(
            None, "False", Reason.AWAITING_APPROVAL, f"Plan {OTHER_ID} is not approved yet", id="nothing is approved"
        ),
        pytest.param(
            STALE,
            "False",
            Reason.APPROVAL_REFUSED,
            f"The approved plan {SHORT} is not applied: the catalogue has moved to run 2 since it was planned after "
            f"run 1. Plan {OTHER_ID} awaits approval",
            id="what is approved is no longer good",
        ),
        pytest.param(
            SPENT,
            "False",
            Reason.AWAITING_APPROVAL,
            f"The approved plan {SHORT} was applied as run 2. Plan {OTHER_ID} awaits approval",
            id="what is approved was applied",
        ),
        pytest.param(
            GOOD,
            "True",
            Reason.APPROVED,
            f"Plan {SHORT} is approved, and is applied once the tenant is active again",
            id="the tenant is suspended",
        ),
    ],
)
def test_people_are_told_what_an_approval_is_worth(
    approved: ApprovedPlan | None, status: str, reason: Reason, message: str
) -> None:
    condition = plan_shown(spec(approval="Manual", approvedPlan=ID), shown(approved=approved)).conditions[1]
    assert (condition.type, condition.status, condition.reason) == ("PlanApproved", status, reason)
    assert condition.message == message


def test_people_are_told_that_the_catalogue_is_what_they_approved() -> None:
    done = up_to_date(spec(approval="Manual", approvedPlan=ID), replace(RUN, plan_id=ID))
    assert told(done) == [("UpToDate", "True", "UpToDate"), ("PlanApproved", "True", "Approved")]
    assert done.conditions[1].message == f"Plan {SHORT} was applied as run 2"


@pytest.mark.parametrize(
    "done",
    [
        pytest.param(up_to_date(spec(approvedPlan=ID), replace(RUN, plan_id=ID)), id="no approval counts"),
        pytest.param(
            up_to_date(spec(approval="Manual", approvedPlan=ID), RUN), id="the catalogue came about otherwise"
        ),
        pytest.param(plan_shown(spec(approval="Never"), shown(Withheld.SHOWN_ONLY)), id="nothing is ever applied"),
        pytest.param(
            plan_shown(spec(restoreRun=2, approval="Manual", approvedPlan=ID), shown(Withheld.RESTORED)),
            id="a run is restored",
        ),
    ],
)
def test_nothing_is_said_of_an_approval_where(done: Done) -> None:
    assert [each.type for each in done.conditions] == ["UpToDate"]


LOG = "`kubectl twotier log contoso` shows them"


@pytest.mark.parametrize(
    ("obstacle", "kind", "reason", "message"),
    [
        pytest.param(
            NoCatalogue(),
            Waiting,
            Reason.TENANT_NOT_ACTIVE,
            "TenantReseller contoso is not active yet; it gets its first catalogue when it becomes active: "
            "see its conditions",
            id="a tenant that is not active yet is waited for",
        ),
        pytest.param(
            NotAccepted("retail"),
            Waiting,
            Reason.NO_REVISION,
            "PriceList retail has no accepted revision yet: see its condition Accepted",
            id="a list without an accepted revision is waited for",
        ),
        pytest.param(
            OtherCurrency("retail", "USD", "EUR"),
            Stalled,
            Reason.CURRENCY_MISMATCH,
            "PriceList retail is in USD, the tenant's catalogue in EUR: set spec.priceList to a list in EUR",
            id="a list in another currency is a person's matter",
        ),
        pytest.param(
            NoSuchRevision("retail", 9, 3),
            Stalled,
            Reason.REVISION_NOT_FOUND,
            "PriceList retail has no revision 9; the newest is 3: correct spec.revision, or remove it to follow the "
            "newest",
            id="a pin to a revision that does not exist is a person's matter",
        ),
        *(
            pytest.param(
                obstacle,
                Stalled,
                Reason.RUN_NOT_FOUND,
                f"The catalogue of contoso cannot be restored to run 7: {obstacle}. Set spec.restoreRun to an update "
                f"that was not undone, or remove it; {LOG}",
                id=f"a run that cannot be restored is a person's matter: {type(obstacle).__name__}",
            )
            for obstacle in (NoSuchRun(7), RunIsUndo(7, 2), RunUndone(7, 9))
        ),
    ],
)
def test_where_nothing_can_be_done(obstacle: Obstacle, kind: type[Unfinished], reason: Reason, message: str) -> None:
    ended = obstructed(spec(restoreRun=7), obstacle)
    assert (type(ended), ended.reason, ended.message) == (kind, reason, message)


def test_a_run_that_something_else_came_before_is_tried_again_at_once() -> None:
    waiting = overtaken(TenantNotActive())
    assert (waiting.reason, waiting.message) == (
        Reason.CATALOGUE_MOVED,
        "Nothing was applied: the tenant is not active, and only an active one is updated",
    )
    assert waiting.retry_in is not None


def test_nobody_knows_whether_a_catalogue_is_up_to_date_when_no_update_can_be_planned() -> None:
    (condition,) = unplanned(Stalled(Reason.CURRENCY_MISMATCH, "Assign another list"))
    assert (condition.type, condition.status, condition.reason) == ("UpToDate", "Unknown", Reason.CURRENCY_MISMATCH)
    assert condition.message == "Assign another list"
