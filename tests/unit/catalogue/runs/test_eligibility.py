"""What an assignment leads to, and what may be done about it."""

from dataclasses import replace

import pytest
from tests.unit.catalogue.runs.assignment_facts import (
    APPROVED,
    AUTOMATIC,
    FACTS,
    FIRST,
    GOOD,
    ID,
    MANUAL,
    MOVED,
    NEVER,
    NOTHING,
    RESTORING,
    SOMETHING,
    SPENT,
    STALE,
    STORED,
    SUSPENDED,
    TENANT,
    UNDO,
    assignment,
    leads_to,
    seen,
)

from twotier.bss.catalogue.runs.assignment import Approval, Assignment, AssignmentFacts
from twotier.bss.catalogue.runs.changes import Changes
from twotier.bss.catalogue.runs.eligibility import (
    Apply,
    ApplyApproved,
    ApprovedPlan,
    RefuseApproval,
    RefuseUndo,
    Rest,
    Seen,
    Step,
    Target,
    Undo,
    Withheld,
    approval_obstacle,
    judge_approval,
    next_step,
    target,
    undo_obstacle,
    withheld,
)
from twotier.bss.catalogue.runs.log import LogEntry
from twotier.bss.catalogue.runs.obstacles import (
    CatalogueMoved,
    NeverApplied,
    NoApprovalNeeded,
    NoCatalogue,
    NoSuchRun,
    PlanApplied,
    PlanContradicted,
    PlanOfAnotherTenant,
    PlanOfUndo,
    RunHeldInForce,
    RunInForce,
    RunIsUndo,
    RunUndone,
    TenantNotActive,
    UnknownPlan,
)
from twotier.bss.catalogue.runs.stored_plans import StoredPlan
from twotier.bss.catalogue.runs.updates import Mode, Update
from twotier.bss.obstacle import Obstacle
from twotier.bss.price_lists.assignable import NoSuchRevision, NotAccepted, OtherCurrency
from twotier.bss.tenants.phases import Phase


@pytest.mark.parametrize(
    ("declared", "facts", "expected"),
    [
        pytest.param(assignment(), FACTS, Target(TENANT, Update(4, 3)), id="the newest revision"),
        pytest.param(assignment(revision=2), FACTS, Target(TENANT, Update(4, 2)), id="the pinned one"),
        pytest.param(
            assignment(mode=Mode.PARTIAL, sell_prices=True, names=True),
            FACTS,
            Target(TENANT, Update(4, 3, Mode.PARTIAL, sell_prices=True, names=True)),
            id="costs alone, with both options",
        ),
        pytest.param(
            assignment(),
            SUSPENDED,
            Target(TENANT, Update(4, 3), TenantNotActive()),
            id="what awaits a suspended tenant, which gets nothing",
        ),
    ],
)
def test_an_assignment_leads_to(declared: Assignment, facts: AssignmentFacts, expected: Target) -> None:
    assert target(declared, facts) == expected


NO_LIST = replace(FACTS, price_list_id=None, price_list_currency=None, head_revision=0, has_revision=False)
NO_REVISION = replace(FACTS, head_revision=0, has_revision=False)


@pytest.mark.parametrize(
    ("declared", "facts", "obstacle"),
    [
        pytest.param(assignment(), None, NoCatalogue(), id="its distributor has no organisation yet"),
        pytest.param(
            assignment(),
            replace(FACTS, organization_id=None, phase=None),
            NoCatalogue(),
            id="the tenant has no organisation yet",
        ),
        *(
            pytest.param(assignment(), replace(FACTS, phase=phase), NoCatalogue(), id=f"the tenant is {phase}")
            for phase in (Phase.IN_PROGRESS, Phase.MARKED_AS_DELETED, Phase.FAILED)
        ),
        pytest.param(assignment(), NO_LIST, NotAccepted("retail"), id="the database does not know the list"),
        pytest.param(assignment(), NO_REVISION, NotAccepted("retail"), id="the list has no accepted revision"),
        pytest.param(
            assignment(revision=1), NO_REVISION, NotAccepted("retail"), id="a list without revisions is pinned"
        ),
        pytest.param(
            assignment(),
            replace(FACTS, price_list_currency="USD"),
            OtherCurrency("retail", "USD", "EUR"),
            id="the list is in another currency",
        ),
        pytest.param(
            assignment(revision=9),
            replace(FACTS, has_revision=False),
            NoSuchRevision("retail", 9, 3),
            id="the pinned revision does not exist",
        ),
    ],
)
def test_nothing_can_be_planned_where(declared: Assignment, facts: AssignmentFacts | None, obstacle: Obstacle) -> None:
    assert target(declared, facts) == obstacle


