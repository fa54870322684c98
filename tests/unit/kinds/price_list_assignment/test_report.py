"""What people are told of an assignment, and who is told to have asked for a run."""

from dataclasses import replace
from typing import Any

import pytest
from tests.assignment_facts import (
    APPROVED,
    FACTS,
    FIRST,
    GOOD,
    ID,
    MANUAL,
    NEVER,
    NOON,
    OTHER_ID,
    RESTORING,
    RUN,
    SHORT,
    SOMETHING,
    SPENT,
    STALE,
    SUSPENDED,
    WAY_BACK,
    assignment,
    seen,
)

from twotier.bss.catalogue.runs.assignment import AssignmentFacts
from twotier.bss.catalogue.runs.log import RunRecord
from twotier.bss.catalogue.runs.planning import Changes
from twotier.bss.catalogue.runs.updates import NOBODY, Asked, Mode
from twotier.kinds.price_list_assignment.asked import setter
from twotier.kinds.price_list_assignment.decide import (
    Approval,
    Seen,
)
from twotier.kinds.price_list_assignment.declaration import PriceListAssignmentSpec
from twotier.kinds.price_list_assignment.report import Shown, held_back, unplanned, up_to_date
from twotier.runtime.outcome import Done, Stalled
from twotier.runtime.reasons import Reason


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
    done = up_to_date(assignment(), run)
    assert (done.reason, done.message) == (Reason.UP_TO_DATE, message)
    assert [(each.type, each.status, each.message) for each in done.conditions] == [("UpToDate", "True", message)]


def test_people_are_told_that_a_switch_to_a_list_that_says_the_same_changes_nothing() -> None:
    assert up_to_date(assignment(priceList="wholesale"), RUN).message == (
        "The catalogue of contoso is that of retail, revision 3; PriceList wholesale would change nothing in it"
    )


def test_the_status_counts_what_the_last_run_changed() -> None:
    run = replace(RUN, changes=Changes(added=5, cost=2, changed=2, sell_prices_displaced=3, names_displaced=1))
    status = up_to_date(assignment(), run).status
    assert (status["run"], status["priceList"], status["revision"]) == (2, "retail", 3)
    last = status["lastRun"]
    counted = {name: count for name, count in last["differences"].items() if count}
    assert counted == {"added": 5, "cost": 2, "changed": 2}
    assert (last["number"], last["mode"], last["revision"], last["overridesCleared"]) == (2, "Full", 3, 4)
    assert "plan" not in status


def test_the_status_shows_the_plan_that_comes_next() -> None:
    plan = replace(SOMETHING, changes=replace(SOMETHING.changes, sell_prices_displaced=3, names_displaced=1))
    shown = held_back(MANUAL, seen(MANUAL), Shown(OTHER_ID, plan)).status["plan"]
    assert (shown["id"], shown["targetRevision"], shown["differences"]["cost"]) == (OTHER_ID, 3, 4)
    assert (shown["overridesCleared"], shown["belowCost"], shown["unpriced"]) == (4, 1, 2)


def told(done: Done) -> list[tuple[str, str, str]]:
    return [(each.type, each.status, each.reason) for each in done.conditions]


@pytest.mark.parametrize(
    ("spec", "known", "reason", "message"),
    [
        pytest.param(
            MANUAL,
            seen(MANUAL),
            Reason.AWAITING_APPROVAL,
            f"A plan awaits approval: look at it, and set spec.approvedPlan to its id {OTHER_ID}; it leads to "
            "PriceList retail, revision 3",
            id="a person must approve it",
        ),
        pytest.param(
            NEVER,
            seen(NEVER),
            Reason.SHOWN_ONLY,
            "The plan is shown and not applied, because spec.approval is Never; it leads to PriceList retail, "
            "revision 3",
            id="nothing is ever applied",
        ),
        pytest.param(
            assignment(),
            seen(assignment(), facts=SUSPENDED),
            Reason.TENANT_SUSPENDED,
            "TenantReseller contoso is suspended: nothing is updated until he is active again",
            id="the tenant is suspended",
        ),
        pytest.param(
            RESTORING,
            seen(RESTORING, WAY_BACK, SUSPENDED, restorable=FIRST),
            Reason.TENANT_SUSPENDED,
            "TenantReseller contoso is suspended: nothing is restored until he is active again",
            id="the tenant is suspended and a run is to be restored",
        ),
        *(
            pytest.param(
                assignment(restoreRun=2, approval=approval),
                seen(RESTORING),
                Reason.RESTORED,
                "The catalogue of contoso is put back to what it was after run 2. Without spec.restoreRun, "
                f"{consequence}; it leads to PriceList retail, revision 3",
                id=f"a run is restored under {approval}",
            )
            for approval, consequence in (
                ("Automatic", "the plan is applied at once"),
                ("Manual", "the plan awaits approval"),
                ("Never", "the plan is still only shown"),
            )
        ),
    ],
)
def test_a_plan_is_held_back_because(spec: PriceListAssignmentSpec, known: Seen, reason: Reason, message: str) -> None:
    done = held_back(spec, known, Shown(OTHER_ID, known.plan))
    assert (done.reason, done.message) == (reason, message)
    assert told(done)[0] == ("UpToDate", "False", reason)


