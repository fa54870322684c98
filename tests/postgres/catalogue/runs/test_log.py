"""The Update Tenant Log: every run, and every attempt."""

from datetime import timedelta
from uuid import UUID

from tests.postgres.catalogue.rows import NOW

from twotier.bss.catalogue.runs import log
from twotier.bss.catalogue.runs.changes import Changes
from twotier.bss.catalogue.runs.log import Attempt, AttemptReason, Outcome, Pinned, Position
from twotier.bss.catalogue.runs.updates import Asked, Mode, Request, Update, write_undo, write_update
from twotier.bss.database import Database

ADA = Asked("kubectl-edit", NOW)
MOVED = Attempt(Outcome.REFUSED, AttemptReason.CATALOGUE_MOVED, "it has moved", plan_id="sha256:1")


def record(operator: Database, tenant: UUID, attempt: Attempt) -> None:
    with operator.transaction() as connection:
        log.record_attempt(connection, tenant, attempt, Request("test", NOW, NOW + timedelta(seconds=1), asked=ADA))


def test_a_run_tells_where_it_led_from_and_to_what_it_changed_and_who_asked_for_it(
    operator: Database, tenants: list[UUID], price_list: int
) -> None:
    approved = Asked("kustomize-controller", NOW)
    with operator.transaction() as connection:
        write_update(
            connection,
            tenants[0],
            Update(price_list, 2, Mode.PARTIAL, sell_prices=True),
            Request("PriceListAssignment test/contoso", NOW, NOW + timedelta(seconds=3), asked=approved),
            expected_newest=1,
            plan_id="sha256:1",
            changes=Changes(cost=4, changed=4),
        )
        second, first = log.runs(connection, tenants[0])

    assert (first.position, first.before, first.after) == (Position(1), None, Pinned("list", 1))
    assert (second.position, second.before, second.after) == (Position(2), Pinned("list", 1), Pinned("list", 2))
    assert (second.outcome, second.reason, second.message) == (Outcome.APPLIED, None, None)
    assert (second.mode, second.sell_prices, second.names) == (Mode.PARTIAL, True, False)
    assert (second.changes, second.asked) == (Changes(cost=4, changed=4), approved)
    assert second.plan_id == "sha256:1"
    assert (second.requested_by, second.started_at) == ("PriceListAssignment test/contoso", NOW)
    assert second.duration == timedelta(seconds=3)
    assert (first.in_force, second.in_force) == (False, True)


def test_an_undo_tells_what_it_left_and_what_it_restored(
    operator: Database, tenants: list[UUID], price_list: int
) -> None:
    with operator.transaction() as connection:
        write_update(connection, tenants[0], Update(price_list, 2), Request("test", NOW), expected_newest=1)
        write_undo(
            connection, tenants[0], 1, Request("test", NOW, asked=ADA), expected_newest=2, changes=Changes(cost=1)
        )
        again = write_update(connection, tenants[0], Update(price_list, 2), Request("test", NOW), expected_newest=3)
        entries = {entry.position.run: entry for entry in log.runs(connection, tenants[0])}

    assert (entries[3].before, entries[3].after, entries[3].restored) == (Pinned("list", 2), Pinned("list", 1), 1)
    assert (entries[3].asked, entries[3].changes) == (ADA, Changes(cost=1))
    assert entries[2].undone_by == 3
    assert (entries[again.number].before, entries[again.number].after) == (Pinned("list", 1), Pinned("list", 2))


def test_an_attempt_stands_behind_the_run_that_was_the_newest_then(
    operator: Database, tenants: list[UUID], price_list: int
) -> None:
    failed = Attempt(Outcome.FAILED, AttemptReason.FAILED, "IntegrityError", update=Update(price_list, 2))
    record(operator, tenants[0], MOVED)
    with operator.transaction() as connection:
        write_update(connection, tenants[0], Update(price_list, 2), Request("test", NOW), expected_newest=1)
    record(operator, tenants[0], failed)
    record(operator, tenants[0], MOVED)

    with operator.transaction() as connection:
        entries = log.runs(connection, tenants[0])
        assert log.runs(connection, tenants[1])[0].position == Position(1)
        assert log.run(connection, tenants[0], 2) == entries[2]
        assert log.run(connection, tenants[0], 9) is None
    assert [str(entry.position) for entry in entries] == ["2.2", "2.1", "2", "1.1", "1"]
    assert [entry.outcome for entry in entries] == ["refused", "failed", "applied", "refused", "applied"]
    refused, failure = entries[0], entries[1]
    assert (refused.reason, refused.message) == ("CatalogueMoved", "it has moved")
    assert (refused.asked, refused.plan_id) == (ADA, "sha256:1")
    assert (refused.before, refused.after, refused.mode) == (Pinned("list", 2), None, None)
    assert (failure.before, failure.after, failure.mode) == (Pinned("list", 2), Pinned("list", 2), Mode.FULL)


def test_the_log_is_read_page_by_page(operator: Database, tenants: list[UUID], price_list: int) -> None:  # noqa: ARG001 -- asked for its effect
    for _ in range(3):
        record(operator, tenants[0], MOVED)
    found: list[str] = []
    before: Position | None = None
    with operator.transaction() as connection:
        while page := log.runs(connection, tenants[0], before=before, limit=2):
            found += [str(entry.position) for entry in page]
            before = Position.parse(found[-1])
    assert found == ["1.3", "1.2", "1.1", "1"]


def test_the_same_is_news_only_after_something_else(operator: Database, tenants: list[UUID], price_list: int) -> None:
    other = Attempt(Outcome.REFUSED, AttemptReason.CATALOGUE_MOVED, "it has moved", plan_id="sha256:2")
    with operator.transaction() as connection:
        assert log.is_news(connection, tenants[0], MOVED)
    record(operator, tenants[0], MOVED)
    with operator.transaction() as connection:
        assert not log.is_news(connection, tenants[0], MOVED)
        assert log.is_news(connection, tenants[0], other)
        assert log.is_news(connection, tenants[1], MOVED)
        write_update(connection, tenants[0], Update(price_list, 2), Request("test", NOW), expected_newest=1)
        assert log.is_news(connection, tenants[0], MOVED)