@pytest.mark.parametrize(
    ("declared", "known", "step"),
    [
        pytest.param(AUTOMATIC, seen(AUTOMATIC), Apply(SOMETHING), id="Automatic applies a plan"),
        pytest.param(AUTOMATIC, seen(AUTOMATIC, NOTHING), Rest(), id="Automatic writes no run for an empty plan"),
        pytest.param(
            AUTOMATIC, seen(AUTOMATIC, facts=SUSPENDED), Rest(), id="Automatic gives a suspended tenant nothing"
        ),
        pytest.param(
            assignment(approved_plan=ID), seen(AUTOMATIC), Apply(SOMETHING), id="Automatic asks for no approval"
        ),
        pytest.param(NEVER, seen(NEVER), Rest(), id="Never only shows"),
        pytest.param(MANUAL, seen(MANUAL), Rest(), id="Manual waits"),
        pytest.param(
            APPROVED, seen(APPROVED, approved=GOOD), ApplyApproved(STORED), id="Manual applies what was approved"
        ),
        pytest.param(
            APPROVED,
            seen(APPROVED, NOTHING, approved=GOOD),
            ApplyApproved(STORED),
            id="what was approved counts, also where the list has come back to what the tenant has",
        ),
        pytest.param(
            APPROVED, seen(APPROVED, facts=SUSPENDED, approved=GOOD), Rest(), id="an approval waits for the tenant"
        ),
        pytest.param(APPROVED, seen(APPROVED, approved=SPENT), Rest(), id="an approval that was applied is no news"),
        pytest.param(
            APPROVED,
            seen(APPROVED, NOTHING, approved=STALE),
            Rest(),
            id="where nothing is to be done no approval matters",
        ),
        pytest.param(
            APPROVED,
            seen(APPROVED, approved=STALE),
            RefuseApproval(STALE, MOVED),
            id="an approval that is no longer good is refused",
        ),
        *(
            pytest.param(
                assignment(restored_run=1, approval=approval),
                seen(RESTORING, UNDO),
                Undo(UNDO, 1),
                id=f"an undo is its own approval under {approval}",
            )
            for approval in Approval
        ),
        pytest.param(
            RESTORING,
            seen(RESTORING, replace(UNDO, changes=Changes())),
            Undo(replace(UNDO, changes=Changes()), 1),
            id="a run is restored even where that changes nothing: what leads on from it may differ",
        ),
        pytest.param(
            RESTORING, seen(RESTORING, UNDO, SUSPENDED), Rest(), id="nothing is restored for a suspended tenant"
        ),
        pytest.param(
            assignment(restored_run=2),
            seen(RESTORING),
            Rest(),
            id="while a restored run is in force nothing newer is applied",
        ),
        pytest.param(
            assignment(restored_run=2, approval=Approval.MANUAL, approved_plan=ID),
            seen(RESTORING, approved=GOOD),
            Rest(),
            id="not even what was approved",
        ),
        pytest.param(
            RESTORING,
            seen(RESTORING, undo_obstacle=NoSuchRun(1)),
            RefuseUndo(1, NoSuchRun(1)),
            id="an undo to a run that does not count is refused",
        ),
    ],
)
def test_what_is_done(declared: Assignment, known: Seen, step: Step) -> None:
    assert next_step(declared, known) == step


@pytest.mark.parametrize(
    ("declared", "known", "why"),
    [
        pytest.param(MANUAL, seen(MANUAL), Withheld.AWAITS_APPROVAL, id="a person must approve it"),
        pytest.param(NEVER, seen(NEVER), Withheld.SHOWN_ONLY, id="nothing is ever applied"),
        pytest.param(AUTOMATIC, seen(AUTOMATIC, facts=SUSPENDED), Withheld.NOT_ACTIVE, id="the tenant is suspended"),
        pytest.param(RESTORING, seen(RESTORING), Withheld.RESTORED, id="a restored run is in force"),
        pytest.param(
            RESTORING,
            seen(RESTORING, UNDO, SUSPENDED),
            Withheld.NOT_ACTIVE,
            id="the tenant is suspended and a run is to be restored",
        ),
    ],
)
def test_a_plan_is_withheld_because(declared: Assignment, known: Seen, why: Withheld) -> None:
    assert withheld(declared, known) is why