@pytest.mark.parametrize(
    ("approval", "facts", "status", "reason", "message"),
    [
        pytest.param(
            None,
            FACTS,
            "False",
            Reason.AWAITING_APPROVAL,
            f"Plan {OTHER_ID} is not approved yet",
            id="nothing is approved",
        ),
        pytest.param(
            STALE,
            FACTS,
            "False",
            Reason.APPROVAL_REFUSED,
            f"The approved plan {SHORT} is not applied: something moved. Plan {OTHER_ID} awaits approval",
            id="what is approved is no longer good",
        ),
        pytest.param(
            SPENT,
            FACTS,
            "False",
            Reason.AWAITING_APPROVAL,
            f"The approved plan {SHORT} was applied as run 2. Plan {OTHER_ID} awaits approval",
            id="what is approved was applied",
        ),
        pytest.param(
            GOOD,
            SUSPENDED,
            "True",
            Reason.APPROVED,
            f"Plan {SHORT} is approved, and applied once the tenant is active again",
            id="the tenant is suspended",
        ),
    ],
)
def test_people_are_told_what_an_approval_is_worth(
    approval: Approval | None, facts: AssignmentFacts, status: str, reason: Reason, message: str
) -> None:
    done = held_back(APPROVED, seen(APPROVED, facts=facts, approval=approval), Shown(OTHER_ID, SOMETHING))
    condition = done.conditions[1]
    assert (condition.type, condition.status, condition.reason) == ("PlanApproved", status, reason)
    assert condition.message == message


def test_people_are_told_that_the_catalogue_is_what_they_approved() -> None:
    done = up_to_date(APPROVED, replace(RUN, plan_id=ID))
    assert told(done) == [("UpToDate", "True", "UpToDate"), ("PlanApproved", "True", "Approved")]
    assert done.conditions[1].message == f"Plan {SHORT} was applied as run 2"


@pytest.mark.parametrize(
    "done",
    [
        pytest.param(up_to_date(assignment(approvedPlan=ID), replace(RUN, plan_id=ID)), id="no approval counts"),
        pytest.param(up_to_date(APPROVED, RUN), id="the catalogue came about otherwise"),
        pytest.param(held_back(NEVER, seen(NEVER), Shown(OTHER_ID, SOMETHING)), id="nothing is ever applied"),
        pytest.param(
            held_back(
                assignment(restoreRun=2, approval="Manual", approvedPlan=ID),
                seen(RESTORING),
                Shown(OTHER_ID, SOMETHING),
            ),
            id="a run is restored",
        ),
    ],
)
def test_nothing_is_said_of_an_approval_where(done: Done) -> None:
    assert [each.type for each in done.conditions] == ["UpToDate"]


def test_nobody_knows_whether_a_catalogue_is_up_to_date_when_no_update_can_be_planned() -> None:
    (condition,) = unplanned(Stalled(Reason.CURRENCY_MISMATCH, "Assign another list"))
    assert (condition.type, condition.status, condition.reason) == ("UpToDate", "Unknown", Reason.CURRENCY_MISMATCH)
    assert condition.message == "Assign another list"


def managed(manager: str, *fields: str, time: str | None = None) -> dict[str, Any]:
    owned: dict[str, Any] = {"f:spec": {f"f:{field}": {} for field in fields}}
    return {"manager": manager, "fieldsV1": owned} | ({} if time is None else {"time": time})


@pytest.mark.parametrize(
    ("entries", "asked"),
    [
        pytest.param(
            [
                managed("flux", "mode", time="2026-11-23T11:00:00Z"),
                managed("ada", "approvedPlan", time="2026-11-23T12:00:00Z"),
            ],
            Asked("ada", NOON),
            id="the manager of the field",
        ),
        pytest.param(
            [
                managed("ada", "approvedPlan", time="2026-11-23T12:00:00Z"),
                managed("flux", "approvedPlan", time="2026-11-23T11:00:00Z"),
            ],
            Asked("ada", NOON),
            id="the last one of several that share it",
        ),
        pytest.param([managed("ada", "approvedPlan")], Asked("ada", None), id="a manager without a time"),
        pytest.param(
            [{"manager": "operator", "fieldsV1": {"f:status": {"f:plan": {}}}}], NOBODY, id="nobody if none owns it"
        ),
    ],
)
def test_who_approved_is(entries: list[dict[str, Any]], asked: Asked) -> None:
    assert setter(entries, "approvedPlan") == asked
