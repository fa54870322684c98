"""What an assignment leads to, and what is done about it."""

from dataclasses import replace

import pytest
from tests.assignment_facts import (
    APPROVED,
    FACTS,
    FIRST,
    GOOD,
    ID,
    MANUAL,
    NEVER,
    NOTHING,
    RESTORING,
    SOMETHING,
    SPENT,
    STALE,
    STORED,
    SUSPENDED,
    TENANT,
    WAY_BACK,
    assignment,
    seen,
)

from twotier.bss.catalogue.runs.assignment import AssignmentFacts
from twotier.bss.catalogue.runs.log import LogEntry, Position
from twotier.bss.catalogue.runs.planning import Changes
from twotier.bss.catalogue.runs.stored_plans import StoredPlan
from twotier.bss.catalogue.runs.updates import Mode, Update
from twotier.bss.tenants.phases import Phase
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
from twotier.runtime.outcome import Stalled, Unfinished, Waiting
from twotier.runtime.reasons import Reason


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
        == (
            f"{fault}: set spec.restoreRun to an update that counts, or remove it; "
            "`kubectl twotier log contoso` shows them"
        )
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
