"""What becomes of a tenant's catalogue under an assignment, transaction by transaction."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from tests.postgres.assignments.office import ADA, NOW, Office
from tests.postgres.catalogue.sequences import listed

from twotier.bss.catalogue.runs.log import Outcome, Position
from twotier.bss.catalogue.runs.updates import Asked, state
from twotier.bss.database import Database
from twotier.kinds.price_list_assignment.apply import Unasked
from twotier.runtime.outcome import Done, Stalled, Waiting
from twotier.runtime.reasons import Reason

SECOND, THIRD = listed(a=(2, 3), b=(3, 4)), listed(a=(2, 3), c=(5, None))
BREAK = """
create function twotier.break_down() returns trigger language plpgsql as
  $$ begin raise 'disk full, said geheim'; end $$;
create trigger break_down before insert on twotier.catalogue_update execute function twotier.break_down()
"""


def stored_plans(connection: Connection) -> int:
    return int(connection.execute(text("select count(*) from catalogue_plan")).scalar_one())


def conditions(done: Done) -> dict[str, tuple[str, str]]:
    return {each.type: (each.status, each.reason) for each in done.conditions}


def newest(office: Office, connection: Connection) -> int:
    found = state(connection, office.tenants["contoso"])
    assert found is not None
    return found.newest


def test_automatic_updates_store_no_plans(office: Office, operator_database: Database) -> None:
    with operator_database.transaction() as connection:
        office.publish(connection, SECOND)
        assert office.done(connection, asked=None).status["run"] == 2
        assert office.done(connection, asked=None).status["run"] == 2
        assert stored_plans(connection) == 0


def test_a_plan_that_is_only_shown_is_stored_once(office: Office, operator_database: Database) -> None:
    with operator_database.transaction() as connection:
        office.publish(connection, SECOND)
        first, second = (office.done(connection, approval="Never", asked=None) for _ in range(2))
        assert first == second
        assert conditions(first) == {"UpToDate": ("False", Reason.SHOWN_ONLY)}
        assert stored_plans(connection) == 1
        assert newest(office, connection) == 1


def test_who_approved_is_asked_for_before_anything_is_written(office: Office, operator_database: Database) -> None:
    with operator_database.transaction() as connection:
        office.publish(connection, SECOND)
        approved = office.planned(connection)
        spec = {"approval": "Manual", "approvedPlan": approved}
        assert office.pursue(connection, asked=None, **spec) == Unasked("approvedPlan", approved)
        assert newest(office, connection) == 1

        done = office.done(connection, **spec)
        assert conditions(done) == {"UpToDate": ("True", Reason.UP_TO_DATE), "PlanApproved": ("True", Reason.APPROVED)}
        assert office.log(connection)[-1].asked == Asked(ADA.by, ADA.at, approved)
        # A plan approved twice is applied once.
        assert office.done(connection, asked=None, **spec) == done
        assert newest(office, connection) == 2


def test_an_approved_plan_leads_to_its_own_revision_and_the_next_plan_from_there(
    office: Office, operator_database: Database
) -> None:
    with operator_database.transaction() as connection:
        office.publish(connection, SECOND)
        approved = office.planned(connection)
        office.publish(connection, THIRD)
        done = office.done(connection, approval="Manual", approvedPlan=approved)
        assert (done.reason, done.status["revision"]) == (Reason.AWAITING_APPROVAL, 2)
        assert done.status["plan"]["targetRevision"] == 3
        assert {name: count for name, count in done.status["plan"]["differences"].items() if count} == {
            "added": 1,
            "discontinued": 1,
        }
        assert conditions(done)["PlanApproved"] == ("False", Reason.AWAITING_APPROVAL)


@pytest.mark.parametrize(
    ("spec", "fault"),
    [
        pytest.param({"mode": "Partial"}, "it was planned with mode Full, and spec.mode is Partial", id="the mode"),
        pytest.param(
            {"priceList": "wholesale"}, "it leads to PriceList retail, and spec.priceList is wholesale", id="the list"
        ),
        pytest.param({"revision": 3}, "it leads to revision 2, and spec.revision is 3", id="the pin"),
        pytest.param(
            {"approvedPlan": "sha256:0"}, "no plan of contoso with this id was ever shown", id="the plan, to none"
        ),
    ],
)
def test_an_approval_is_refused_when_the_spec_changed_in(
    office: Office, operator_database: Database, spec: dict[str, Any], fault: str
) -> None:
    with operator_database.transaction() as connection:
        office.publish(connection, SECOND)
        approved = office.planned(connection)
        for name in ("retail", "wholesale"):
            office.publish(connection, THIRD, name)
        asked_for = {"approval": "Manual", "approvedPlan": approved} | spec
        for _ in range(3):
            done = office.done(connection, **asked_for)
        assert conditions(done)["PlanApproved"] == ("False", Reason.APPROVAL_REFUSED)
        assert fault in done.conditions[1].message
        first, refused = office.log(connection)
        assert (refused.position, refused.outcome, refused.asked.by) == (Position(1, 1), Outcome.REFUSED, ADA.by)
        assert refused.message is not None
        assert fault in refused.message
        assert first.in_force


def test_a_tenant_goes_back_in_time_and_on_again(office: Office, operator_database: Database) -> None:
    with operator_database.transaction() as connection:
        office.publish(connection, SECOND)
        assert office.done(connection).status["revision"] == 2
        assert office.done(connection, revision=1).status["revision"] == 1
        assert office.done(connection).status["revision"] == 2
        assert [entry.after.revision for entry in office.log(connection) if entry.after] == [1, 2, 1, 2]


def test_a_switch_of_lists_is_a_plan_like_any_other(office: Office, operator_database: Database) -> None:
    with operator_database.transaction() as connection:
        office.publish(connection, THIRD, "wholesale")
        approved = office.planned(connection, priceList="wholesale")
        done = office.done(connection, approval="Manual", priceList="wholesale", approvedPlan=approved)
        assert (done.reason, done.status["priceList"], done.status["revision"]) == (Reason.UP_TO_DATE, "wholesale", 2)


@pytest.mark.parametrize(
    ("approval", "released"),
    [("Automatic", Reason.UP_TO_DATE), ("Manual", Reason.AWAITING_APPROVAL), ("Never", Reason.SHOWN_ONLY)],
)
def test_a_restored_run_stays_until_it_is_released_under(
    office: Office, operator_database: Database, approval: str, released: Reason
) -> None:
    with operator_database.transaction() as connection:
        office.publish(connection, SECOND)
        office.done(connection)
        assert office.pursue(connection, asked=None, restoreRun=1, approval=approval) == Unasked("restoreRun", 1)
        done = office.done(connection, restoreRun=1, approval=approval)
        assert (done.reason, done.status["run"], done.status["revision"]) == (Reason.RESTORED, 1, 1)
        assert done.status["plan"]["targetRevision"] == 2
        assert office.done(connection, restoreRun=1, approval=approval, asked=None) == done
        undo = office.log(connection)[-1]
        assert (undo.position, undo.restored, undo.asked) == (Position(3), 1, ADA)
        assert undo.changes.by_name() == {"changed": 1, "cost": 1}

        assert office.done(connection, approval=approval).reason == released


def test_a_run_that_does_not_count_stalls_and_is_logged_once(office: Office, operator_database: Database) -> None:
    with operator_database.transaction() as connection:
        assert office.pursue(connection, asked=None, restoreRun=7) == Unasked("restoreRun", 7)
        ended = [office.pursue(connection, restoreRun=7) for _ in range(3)]
        assert [type(each) for each in ended] == [Stalled] * 3
        assert [(str(entry.position), entry.reason) for entry in office.log(connection)] == [
            ("1", None),
            ("1.1", Reason.RUN_NOT_FOUND),
        ]


def test_a_suspended_tenant_is_shown_the_way_back_and_gets_it_when_he_is_active_again(
    office: Office, operator_database: Database
) -> None:
    with operator_database.transaction() as connection:
        office.publish(connection, SECOND)
        office.done(connection)
        office.suspend(connection)
        done = office.done(connection, restoreRun=1)
        assert done.reason == Reason.TENANT_SUSPENDED
        assert (done.status["run"], done.status["plan"]["targetRevision"]) == (2, 1)
        office.resume(connection)
        assert office.done(connection, restoreRun=1).status["run"] == 1


def test_a_run_that_fails_is_logged_without_what_may_be_secret_and_tried_again(
    office: Office, operator_database: Database
) -> None:
    with operator_database.transaction() as connection:
        office.publish(connection, SECOND)
        connection.execute(text("set local role none"))
        connection.exec_driver_sql(BREAK)
        connection.execute(text("set local role twotier_operator"))
        ended = [office.pursue(connection) for _ in range(2)]
        assert [isinstance(each, DBAPIError) for each in ended] == [True, True]
        _, failed = office.log(connection)
        assert (failed.outcome, failed.reason, failed.message) == (
            Outcome.FAILED,
            Reason.RECONCILE_FAILED,
            type(ended[0]).__name__,
        )
        assert (failed.started_at, failed.finished_at) == (NOW, NOW)
        connection.execute(text("set local role none"))
        connection.exec_driver_sql("drop trigger break_down on twotier.catalogue_update")
        connection.execute(text("set local role twotier_operator"))
        assert office.done(connection).status["run"] == 2


# At the same time


def test_an_approval_and_an_import_at_once_do_not_disturb_each_other(
    office: Office, operator_database: Database
) -> None:
    with operator_database.transaction() as connection:
        office.publish(connection, SECOND)
        approved = office.planned(connection)
    with operator_database.transaction() as importing, operator_database.transaction() as applying:
        office.publish(importing, THIRD)
        done = office.done(applying, approval="Manual", approvedPlan=approved)
    assert done.status["revision"] == 2
    with operator_database.transaction() as connection:
        done = office.done(connection, approval="Manual", approvedPlan=approved)
    assert (done.reason, done.status["plan"]["targetRevision"]) == (Reason.AWAITING_APPROVAL, 3)


def test_a_suspension_that_comes_first_wins_over_an_approval_and_the_log_says_so(
    office: Office, operator_database: Database
) -> None:
    with operator_database.transaction() as connection:
        office.publish(connection, SECOND)
        spec: dict[str, Any] = {"approval": "Manual", "approvedPlan": office.planned(connection)}

    def approve() -> object:
        with operator_database.transaction() as connection:
            return office.pursue(connection, **spec)

    with ThreadPoolExecutor(1) as thread:
        with operator_database.transaction() as connection:
            office.suspend(connection)
            approval = thread.submit(approve)
            office.await_blocked(connection, approval)
        ended = approval.result()
    assert isinstance(ended, Waiting)
    assert ended.reason == Reason.CATALOGUE_MOVED
    assert ended.message == "Nothing was applied: TenantReseller contoso was suspended or deleted at this moment"
    with operator_database.transaction() as connection:
        refused = office.log(connection)[-1]
        assert (refused.outcome, refused.asked.plan_id) == (Outcome.REFUSED, spec["approvedPlan"])
        done = office.done(connection, **spec)
        assert done.reason == Reason.TENANT_SUSPENDED
        assert conditions(done)["PlanApproved"] == ("True", Reason.APPROVED)


def test_an_approval_that_comes_first_is_applied_before_the_suspension(
    office: Office, operator_database: Database
) -> None:
    with operator_database.transaction() as connection:
        office.publish(connection, SECOND)
        approved = office.planned(connection)

    def suspend() -> None:
        with operator_database.transaction() as connection:
            office.suspend(connection)

    with ThreadPoolExecutor(1) as thread:
        with operator_database.transaction() as connection:
            office.done(connection, approval="Manual", approvedPlan=approved)
            suspension = thread.submit(suspend)
            office.await_blocked(connection, suspension)
        suspension.result()
    with operator_database.transaction() as connection:
        done = office.done(connection, approval="Manual", approvedPlan=approved)
        assert (done.reason, done.status["run"]) == (Reason.UP_TO_DATE, 2)


def test_of_two_approvals_at_once_one_wins_and_the_other_is_told_why(
    office: Office, operator_database: Database
) -> None:
    with operator_database.transaction() as connection:
        office.publish(connection, SECOND)
        full, partial = (office.planned(connection, mode=mode) for mode in ("Full", "Partial"))

    def approve() -> object:
        with operator_database.transaction() as connection:
            return office.pursue(connection, approval="Manual", mode="Partial", approvedPlan=partial)

    with ThreadPoolExecutor(1) as thread:
        with operator_database.transaction() as connection:
            office.done(connection, approval="Manual", approvedPlan=full)
            other = thread.submit(approve)
            office.await_blocked(connection, other)
        ended = other.result()
    assert isinstance(ended, Waiting)
    assert "is good after run 1, and the catalogue has moved to run 2: approve a newer plan" in ended.message
    with operator_database.transaction() as connection:
        assert [(str(entry.position), entry.outcome) for entry in office.log(connection)] == [
            ("1", "applied"),
            ("2", "applied"),
            ("2.1", "refused"),
        ]
