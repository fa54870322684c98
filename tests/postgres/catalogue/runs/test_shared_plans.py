"""Plans that tenants share: each gets what it would get alone."""

from collections.abc import Iterator
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import Engine, event
from tests.postgres.catalogue.rows import NOW

from twotier.bss.catalogue.runs.obstacles import RunRefusedError
from twotier.bss.catalogue.runs.planning import plan
from twotier.bss.catalogue.runs.shared_plans import SharedPlans
from twotier.bss.catalogue.runs.stored_plans import record
from twotier.bss.catalogue.runs.updates import Mode, Request, Update, write_update
from twotier.bss.database import Database, Role
from twotier.bss.reseller.overrides import SellPrice, record_offer_override


@pytest.fixture
def computed(databases: dict[Role, Database]) -> Iterator[list[str]]:
    """The plans that the database was asked to compute."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, sql: str, *_: object) -> None:
        if "count_changes" in sql:
            asked.append(sql)

    engine: Engine = databases[Role.OPERATOR].engine
    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)


def test_tenants_with_one_history_share_a_plan(
    operator: Database, tenants: list[UUID], price_list: int, computed: list[str]
) -> None:
    plans, update = SharedPlans(), Update(price_list, 2)
    with operator.transaction() as connection:
        shared = [plans.plan(connection, tenant, update) for tenant in tenants]
        assert len(computed) == 1
        assert shared == [plan(connection, tenant, update) for tenant in tenants]


def test_a_tenant_whose_runs_differ_has_a_plan_of_his_own(
    operator: Database, tenants: list[UUID], price_list: int, computed: list[str]
) -> None:
    plans, update = SharedPlans(), Update(price_list, 2)
    with operator.transaction() as connection:
        plans.plan(connection, tenants[0], update)
        write_update(
            connection, tenants[1], Update(price_list, 2, Mode.PARTIAL), Request("test", NOW), expected_newest=1
        )
        assert plans.plan(connection, tenants[1], update) != plans.plan(connection, tenants[0], update)
        assert len(computed) == 2


def test_a_tenant_with_values_of_his_own_has_a_plan_of_his_own(
    databases: dict[Role, Database], tenants: list[UUID], price_list: int, computed: list[str]
) -> None:
    plans, update = SharedPlans(), Update(price_list, 2, sell_prices=True)
    with databases[Role.API].tenant_transaction(tenants[1]) as connection:
        record_offer_override(connection, tenants[1], "a", "month", SellPrice(Decimal(9)))
    with databases[Role.OPERATOR].transaction() as connection:
        assert plans.plan(connection, tenants[0], update).changes.sell_prices_displaced == 0
        assert plans.plan(connection, tenants[1], update).changes.sell_prices_displaced == 1
        assert len(computed) == 2


def test_a_plan_of_his_own_that_waits_for_somebody_is_not_computed_again(
    databases: dict[Role, Database], tenants: list[UUID], price_list: int, computed: list[str]
) -> None:
    shared, update = SharedPlans(), Update(price_list, 2, sell_prices=True)

    def set_price(amount: int) -> None:
        with databases[Role.API].tenant_transaction(tenants[0]) as connection:
            record_offer_override(connection, tenants[0], "a", "month", SellPrice(Decimal(amount)))

    set_price(9)
    with databases[Role.OPERATOR].transaction() as connection:
        planned = shared.plan(connection, tenants[0], update)
        record(connection, planned, now=NOW)
        assert shared.plan(connection, tenants[0], update) == planned
        assert len(computed) == 1
    set_price(10)
    with databases[Role.OPERATOR].transaction() as connection:
        assert shared.plan(connection, tenants[0], update).watermark == planned.watermark + 1
        assert len(computed) == 2


def test_plans_that_were_not_asked_for_lately_are_forgotten(
    operator: Database, tenants: list[UUID], price_list: int, computed: list[str]
) -> None:
    plans = SharedPlans(capacity=1)
    with operator.transaction() as connection:
        for revision in (1, 2, 1):
            plans.plan(connection, tenants[0], Update(price_list, revision))
    assert len(computed) == 3


def test_a_tenant_without_catalogue_is_refused(operator: Database) -> None:
    with operator.transaction() as connection, pytest.raises(RunRefusedError, match="has no catalogue yet"):
        SharedPlans().plan(connection, UUID(int=0), Update(1, 1))
