"""Updates of a tenant's catalogue: who may move it, and what is refused."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import Connection, Engine, text
from tests.postgres.catalogue.rows import NOW, import_revision
from tests.postgres.catalogue.sequences import FIRST, SECOND, listed

from twotier.bss.catalogue.reads.pages import lookup
from twotier.bss.catalogue.runs.obstacles import RunRefusedError
from twotier.bss.catalogue.runs.planning import plan
from twotier.bss.catalogue.runs.updates import (
    Request,
    Run,
    Update,
    state,
    states,
    write_first_update,
    write_undo,
    write_update,
    write_updates,
)
from twotier.bss.database import Database, Role
from twotier.bss.reseller.overrides import SellPrice, record_offer_override


def test_a_second_first_update_is_refused(operator: Database, tenants: list[UUID], price_list: int) -> None:
    with operator.transaction() as connection, pytest.raises(RunRefusedError, match="already has a catalogue"):
        write_first_update(connection, tenants[0], price_list, 2, Request("test", NOW))


@pytest.mark.parametrize(
    ("use_case", "message"),
    [
        pytest.param(
            lambda connection, tenant, list_id: write_update(
                connection, tenant, Update(list_id, 2), Request("test", NOW), expected_newest=7
            ),
            "has moved to run 1 since it was planned after run 7",
            id="an update planned on another state names both runs",
        ),
        pytest.param(
            lambda connection, tenant, _: write_undo(connection, tenant, 1, Request("test", NOW), expected_newest=7),
            "has moved to run 1 since it was planned after run 7",
            id="an undo planned on another state names both runs",
        ),
        pytest.param(
            lambda connection, tenant, _: write_undo(connection, tenant, 1, Request("test", NOW), expected_newest=1),
            "run 1 is in force: there is nothing to undo",
            id="an undo of nothing says that there is nothing to undo",
        ),
        pytest.param(
            lambda connection, tenant, _: write_undo(connection, tenant, 5, Request("test", NOW), expected_newest=1),
            "run 5 cannot be restored",
            id="an undo to a run that never was is refused",
        ),
        pytest.param(
            lambda connection, _, list_id: write_update(
                connection, UUID(int=0), Update(list_id, 2), Request("test", NOW), expected_newest=1
            ),
            "has no catalogue yet",
            id="an update of a tenant without a catalogue is refused",
        ),
        pytest.param(
            lambda connection, _, list_id: plan(connection, UUID(int=0), Update(list_id, 2)),
            "has no catalogue yet",
            id="a plan for a tenant without a catalogue is refused",
        ),
    ],
)
def test_refused(
    use_case: Callable[..., object], message: str, operator: Database, tenants: list[UUID], price_list: int
) -> None:
    with operator.transaction() as connection, pytest.raises(RunRefusedError, match=message):
        use_case(connection, tenants[0], price_list)


def test_an_undone_run_cannot_be_restored_and_numbers_are_never_used_twice(
    operator: Database, tenants: list[UUID], price_list: int
) -> None:
    tenant = tenants[0]
    with operator.transaction() as connection:
        _update(connection, tenant, price_list, 1)
        assert write_undo(connection, tenant, 1, Request("test", NOW), expected_newest=2).number == 3
        assert _update(connection, tenant, price_list, 3).number == 4
        for run in (2, 3):
            with pytest.raises(RunRefusedError, match="cannot be restored"):
                write_undo(connection, tenant, run, Request("test", NOW), expected_newest=4)
        log = connection.execute(
            text("select number, restored, undone_by from catalogue_update where organization_id = :id order by 1"),
            {"id": tenant},
        )
        assert [tuple(row) for row in log] == [(1, None, None), (2, None, 3), (3, 1, None), (4, None, None)]


def test_one_statement_updates_those_tenants_that_did_not_move(
    operator: Database, tenants: list[UUID], price_list: int
) -> None:
    with operator.transaction() as connection:
        _update(connection, tenants[1], price_list, 1)
        runs = write_updates(connection, dict.fromkeys(tenants, 1), Update(price_list, 2), Request("test", NOW))
        assert set(runs) == {Run(tenants[0], 2), Run(tenants[2], 2)}
        assert {found.newest for found in states(connection, tenants).values()} == {2}


def test_of_two_updates_at_once_one_wins_and_the_other_is_refused(
    operator: Database, tenants: list[UUID], price_list: int
) -> None:
    both_planned = threading.Barrier(2)

    def planned_and_applied(_: int) -> bool:
        with operator.transaction() as connection:
            newest = plan(connection, tenants[0], Update(price_list, 2)).newest
            both_planned.wait()
            try:
                _update(connection, tenants[0], price_list, newest)
            except RunRefusedError:
                return False
            return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(planned_and_applied, range(2))) == [False, True]
    with operator.transaction() as connection:
        found = state(connection, tenants[0])
    assert found is not None
    assert found.newest == 2


def test_an_import_at_the_same_time_is_not_seen_by_an_update_to_an_earlier_revision(
    engine: Engine, databases: dict[Role, Database], tenants: list[UUID], price_list: int
) -> None:
    with engine.begin() as importing:
        importing.execute(text("set local role none"))
        import_revision(importing, price_list, [FIRST, SECOND, listed(a=(9, 9))])
        with databases[Role.OPERATOR].transaction() as connection:
            planned = plan(connection, tenants[0], Update(price_list, 2))
            _update(connection, tenants[0], price_list, 1)
    with databases[Role.OPERATOR].transaction() as connection:
        assert plan(connection, tenants[0], Update(price_list, 2)).empty
    with databases[Role.API].tenant_transaction(tenants[0]) as connection:
        found = lookup(connection, "a", "month")
    assert found is not None
    assert (found.cost, planned.changes.cost) == (Decimal(2), 1)


def test_a_value_set_while_an_update_is_applied_survives_it(
    databases: dict[Role, Database], tenants: list[UUID], price_list: int
) -> None:
    tenant = tenants[0]
    started = threading.Event()

    def set_price() -> None:
        started.set()
        with databases[Role.API].tenant_transaction(tenant) as connection:
            record_offer_override(connection, tenant, "a", "month", SellPrice(Decimal(8)))

    with ThreadPoolExecutor(1) as pool:
        with databases[Role.OPERATOR].transaction() as connection:
            update = Update(price_list, 2, sell_prices=True)
            write_update(connection, tenant, update, Request("test", NOW), expected_newest=1)
            setting = pool.submit(set_price)
            started.wait()
        setting.result()
    with databases[Role.API].tenant_transaction(tenant) as connection:
        found = lookup(connection, "a", "month")
    assert found is not None
    assert found.sell_price == Decimal(8)


def test_a_plan_to_where_the_tenant_is_already_is_empty(
    operator: Database, tenants: list[UUID], price_list: int
) -> None:
    with operator.transaction() as connection:
        planned = plan(connection, tenants[0], Update(price_list, 1, sell_prices=True, names=True))
        assert planned.empty
        assert planned.changes.by_name() == {}
        assert not plan(connection, tenants[0], Update(price_list, 2)).empty


def _update(connection: Connection, tenant: UUID, price_list: int, newest: int) -> Run:
    return write_update(connection, tenant, Update(price_list, 2), Request("test", NOW), expected_newest=newest)
