"""Plans that people see, approve and take back, and what the log keeps of it."""

from decimal import Decimal
from typing import Any

import pytest
from tests.shop import BACKUP, DISK, MAIL, Object, Shop, assignment, distributor, eventually, price_list, tenant

from twotier.bss.catalogue.runs import log
from twotier.bss.catalogue.runs.log import LogEntry
from twotier.bss.database import Database, Role

DEARER, CHEAPER = "MAIL,month,5,Mail,6.00", "MAIL,month,4,Mail,6.00"


def listed(*rows: str) -> Object:
    return price_list("retail", *rows, DISK, BACKUP)


def manual(name: str = "contoso", **spec: object) -> Object:
    return assignment(name, approval="Manual", **spec)


DECLARED = (distributor(), listed(MAIL), tenant(), manual())


@pytest.fixture
def story(shop: Shop) -> Shop:
    """A tenant with the first revision of a list, whose updates await approval."""
    shop.apply(*DECLARED)
    shop.await_ready(*DECLARED)
    return shop


def publish(shop: Shop, row: str, revision: int) -> None:
    shop.apply(listed(row))
    shop.await_status("PriceList", "retail", "revision", revision)


def await_plan(shop: Shop, revision: int, name: str = "contoso") -> str:
    """Wait until a plan to this revision is shown, and return its id."""

    def shown() -> Any:
        return shop.status("PriceListAssignment", name).get("plan", {})

    eventually(lambda: shown().get("targetRevision") == revision, lambda: str(shown()))
    return str(shown()["id"])


def approve(shop: Shop, plan_id: str) -> None:
    """Approve a plan as a person does."""
    shop.kubectl("patch", "pla", "contoso", "--type=merge", f'--patch={{"spec": {{"approvedPlan": "{plan_id}"}}}}')


def cost(shop: Shop) -> Decimal:
    return shop.prices()["MAIL"][0]


def logged(shop: Shop) -> list[LogEntry]:
    """The log of the tenant, the oldest first."""
    organization_id = shop.organization_id()
    assert organization_id is not None
    database = Database(shop.database_url, Role.VIEWER, pool_size=1)
    with database.transaction() as connection:
        entries = log.runs(connection, organization_id)
    database.dispose()
    return entries[::-1]


def look_again(shop: Shop, moment: str) -> None:
    """Have the assignment reconciled once more."""
    shop.kubectl("annotate", "pla", "contoso", f"reconcile.fluxcd.io/requestedAt={moment}", "--overwrite")
    shop.await_status("PriceListAssignment", "contoso", "lastHandledReconcileAt", moment)


def test_a_plan_waits_for_approval_and_stays_good_while_the_list_moves_on(story: Shop) -> None:
    publish(story, DEARER, 2)
    approved = await_plan(story, 2)
    assert story.is_ready("PriceListAssignment", "contoso")
    condition = story.condition("PriceListAssignment", "contoso", "PlanApproved")
    assert condition is not None
    assert (condition.status, condition.reason) == ("False", "AwaitingApproval")
    assert cost(story) == Decimal("4.2")

    publish(story, CHEAPER, 3)
    await_plan(story, 3)
    approve(story, approved)
    story.await_status("PriceListAssignment", "contoso", "run", 2)

    assert cost(story) == Decimal(5)
    following = await_plan(story, 3)
    assert story.condition("PriceListAssignment", "contoso", "UpToDate").reason == "AwaitingApproval"  # type: ignore[union-attr]  # it fails if there is none
    approve(story, following)
    story.await_condition("PriceListAssignment", "contoso", "True", "Approved", "PlanApproved")
    assert cost(story) == Decimal(4)
    assert [(str(entry.position), entry.plan_id) for entry in logged(story)] == [
        ("1", None),
        ("2", approved),
        ("3", following),
    ]
    assert logged(story)[1].requested_by == f"PriceListAssignment {story.namespace}/contoso"
    assert logged(story)[1].asked.by == "kubectl-patch"


