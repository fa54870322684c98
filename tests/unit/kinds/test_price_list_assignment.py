"""What an assignment leads to and what people are told of it."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from twotier.bss.catalogue.assignment import AssignmentFacts
from twotier.bss.catalogue.log import LogEntry, Outcome, Pinned, Position, RunRecord
from twotier.bss.catalogue.plan import Changes, Plan
from twotier.bss.catalogue.plans import StoredPlan
from twotier.bss.catalogue.updates import NOBODY, Asked, Mode, Update
from twotier.bss.tenants.phases import Phase
from twotier.kinds.price_list_assignment.asked import setter
from twotier.kinds.price_list_assignment.decide import (
    Apply,
    ApplyApproved,
    Approval,
    Refuse,
    Rest,
    Restore,
    Seen,
    Step,
    Target,
    decide,
    judge,
    target,
)
from twotier.kinds.price_list_assignment.declaration import PriceListAssignmentSpec
from twotier.kinds.price_list_assignment.report import Shown, held_back, unplanned, up_to_date
from twotier.runtime.outcome import Done, Stalled, Unfinished, Waiting
from twotier.runtime.reasons import Reason

TENANT = UUID(int=7)
FACTS = AssignmentFacts(
    organization_id=TENANT,
    phase="Active",
    currency="EUR",
    price_list_id=4,
    price_list_currency="EUR",
    head_revision=3,
    has_revision=True,
)
RUN = RunRecord(
    number=2, mode=Mode.FULL, revision=3, changes=Changes(added=5), price_list="retail", structure_revision=3
)


def assignment(**fields: Any) -> PriceListAssignmentSpec:
    return PriceListAssignmentSpec.model_validate({"tenant": "contoso", "priceList": "retail"} | fields)


def planned(**counts: int) -> Plan:
    return Plan(TENANT, Update(4, 3), newest=2, watermark=0, changes=Changes(**counts), below_cost=1, unpriced=2)


NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ID, OTHER_ID = f"sha256:{'a' * 64}", f"sha256:{'b' * 64}"
SHORT = "sha256:aaaaaaaaaaaa…"
SOMETHING, NOTHING = planned(cost=4, changed=4), planned()
WAY_BACK = replace(SOMETHING, update=Update(4, 2), restored=1)
STORED = StoredPlan(
    id=ID,
    organization_id=TENANT,
    update=Update(4, 2),
    restored=None,
    price_list="retail",
    target_digest="digest of revision 2",
    newest=2,
    watermark=0,
    changes=Changes(cost=1, changed=1),
    below_cost=0,
    unpriced=0,
    own_values_kept=0,
    planned_at=NOON,
    tenant_newest=2,
    applied_as=None,
)
FIRST = LogEntry(
    position=Position(1),
    outcome=Outcome.APPLIED,
    reason=None,
    message=None,
    mode=Mode.FULL,
    sell_prices=True,
    names=True,
    before=None,
    after=Pinned("retail", 1),
    restored=None,
    undone_by=None,
    in_force=False,
    changes=Changes(),
    own_values_kept=0,
    requested_by="test",
    asked=NOBODY,
    started_at=NOON,
    finished_at=NOON,
)


@pytest.mark.parametrize(
    ("spec", "facts", "expected"),
    [
        pytest.param(
            assignment(), FACTS, Target(TENANT, Update(4, 3, Mode.FULL), permitted=True), id="the newest revision"
        ),
        pytest.param(
            assignment(revision=2), FACTS, Target(TENANT, Update(4, 2, Mode.FULL), permitted=True), id="the pinned one"
        ),
        pytest.param(
            assignment(mode="Partial", sellPrices=True, names=True),
            FACTS,
            Target(TENANT, Update(4, 3, Mode.PARTIAL, sell_prices=True, names=True), permitted=True),
            id="costs alone, with both options",
        ),
        pytest.param(
            assignment(),
            replace(FACTS, phase="Suspended"),
            Target(TENANT, Update(4, 3, Mode.FULL), permitted=False),
            id="a suspended tenant is told what awaits him, and gets nothing",
        ),
    ],
)
def test_an_assignment_leads_to(spec: PriceListAssignmentSpec, facts: AssignmentFacts | None, expected: Target) -> None:
    assert target(spec, facts) == expected


NOT_ACTIVE = (
    Waiting,
    Reason.TENANT_NOT_ACTIVE,
    "TenantReseller contoso is not active yet, and his first catalogue comes with that: see his conditions",
)
NO_REVISION = (
    Waiting,
    Reason.NO_REVISION,
    "PriceList retail has no accepted revision yet: see its condition Accepted",
)


@pytest.mark.parametrize(
    ("spec", "facts", "kind", "reason", "message"),
    [
        pytest.param(assignment(), None, *NOT_ACTIVE, id="a distributor without organisation is waited for"),
        pytest.param(
            assignment(),
            replace(FACTS, organization_id=None, phase=None),
            *NOT_ACTIVE,
            id="a tenant that is not made is waited for",
        ),
        *(
            pytest.param(assignment(), replace(FACTS, phase=phase), *NOT_ACTIVE, id=f"a tenant {phase} is waited for")
            for phase in (Phase.IN_PROGRESS, Phase.MARKED_AS_DELETED, Phase.FAILED)
        ),
        pytest.param(
            assignment(),
            replace(FACTS, price_list_id=None, price_list_currency=None, head_revision=0, has_revision=False),
            *NO_REVISION,
            id="a list that the database does not know is waited for",
        ),
        pytest.param(
            assignment(),
            replace(FACTS, head_revision=0, has_revision=False),
            *NO_REVISION,
            id="a list without an accepted revision is waited for",
        ),
        pytest.param(
            assignment(revision=1),
            replace(FACTS, head_revision=0, has_revision=False),
            *NO_REVISION,
            id="a pin into a list without an accepted revision waits too",
        ),
        pytest.param(
            assignment(),
            replace(FACTS, price_list_currency="USD"),
            Stalled,
            Reason.CURRENCY_MISMATCH,
            "PriceList retail is in USD, the tenant's catalogue in EUR: set spec.priceList to a list in EUR",
            id="a list in another currency is a person's matter",
        ),
        pytest.param(
            assignment(revision=9),
            replace(FACTS, has_revision=False),
            Stalled,
            Reason.REVISION_NOT_FOUND,
            "PriceList retail has no revision 9, the newest is 3: correct spec.revision, or remove it to follow the "
            "newest",
            id="a pin to a revision that does not exist is a person's matter",
        ),
    ],
)
def test_nothing_is_updated(
    spec: PriceListAssignmentSpec, facts: AssignmentFacts | None, kind: type[Unfinished], reason: Reason, message: str
) -> None:
    with pytest.raises(kind) as ended:
        target(spec, facts)
    assert (ended.value.reason, ended.value.message) == (reason, message)


def seen(spec: PriceListAssignmentSpec, plan: Plan = SOMETHING, facts: AssignmentFacts = FACTS, **more: Any) -> Seen:
    return Seen(target(spec, facts), RUN, plan, **more)


SUSPENDED = replace(FACTS, phase="Suspended")
MANUAL, NEVER = assignment(approval="Manual"), assignment(approval="Never")
APPROVED = assignment(approval="Manual", approvedPlan=ID)
RESTORING = assignment(restoreRun=1)
GOOD, STALE = Approval(ID, STORED, None), Approval(ID, STORED, "something moved")
SPENT = Approval(ID, replace(STORED, applied_as=2, newest=1), "it was applied as run 2")


@pytest.mark.parametrize(
    ("spec", "known", "step"),
    [
        pytest.param(assignment(), seen(assignment()), Apply(SOMETHING), id="Automatic applies a plan"),
        pytest.param(assignment(), seen(assignment(), NOTHING), Rest(), id="Automatic writes no run for an empty plan"),
        pytest.param(
            assignment(), seen(assignment(), facts=SUSPENDED), Rest(), id="Automatic gives a suspended tenant nothing"
        ),
        pytest.param(
            assignment(approvedPlan=ID), seen(assignment()), Apply(SOMETHING), id="Automatic asks for no approval"
        ),
        pytest.param(NEVER, seen(NEVER), Rest(), id="Never only shows"),
        pytest.param(MANUAL, seen(MANUAL), Rest(), id="Manual waits"),
        pytest.param(
            APPROVED, seen(APPROVED, approval=GOOD), ApplyApproved(STORED), id="Manual applies what was approved"
        ),
        pytest.param(
            APPROVED,
            seen(APPROVED, NOTHING, approval=GOOD),
            ApplyApproved(STORED),
            id="what was approved counts, also where the list has come back to what the tenant has",
        ),
        pytest.param(
            APPROVED, seen(APPROVED, facts=SUSPENDED, approval=GOOD), Rest(), id="an approval waits for the tenant"
        ),
        pytest.param(APPROVED, seen(APPROVED, approval=SPENT), Rest(), id="an approval that was applied is no news"),
        pytest.param(
            APPROVED,
            seen(APPROVED, NOTHING, approval=STALE),
            Rest(),
            id="where nothing is to be done no approval matters",
        ),
        pytest.param(
            RESTORING,
            seen(RESTORING, WAY_BACK, restorable=FIRST),
            Restore(WAY_BACK, 1),
            id="a restored run is its own approval under Automatic",
        ),
        *(
            pytest.param(
                assignment(restoreRun=1, approval=approval),
                seen(RESTORING, WAY_BACK, restorable=FIRST),
                Restore(WAY_BACK, 1),
                id=f"a restored run is its own approval under {approval}",
            )
            for approval in ("Manual", "Never")
        ),
        pytest.param(
            RESTORING,
            seen(RESTORING, replace(WAY_BACK, changes=Changes()), restorable=FIRST),
            Restore(replace(WAY_BACK, changes=Changes()), 1),
            id="a run is restored even where that changes nothing: what leads on from it may differ",
        ),
        pytest.param(
            RESTORING,
            seen(RESTORING, WAY_BACK, SUSPENDED, restorable=FIRST),
            Rest(),
            id="nothing is restored for a suspended tenant",
        ),
        pytest.param(
            assignment(restoreRun=2),
            seen(RESTORING, restorable=replace(FIRST, position=Position(2))),
            Rest(),
            id="while a restored run is in force nothing newer is applied",
        ),
        pytest.param(
            assignment(restoreRun=2, approval="Manual", approvedPlan=ID),
            seen(RESTORING, restorable=replace(FIRST, position=Position(2)), approval=GOOD),
            Rest(),
            id="not even what was approved",
        ),
    ],
)
def test_what_is_done(spec: PriceListAssignmentSpec, known: Seen, step: Step) -> None:
    assert decide(spec, known) == step


def test_an_approval_that_is_no_longer_good_is_refused_and_the_resource_goes_on() -> None:
    step = decide(APPROVED, seen(APPROVED, approval=STALE))
    assert isinstance(step, Refuse)
    assert step.stalled is None
    assert (step.attempt.outcome, step.attempt.reason, step.attempt.plan_id) == ("refused", "ApprovalRefused", ID)
    assert step.attempt.update == STORED.update
    assert step.attempt.message == (
        f"Plan {ID} cannot be applied: something moved. Approve the plan that the status shows"
    )


@pytest.mark.parametrize(
    ("found", "fault"),
    [
        pytest.param(None, "contoso has no run 1", id="one that never was"),
        pytest.param(replace(FIRST, undone_by=5), "run 1 of contoso was undone by run 5", id="one that was undone"),
        pytest.param(
            replace(FIRST, restored=3), "run 1 of contoso is itself a return to run 3", id="one that was an undo itself"
        ),
    ],
)
def test_a_run_that_does_not_count_is_refused_and_a_person_must_act(found: LogEntry | None, fault: str) -> None:
    step = decide(RESTORING, seen(RESTORING, restorable=found))
    assert isinstance(step, Refuse)
    assert step.stalled is not None
    assert step.stalled.reason == Reason.RUN_NOT_FOUND
    assert (
        step.stalled.message
        == step.attempt.message
        == (f"{fault}: set spec.restoreRun to an update that counts, or remove it; `twotier log` shows them")
    )
    assert (step.attempt.outcome, step.attempt.restored) == ("refused", 1)


@pytest.mark.parametrize(
    ("spec", "stored", "fault"),
    [
        pytest.param(APPROVED, STORED, None, id="a plan to an older revision than the newest is good"),
        pytest.param(
            APPROVED,
            replace(STORED, tenant_newest=4),
            "the catalogue has moved to run 4 since, and it was planned after run 2",
            id="the tenant has moved",
        ),
        pytest.param(
            APPROVED,
            replace(STORED, tenant_newest=4, applied_as=3),
            "it was applied as run 3",
            id="it was applied",
        ),
        pytest.param(
            assignment(mode="Partial"),
            STORED,
            "it was planned with mode Full, and spec.mode is Partial",
            id="the spec asks for another mode",
        ),
        pytest.param(
            assignment(sellPrices=True),
            STORED,
            "it was planned with sellPrices false, and spec.sellPrices is true",
            id="the spec asks for sell prices",
        ),
        pytest.param(
            assignment(),
            replace(STORED, update=Update(4, 2, names=True)),
            "it was planned with names true, and spec.names is false",
            id="the spec asks for names no more",
        ),
        pytest.param(
            assignment(priceList="wholesale"),
            replace(STORED, update=Update(9, 2)),
            "it leads to PriceList retail, and spec.priceList is wholesale",
            id="the spec names another list",
        ),
        pytest.param(
            assignment(revision=3),
            STORED,
            "it leads to revision 2, and spec.revision is 3",
            id="the spec is pinned to another revision",
        ),
        pytest.param(assignment(revision=2), STORED, None, id="the spec is pinned to its revision"),
        pytest.param(
            APPROVED,
            replace(STORED, restored=1),
            "it returns to run 1, for which spec.restoreRun is there",
            id="it is no update",
        ),
        pytest.param(APPROVED, None, "no plan of contoso with this id was ever shown", id="nobody knows it"),
    ],
)
def test_an_approval_is_worth(spec: PriceListAssignmentSpec, stored: StoredPlan | None, fault: str | None) -> None:
    assert judge(spec, target(spec, FACTS), ID, stored, of_another=False) == Approval(ID, stored, fault)


def test_a_plan_of_another_tenant_is_told_as_such_without_his_name() -> None:
    approval = judge(APPROVED, target(APPROVED, FACTS), ID, None, of_another=True)
    assert approval.fault == "it is a plan of another tenant"


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
            f"The approved plan {SHORT} is not applied: it was applied as run 2. Plan {OTHER_ID} awaits approval",
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