@pytest.mark.parametrize(
    ("run", "found", "obstacle"),
    [
        pytest.param(1, FIRST, None, id="an update before the one in force can be restored"),
        pytest.param(9, None, NoSuchRun(9), id="one that never was cannot"),
        pytest.param(1, replace(FIRST, undone_by=5), RunUndone(1, 5), id="one that was undone cannot"),
        pytest.param(1, replace(FIRST, restored=3), RunIsUndo(1, 3), id="one that was an undo itself cannot"),
        pytest.param(1, replace(FIRST, in_force=True), RunInForce(1), id="the one in force need not"),
    ],
)
def test_of_runs(run: int, found: LogEntry | None, obstacle: Obstacle | None) -> None:
    assert undo_obstacle(run, found) == obstacle


@pytest.mark.parametrize(
    ("declared", "stored", "obstacle"),
    [
        pytest.param(APPROVED, STORED, None, id="a plan to an older revision than the newest is good"),
        pytest.param(APPROVED, replace(STORED, tenant_newest=4), CatalogueMoved(2, 4), id="the tenant has moved"),
        pytest.param(APPROVED, replace(STORED, tenant_newest=4, applied_as=3), PlanApplied(3), id="it was applied"),
        pytest.param(
            assignment(mode=Mode.PARTIAL),
            STORED,
            PlanContradicted("was planned with mode Full", "mode", "Partial"),
            id="another mode is declared",
        ),
        pytest.param(
            assignment(sell_prices=True),
            STORED,
            PlanContradicted("was planned with sell prices option off", "sell prices option", "on"),
            id="sell prices are declared",
        ),
        pytest.param(
            assignment(),
            replace(STORED, update=Update(4, 2, names=True)),
            PlanContradicted("was planned with names option on", "names option", "off"),
            id="names are declared no more",
        ),
        pytest.param(
            assignment(price_list="wholesale"),
            replace(STORED, update=Update(9, 2)),
            PlanContradicted("leads to price list retail", "price list", "wholesale"),
            id="another list is declared",
        ),
        pytest.param(
            assignment(revision=3),
            STORED,
            PlanContradicted("leads to revision 2", "revision", "3"),
            id="another revision is pinned",
        ),
        pytest.param(assignment(revision=2), STORED, None, id="its revision is pinned"),
        pytest.param(APPROVED, replace(STORED, restored=1), PlanOfUndo(1), id="it is no update"),
        pytest.param(APPROVED, None, UnknownPlan(), id="nobody knows it"),
    ],
)
def test_an_approval_is_worth(declared: Assignment, stored: StoredPlan | None, obstacle: Obstacle | None) -> None:
    found = judge_approval(declared, leads_to(declared), ID, stored, of_another=False)
    assert found == ApprovedPlan(ID, stored, obstacle)


def test_a_plan_of_another_tenant_is_told_as_such_without_its_name() -> None:
    found = judge_approval(APPROVED, leads_to(APPROVED), ID, None, of_another=True)
    assert found.obstacle == PlanOfAnotherTenant()


@pytest.mark.parametrize(
    ("declared", "approved", "obstacle"),
    [
        pytest.param(MANUAL, GOOD, None, id="a good plan under Manual"),
        pytest.param(MANUAL, STALE, MOVED, id="a plan that is no longer good"),
        pytest.param(AUTOMATIC, GOOD, NoApprovalNeeded(), id="a plan under Automatic"),
        pytest.param(NEVER, GOOD, NeverApplied(), id="a plan under Never"),
        pytest.param(
            assignment(approval=Approval.MANUAL, restored_run=1),
            GOOD,
            RunHeldInForce(1),
            id="a plan while a restored run is declared",
        ),
    ],
)
def test_what_stands_in_the_way_of_approving(
    declared: Assignment, approved: ApprovedPlan, obstacle: Obstacle | None
) -> None:
    assert approval_obstacle(declared, approved) == obstacle


@pytest.mark.parametrize(
    ("obstacle", "said"),
    [
        (NoCatalogue(), "the tenant has no catalogue yet: it gets the whole price list when it becomes active"),
        (CatalogueMoved(1, 2), "the catalogue has moved to run 2 since it was planned after run 1"),
        (
            PlanContradicted("leads to revision 2", "revision", "3"),
            "it leads to revision 2, and the declared revision is 3",
        ),
        (RunIsUndo(4, 2), "run 4 is itself an undo to run 2"),
        (OtherCurrency("retail", "USD", "EUR"), "price list retail is in USD, and the tenant's currency is EUR"),
        (NoSuchRevision("retail", 9, 3), "price list retail has no revision 9, and its newest is 3"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Obstacle) else "",
)
def test_an_obstacle_is_said_in_a_clause(obstacle: Obstacle, said: str) -> None:
    assert str(obstacle) == said