def test_an_approval_that_is_no_longer_good_applies_nothing_and_is_logged_once(story: Shop) -> None:
    publish(story, DEARER, 2)
    planned = await_plan(story, 2)
    story.apply(assignment(mode="Partial"))
    story.await_status("PriceListAssignment", "contoso", "run", 2)
    publish(story, CHEAPER, 3)
    story.await_status("PriceListAssignment", "contoso", "run", 3)
    story.apply(manual(), listed("MAIL,month,7,Mail,6.00"))
    approve(story, planned)

    message = story.await_condition("PriceListAssignment", "contoso", "False", "ApprovalRefused", "PlanApproved")
    assert "the catalogue has moved to run 3 since it was planned after run 1" in message
    assert story.is_ready("PriceListAssignment", "contoso")
    assert cost(story) == Decimal(4)
    look_again(story, "once more")
    refused = logged(story)[-1]
    assert str(refused.position) == "3.1"
    assert (refused.outcome, refused.reason, refused.plan_id) == ("refused", "ApprovalRefused", planned)
    assert refused.asked.by == "kubectl-patch"
    assert len(logged(story)) == 4


def test_a_plan_of_another_tenant_is_refused(story: Shop) -> None:
    story.apply(tenant("fabrikam"), manual("fabrikam"))
    story.await_ready(tenant("fabrikam"), manual("fabrikam"))
    publish(story, DEARER, 2)
    story.apply(manual(approvedPlan=await_plan(story, 2, "fabrikam")))

    message = story.await_condition("PriceListAssignment", "contoso", "False", "ApprovalRefused", "PlanApproved")
    assert "it is a plan of another tenant" in message
    assert "fabrikam" not in message
    assert cost(story) == Decimal("4.2")


def test_an_approval_waits_while_the_tenant_is_suspended(story: Shop) -> None:
    publish(story, DEARER, 2)
    planned = await_plan(story, 2)
    story.apply(tenant(state="Suspended"))
    story.await_condition("TenantReseller", "contoso", "True", "TenantSuspended")
    story.apply(manual(approvedPlan=planned))
    story.await_condition("PriceListAssignment", "contoso", "True", "Approved", "PlanApproved")
    assert story.condition("PriceListAssignment", "contoso", "UpToDate").reason == "TenantSuspended"  # type: ignore[union-attr]  # it fails if there is none

    story.apply(tenant())
    story.await_status("PriceListAssignment", "contoso", "run", 2)
    assert cost(story) == Decimal(5)


def test_a_run_is_restored_and_nothing_newer_comes_until_it_is_released(story: Shop) -> None:
    story.apply(assignment())
    publish(story, DEARER, 2)
    story.await_status("PriceListAssignment", "contoso", "run", 2)
    story.apply(assignment(restoreRun=1))
    story.await_condition("PriceListAssignment", "contoso", "False", "Restored", "UpToDate")
    assert cost(story) == Decimal("4.2")
    publish(story, CHEAPER, 3)
    await_plan(story, 3)
    assert cost(story) == Decimal("4.2")

    story.apply(manual())
    story.await_condition("PriceListAssignment", "contoso", "False", "AwaitingApproval", "UpToDate")
    assert cost(story) == Decimal("4.2")
    story.apply(assignment())
    story.await_status("PriceListAssignment", "contoso", "run", 4)
    assert cost(story) == Decimal(4)
    assert [(entry.position.run, entry.restored, entry.undone_by) for entry in logged(story)] == [
        (1, None, None),
        (2, None, 3),
        (3, 1, None),
        (4, None, None),
    ]

    story.apply(assignment(restoreRun=2))
    message = story.await_condition("PriceListAssignment", "contoso", "False", "RunNotFound")
    assert "cannot be restored to run 2: run 2 was undone by run 3. Set spec.restoreRun" in message
    assert logged(story)[-1].reason == "RunNotFound"
    assert cost(story) == Decimal(4)


def test_a_suspended_assignment_gives_no_first_catalogue(shop: Shop) -> None:
    shop.apply(distributor(), listed(MAIL))
    shop.await_status("PriceList", "retail", "revision", 1)
    shop.apply(assignment(suspend=True), tenant())
    message = shop.await_condition("TenantReseller", "contoso", "False", "ChecklistFailed")
    assert message == "PriceListAssignment contoso is suspended: set its spec.suspend to false"

    shop.apply(assignment())
    shop.await_ready(tenant(), assignment())
    assert cost(shop) == Decimal("4.2")
