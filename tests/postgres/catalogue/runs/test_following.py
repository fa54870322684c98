"""What becomes of a tenant's catalogue under an assignment, transaction by transaction."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from tests.postgres.catalogue.runs.office import ADA, NOW, Office
from tests.postgres.catalogue.sequences import listed

from twotier.bss.catalogue.runs.apply import AskedBy, AskerUnknown, Failed, Obstructed, Overtaken, PlanShown
from twotier.bss.catalogue.runs.assignment import Approval
from twotier.bss.catalogue.runs.eligibility import Withheld
from twotier.bss.catalogue.runs.log import AttemptReason, Outcome, Position
from twotier.bss.catalogue.runs.obstacles import (
    CatalogueMoved,
    NoCatalogue,
    NoSuchRun,
    PlanApplied,
    PlanContradicted,
    TenantNotActive,
    UnknownPlan,
)
from twotier.bss.catalogue.runs.updates import Mode, state
from twotier.bss.database import Database
from twotier.bss.obstacle import Obstacle

MANUAL, NEVER = Approval.MANUAL, Approval.NEVER

SECOND, THIRD = listed(a=(2, 3), b=(3, 4)), listed(a=(2, 3), c=(5, None))
BREAK = """
create function twotier.break_down() returns trigger language plpgsql as
  $$ begin raise 'disk full, said geheim'; end $$;
