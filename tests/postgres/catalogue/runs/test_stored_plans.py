"""Stored plans: recorded once, found by their ids, applied as long as the tenant has not moved."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import Connection, Engine, text
from tests.postgres.catalogue.resellers import give_edition
from tests.postgres.catalogue.rows import NOW, import_revision
from tests.postgres.catalogue.sequences import FIRST, SECOND

from twotier.bss.catalogue.reads.pages import lookup
from twotier.bss.catalogue.runs import log, stored_plans
from twotier.bss.catalogue.runs.apply import apply_stored
from twotier.bss.catalogue.runs.changes import Changes
from twotier.bss.catalogue.runs.obstacles import CatalogueMoved, PlanApplied, RunRefusedError, TenantNotActive
from twotier.bss.catalogue.runs.planning import Plan, plan, plan_undo
from twotier.bss.catalogue.runs.stored_plans import StoredPlan
from twotier.bss.catalogue.runs.updates import Asked, Mode, Request, Run, Update, write_undo, write_update
from twotier.bss.database import Database, Role
from twotier.bss.reseller.overrides import SellPrice, record_offer_override

LATER = NOW + timedelta(hours=1)
FLUX = Asked("kustomize-controller", NOW)
PLANNED = Plan(UUID(int=1), Update(1, 2), newest=3, watermark=5, changes=Changes(), below_cost=0, unpriced=0)
KEY = UUID(int=7)


@pytest.fixture(autouse=True)
def _active(engine: Engine, tenants: list[UUID], price_list: int) -> None:  # noqa: ARG001 -- they have a catalogue by then
    """Only an active tenant is updated."""
    with engine.begin() as connection:
        connection.execute(text("set local role none"))
        for tenant in tenants:
            give_edition(connection, tenant, "Basic")


def show(operator: Database, tenant: UUID, update: Update) -> StoredPlan:
    """Plan an update and find it as a person does."""
    with operator.transaction() as connection:
        id_ = stored_plans.record(connection, plan(connection, tenant, update), now=NOW)
        return found(connection, tenant, id_)


def found(connection: Connection, tenant: UUID, id_: str) -> StoredPlan:
    stored = stored_plans.find(connection, tenant, id_)
    assert stored is not None
    return stored


def approve(operator: Database, stored: StoredPlan) -> Run:
    with operator.transaction() as connection:
        return apply_stored(connection, stored, Request("test", NOW, LATER, asked=FLUX))


def test_a_plan_is_stored_once_however_often_it_is_shown(
    operator: Database, tenants: list[UUID], price_list: int
) -> None:
    update = Update(price_list, 2)
    first = show(operator, tenants[0], update)
    with operator.transaction() as connection:
        planned = plan(connection, tenants[0], update)
        assert stored_plans.record(connection, planned, now=LATER) == first.id
        assert stored_plans.listed(connection, tenants[0]) == [first]
        assert stored_plans.live(connection, tenants[0]) == [first]
        assert stored_plans.live(connection, tenants[1]) == []
    assert (first.price_list, first.update, first.newest, first.planned_at) == ("list", update, 1, NOW)
    assert (first.changes, first.unpriced, first.below_cost) == (planned.changes, planned.unpriced, planned.below_cost)
    assert (first.live, first.moved, first.applied_as, first.restored) == (True, None, None, None)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(lambda planned: replace(planned, organization_id=UUID(int=9)), id="the tenant"),
        pytest.param(lambda planned: replace(planned, update=Update(1, 3)), id="the revision"),
        pytest.param(lambda planned: replace(planned, update=Update(1, 2, Mode.PARTIAL)), id="the mode"),
        pytest.param(lambda planned: replace(planned, update=Update(1, 2, sell_prices=True)), id="the sell prices"),
        pytest.param(lambda planned: replace(planned, update=Update(1, 2, names=True)), id="the names"),
        pytest.param(lambda planned: replace(planned, newest=4), id="the newest run"),
        pytest.param(lambda planned: replace(planned, watermark=6), id="the watermark"),
        pytest.param(lambda planned: replace(planned, restored=2), id="the run that is restored"),
    ],
)
def test_an_id_depends_on(other: Callable[[Plan], Plan]) -> None:
    id_ = stored_plans.plan_id(PLANNED, KEY, "digest")
    assert stored_plans.plan_id(other(PLANNED), KEY, "digest") != id_
    assert stored_plans.plan_id(PLANNED, UUID(int=8), "digest") != id_
    assert stored_plans.plan_id(PLANNED, KEY, "another digest") != id_


def test_an_id_does_not_depend_on_what_follows_from_the_rest() -> None:
    counted = replace(PLANNED, changes=Changes(cost=4), below_cost=1, unpriced=2, overrides_kept=3)
    assert stored_plans.plan_id(counted, KEY, "digest") == stored_plans.plan_id(PLANNED, KEY, "digest")
    # Whoever adds a field to plans decides whether the id depends on it.
    assert {field.name for field in fields(Plan)} == {
        "organization_id", "update", "newest", "watermark", "changes", "below_cost", "unpriced", "restored",
        "overrides_kept",
    }  # fmt: skip


def test_an_id_does_not_depend_on_the_database() -> None:
    elsewhere = replace(PLANNED, update=replace(PLANNED.update, price_list_id=9))
    assert stored_plans.plan_id(elsewhere, KEY, "digest") == stored_plans.plan_id(PLANNED, KEY, "digest")


def test_an_approved_plan_is_applied_as_it_was_shown(operator: Database, tenants: list[UUID], price_list: int) -> None:
    stored = show(operator, tenants[0], Update(price_list, 2, sell_prices=True))
    run = approve(operator, stored)

    with operator.transaction() as connection:
        applied = found(connection, tenants[0], stored.id)
        assert (applied.applied_as, applied.live) == (run.number, False)
        assert applied.moved == PlanApplied(run.number)
        entry = log.run(connection, tenants[0], run.number)
        assert plan(connection, tenants[0], stored.update).empty
    assert entry is not None
    assert (entry.changes, entry.sell_prices) == (stored.changes, True)
    assert (entry.asked, entry.plan_id) == (FLUX, stored.id)
    assert (entry.started_at, entry.finished_at) == (NOW, LATER)


def test_a_plan_stays_good_while_the_list_moves_on(
    operator: Database, engine: Engine, tenants: list[UUID], price_list: int
) -> None:
    stored = show(operator, tenants[0], Update(price_list, 2))
    with engine.begin() as connection:
        connection.execute(text("set local role none"))
        import_revision(connection, price_list, [FIRST, SECOND, FIRST])
    newer = show(operator, tenants[0], Update(price_list, 3))

    approve(operator, stored)

    with operator.transaction() as connection:
        assert plan(connection, tenants[0], Update(price_list, 2)).empty
        assert found(connection, tenants[0], newer.id).moved == CatalogueMoved(planned_after=1, newest=2)


def test_what_the_reseller_sets_after_a_plan_survives_it_and_what_he_set_before_does_not(
    databases: dict[Role, Database], tenants: list[UUID], price_list: int
) -> None:
    operator, tenant = databases[Role.OPERATOR], tenants[0]

    def set_price(amount: int) -> None:
        with databases[Role.API].tenant_transaction(tenant) as connection:
            record_offer_override(connection, tenant, "a", "month", SellPrice(Decimal(amount)))

    def sell_price() -> Decimal | None:
        with databases[Role.API].tenant_transaction(tenant) as connection:
            offer = lookup(connection, "a", "month")
        assert offer is not None
        return offer.sell_price

    set_price(70)
    displacing = show(operator, tenant, Update(price_list, 2, sell_prices=True))
    set_price(80)
    later = show(operator, tenant, Update(price_list, 2, sell_prices=True))
    assert displacing.live
    assert later.id != displacing.id

    approve(operator, displacing)
    assert sell_price() == Decimal(80)


@pytest.mark.parametrize(
    "move",
    [
        pytest.param(
            lambda connection, tenant, price_list: write_update(
                connection, tenant, Update(price_list, 2), Request("test", NOW), expected_newest=1
            ),
            id="the same update by another way",
        ),
        pytest.param(
            lambda connection, tenant, price_list: write_update(
                connection, tenant, Update(price_list, 2, Mode.PARTIAL), Request("test", NOW), expected_newest=1
            ),
            id="another update",
        ),
    ],
)
def test_a_plan_is_worthless_after(
    operator: Database,
    tenants: list[UUID],
    price_list: int,
    move: Callable[[Connection, UUID, int], Run],
) -> None:
    stored = show(operator, tenants[0], Update(price_list, 2))
    with operator.transaction() as connection:
        move(connection, tenants[0], price_list)
    with pytest.raises(RunRefusedError, match="the catalogue has moved to run 2 since it was planned after run 1"):
        approve(operator, stored)


def test_no_plan_comes_back_to_life_after_an_undo(operator: Database, tenants: list[UUID], price_list: int) -> None:
    stored, other = (show(operator, tenants[0], Update(price_list, 2, names=names)) for names in (False, True))
    approve(operator, stored)
    with operator.transaction() as connection:
        write_undo(connection, tenants[0], 1, Request("test", NOW), expected_newest=2)
        assert found(connection, tenants[0], stored.id).moved == PlanApplied(2)
        assert found(connection, tenants[0], other.id).moved == CatalogueMoved(planned_after=1, newest=3)
    for worthless in (stored, other):
        with pytest.raises(RunRefusedError, match="has moved to run 3"):
            approve(operator, worthless)


def test_a_plan_is_of_one_tenant(operator: Database, tenants: list[UUID], price_list: int) -> None:
    stored = show(operator, tenants[0], Update(price_list, 2))
    with operator.transaction() as connection:
        assert stored_plans.find(connection, tenants[1], stored.id) is None
        assert stored_plans.is_of_another_tenant(connection, tenants[1], stored.id)
        assert not stored_plans.is_of_another_tenant(connection, tenants[0], stored.id)
        assert not stored_plans.is_of_another_tenant(connection, tenants[1], "sha256:nobody's")


def test_a_way_back_is_stored_as_such(operator: Database, tenants: list[UUID], price_list: int) -> None:
    approve(operator, show(operator, tenants[0], Update(price_list, 2)))
    with operator.transaction() as connection:
        planned = plan_undo(connection, tenants[0], 1)
        stored = found(connection, tenants[0], stored_plans.record(connection, planned, now=NOW))
    assert (stored.restored, stored.update.revision, stored.changes) == (1, 1, planned.changes)


def test_plans_are_listed_page_by_page_the_newest_first(
    operator: Database, tenants: list[UUID], price_list: int
) -> None:
    with operator.transaction() as connection:
        for minute, (mode, names) in enumerate((mode, names) for mode in Mode for names in (False, True)):
            planned = plan(connection, tenants[0], Update(price_list, 2, mode, names=names))
            stored_plans.record(connection, planned, now=NOW + timedelta(minutes=minute // 2))  # two at a time
        whole = stored_plans.listed(connection, tenants[0])
        paged: list[StoredPlan] = []
        while page := stored_plans.listed(connection, tenants[0], before=paged[-1].id if paged else None, limit=1):
            paged += page
    assert paged == whole
    assert [stored.planned_at for stored in whole] == sorted((stored.planned_at for stored in whole), reverse=True)
    assert len(whole) == 4


def test_of_two_approvals_at_once_one_wins_and_the_other_is_told_why(
    operator: Database, tenants: list[UUID], price_list: int
) -> None:
    both = [show(operator, tenants[0], Update(price_list, 2, names=names)) for names in (False, True)]
    start = threading.Barrier(len(both))

    def attempt(stored: StoredPlan) -> Run | RunRefusedError:
        start.wait()
        try:
            return approve(operator, stored)
        except RunRefusedError as refused:
            return refused

    with ThreadPoolExecutor(len(both)) as threads:
        ended = list(threads.map(attempt, both))
    runs = [each for each in ended if isinstance(each, Run)]
    refusals = [each for each in ended if isinstance(each, RunRefusedError)]
    assert [run.number for run in runs] == [2]
    assert "the catalogue has moved to run 2 since it was planned after run 1" in str(refusals[0])


def test_a_tenant_that_is_not_active_is_refused_and_nothing_is_written(
    operator: Database, engine: Engine, tenants: list[UUID], price_list: int
) -> None:
    stored = show(operator, tenants[0], Update(price_list, 2))
    with engine.begin() as connection:
        connection.execute(text("set local role none"))
        connection.execute(text("update tenant set phase = 'Suspended'"))
    with pytest.raises(RunRefusedError) as refused:
        approve(operator, stored)
    assert refused.value.obstacle == TenantNotActive()
    with operator.transaction() as connection:
        assert found(connection, tenants[0], stored.id).live