create trigger break_down before insert on twotier.catalogue_update execute function twotier.break_down()
"""


def stored_plans(connection: Connection) -> int:
    return int(connection.execute(text("select count(*) from catalogue_plan")).scalar_one())


def newest(office: Office, connection: Connection) -> int:
    found = state(connection, office.tenants["contoso"])
    assert found is not None
    return found.newest


def test_automatic_updates_store_no_plans(office: Office, operator_database: Database) -> None:
    with operator_database.transaction() as connection:
        office.publish(connection, SECOND)
        assert office.up_to_date(connection, asked=None).number == 2
        assert office.up_to_date(connection, asked=None).number == 2
        assert stored_plans(connection) == 0


def test_a_plan_that_is_only_shown_is_stored_once(office: Office, operator_database: Database) -> None:
    with operator_database.transaction() as connection:
        office.publish(connection, SECOND)
        first, second = (office.shown(connection, approval=NEVER, asked=None) for _ in range(2))
        assert first == second
        assert first.why is Withheld.SHOWN_ONLY
        assert stored_plans(connection) == 1
        assert newest(office, connection) == 1


def test_who_approved_is_asked_for_before_anything_is_written(office: Office, operator_database: Database) -> None:
    with operator_database.transaction() as connection:
        office.publish(connection, SECOND)
        approved = office.planned(connection)
        declared: dict[str, Any] = {"approval": MANUAL, "approved_plan": approved}
        assert office.follow(connection, asked=None, **declared) == AskerUnknown(AskedBy.APPROVED_PLAN, approved)
        assert newest(office, connection) == 1

        run = office.up_to_date(connection, **declared)
        assert run.plan_id == approved
        entry = office.log(connection)[-1]
        assert (entry.asked, entry.plan_id) == (ADA, approved)
        # A plan approved twice is applied once.
        assert office.up_to_date(connection, asked=None, **declared) == run
        assert newest(office, connection) == 2


def test_an_approved_plan_leads_to_its_own_revision_and_the_next_plan_from_there(
    office: Office, operator_database: Database
) -> None:
    with operator_database.transaction() as connection:
        office.publish(connection, SECOND)
        approved = office.planned(connection)
        office.publish(connection, THIRD)
        shown = office.shown(connection, approval=MANUAL, approved_plan=approved)
        assert (shown.why, shown.seen.run.structure_revision) == (Withheld.AWAITS_APPROVAL, 2)
        assert shown.seen.plan.update.revision == 3
        assert shown.seen.plan.changes.by_name() == {"added": 1, "discontinued": 1}
        assert shown.seen.approved is not None
        assert shown.seen.approved.obstacle == PlanApplied(2)


@pytest.mark.parametrize(
    ("declared", "obstacle"),
    [
        pytest.param(
            {"mode": Mode.PARTIAL}, PlanContradicted("was planned with mode Full", "mode", "Partial"), id="the mode"
        ),
        pytest.param(
            {"price_list": "wholesale"},
            PlanContradicted("leads to price list retail", "price list", "wholesale"),
            id="the list",
        ),
        pytest.param({"revision": 3}, PlanContradicted("leads to revision 2", "revision", "3"), id="the pin"),
        pytest.param({"approved_plan": "sha256:0"}, UnknownPlan(), id="the plan, to none"),
    ],
)
def test_an_approval_is_refused_when_the_declaration_changed_in(
    office: Office, operator_database: Database, declared: dict[str, Any], obstacle: Obstacle
) -> None:
    with operator_database.transaction() as connection:
        office.publish(connection, SECOND)
        approved = office.planned(connection)
        for name in ("retail", "wholesale"):
            office.publish(connection, THIRD, name)
        asked_for = {"approval": MANUAL, "approved_plan": approved} | declared
        for _ in range(3):
            shown = office.shown(connection, **asked_for)
        assert shown.seen.approved is not None
        assert shown.seen.approved.obstacle == obstacle
        first, refused = office.log(connection)
        assert (refused.position, refused.outcome, refused.asked) == (Position(1, 1), Outcome.REFUSED, ADA)
        assert refused.message is not None
        assert str(obstacle) in refused.message
        assert first.in_force


def test_a_tenant_without_a_catalogue_is_told_so_and_nothing_is_written(
    office: Office, operator_database: Database
) -> None:
    with operator_database.transaction() as connection:
        office.publish(connection, SECOND)
        connection.execute(text("update tenant set phase = 'MarkedAsDeleted'"))
        assert office.follow(connection) == Obstructed(NoCatalogue())
        assert newest(office, connection) == 1


def test_a_suspended_tenant_is_not_updated_and_the_plan_is_shown(office: Office, operator_database: Database) -> None:
    with operator_database.transaction() as connection:
        office.publish(connection, SECOND)
        office.suspend(connection)
        shown = office.shown(connection)
        assert (shown.why, shown.seen.target.obstacle) == (Withheld.NOT_ACTIVE, TenantNotActive())
        assert newest(office, connection) == 1


def test_a_tenant_goes_back_in_time_and_on_again(office: Office, operator_database: Database) -> None:
    with operator_database.transaction() as connection:
        office.publish(connection, SECOND)
        assert office.up_to_date(connection).structure_revision == 2
        assert office.up_to_date(connection, revision=1).structure_revision == 1
        assert office.up_to_date(connection).structure_revision == 2
        assert [entry.after.revision for entry in office.log(connection) if entry.after] == [1, 2, 1, 2]


def test_a_switch_of_lists_is_a_plan_like_any_other(office: Office, operator_database: Database) -> None:
    with operator_database.transaction() as connection:
        office.publish(connection, THIRD, "wholesale")
        approved = office.planned(connection, price_list="wholesale")
        run = office.up_to_date(connection, approval=MANUAL, price_list="wholesale", approved_plan=approved)
        assert (run.price_list, run.structure_revision) == ("wholesale", 2)


@pytest.mark.parametrize(
    ("approval", "released"),
    [(MANUAL, Withheld.AWAITS_APPROVAL), (NEVER, Withheld.SHOWN_ONLY), (Approval.AUTOMATIC, None)],
    ids=["Manual", "Never", "Automatic"],
)
def test_a_restored_run_stays_until_it_is_released_under(
    office: Office, operator_database: Database, approval: Approval, released: Withheld | None
) -> None:
    with operator_database.transaction() as connection:
        office.publish(connection, SECOND)
        office.up_to_date(connection)
        declared: dict[str, Any] = {"restored_run": 1, "approval": approval}
        assert office.follow(connection, asked=None, **declared) == AskerUnknown(AskedBy.RESTORED_RUN, 1)
        shown = office.shown(connection, **declared)
        assert (shown.why, shown.seen.run.number, shown.seen.run.structure_revision) == (Withheld.RESTORED, 1, 1)
        assert shown.seen.plan.update.revision == 2
        assert office.shown(connection, asked=None, **declared) == shown
        undo = office.log(connection)[-1]
        assert (undo.position, undo.restored, undo.asked) == (Position(3), 1, ADA)
        assert undo.changes.by_name() == {"changed": 1, "cost": 1}

        followed = office.follow(connection, approval=approval)
        assert (followed.why if isinstance(followed, PlanShown) else None) == released


def test_a_run_that_does_not_count_obstructs_and_is_logged_once(office: Office, operator_database: Database) -> None:
    with operator_database.transaction() as connection:
        assert office.follow(connection, asked=None, restored_run=7) == AskerUnknown(AskedBy.RESTORED_RUN, 7)
        assert [office.follow(connection, restored_run=7) for _ in range(3)] == [Obstructed(NoSuchRun(7))] * 3
        assert [(str(entry.position), entry.reason) for entry in office.log(connection)] == [
            ("1", None),
            ("1.1", AttemptReason.RUN_NOT_FOUND),
        ]


def test_a_suspended_tenant_is_shown_the_undo_and_gets_it_once_it_is_active_again(
    office: Office, operator_database: Database
) -> None:
    with operator_database.transaction() as connection:
        office.publish(connection, SECOND)
        office.up_to_date(connection)
        office.suspend(connection)
        shown = office.shown(connection, restored_run=1)
        assert (shown.why, shown.seen.run.number) == (Withheld.NOT_ACTIVE, 2)
        assert shown.seen.plan.update.revision == 1
        office.resume(connection)
        assert office.shown(connection, restored_run=1).seen.run.number == 1


def test_a_run_that_fails_is_logged_without_what_may_be_secret_and_tried_again(
    office: Office, operator_database: Database
) -> None:
    with operator_database.transaction() as connection:
        office.publish(connection, SECOND)
        connection.execute(text("set local role none"))
        connection.exec_driver_sql(BREAK)
        connection.execute(text("set local role twotier_operator"))
        ended = [office.follow(connection) for _ in range(2)]
        errors = [each.error for each in ended if isinstance(each, Failed)]
        assert [isinstance(error, DBAPIError) for error in errors] == [True, True]
        _, failed = office.log(connection)
        assert (failed.outcome, failed.reason, failed.message) == (
            Outcome.FAILED,
            AttemptReason.FAILED,
            type(errors[0]).__name__,
        )
        assert (failed.started_at, failed.finished_at) == (NOW, NOW)
        connection.execute(text("set local role none"))
        connection.exec_driver_sql("drop trigger break_down on twotier.catalogue_update")
        connection.execute(text("set local role twotier_operator"))
        assert office.up_to_date(connection).number == 2


# At the same time


def test_an_approval_and_an_import_at_once_do_not_disturb_each_other(
    office: Office, operator_database: Database
) -> None:
    with operator_database.transaction() as connection:
        office.publish(connection, SECOND)
        approved = office.planned(connection)
    with operator_database.transaction() as importing, operator_database.transaction() as applying:
        office.publish(importing, THIRD)
        run = office.up_to_date(applying, approval=MANUAL, approved_plan=approved)
    assert run.structure_revision == 2
    with operator_database.transaction() as connection:
        shown = office.shown(connection, approval=MANUAL, approved_plan=approved)
    assert (shown.why, shown.seen.plan.update.revision) == (Withheld.AWAITS_APPROVAL, 3)


def test_a_suspension_that_comes_first_wins_over_an_approval_and_the_log_says_so(
    office: Office, operator_database: Database
) -> None:
    with operator_database.transaction() as connection:
        office.publish(connection, SECOND)
        declared: dict[str, Any] = {"approval": MANUAL, "approved_plan": office.planned(connection)}

    def approve() -> object:
        with operator_database.transaction() as connection:
            return office.follow(connection, **declared)

    with ThreadPoolExecutor(1) as thread:
        with operator_database.transaction() as connection:
            office.suspend(connection)
            approval = thread.submit(approve)
            office.await_blocked(connection, approval)
        assert approval.result() == Overtaken(TenantNotActive())
    with operator_database.transaction() as connection:
        refused = office.log(connection)[-1]
        assert (refused.outcome, refused.reason) == (Outcome.REFUSED, AttemptReason.CATALOGUE_MOVED)
        assert refused.plan_id == declared["approved_plan"]
        shown = office.shown(connection, **declared)
        assert shown.why is Withheld.NOT_ACTIVE
        assert shown.seen.approved is not None
        assert shown.seen.approved.obstacle is None


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
            office.up_to_date(connection, approval=MANUAL, approved_plan=approved)
            suspension = thread.submit(suspend)
            office.await_blocked(connection, suspension)
        suspension.result()
    with operator_database.transaction() as connection:
        assert office.up_to_date(connection, approval=MANUAL, approved_plan=approved).number == 2


def test_of_two_approvals_at_once_one_wins_and_the_other_is_told_why(
    office: Office, operator_database: Database
) -> None:
    with operator_database.transaction() as connection:
        office.publish(connection, SECOND)
        full, partial = (office.planned(connection, mode=mode) for mode in Mode)

    def approve() -> object:
        with operator_database.transaction() as connection:
            return office.follow(connection, approval=MANUAL, mode=Mode.PARTIAL, approved_plan=partial)

    with ThreadPoolExecutor(1) as thread:
        with operator_database.transaction() as connection:
            office.up_to_date(connection, approval=MANUAL, approved_plan=full)
            other = thread.submit(approve)
            office.await_blocked(connection, other)
        assert other.result() == Overtaken(CatalogueMoved(planned_after=1, newest=2))
    with operator_database.transaction() as connection:
        assert [(str(entry.position), entry.outcome) for entry in office.log(connection)] == [
            ("1", "applied"),
            ("2", "applied"),
            ("2.1", "refused"),
        ]
