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
from twotier.bss.catalogue.runs.planning import plan
from twotier.bss.catalogue.runs.updates import (
    Run,
    Update,
    UpdateRefusedError,
    apply_to_many,
    apply_update,
    first_update,
    state,
    states,
    undo,
)
from twotier.bss.database import Database, Role
from twotier.bss.reseller.overrides import SellPrice, record_offer_override


def test_a_second_first_update_is_refused(operator: Database, tenants: list[UUID], price_list: int) -> None:
    with operator.transaction() as connection, pytest.raises(UpdateRefusedError, match="has a catalogue already"):
        first_update(connection, tenants[0], price_list, 2, requested_by="test", now=NOW)


@pytest.mark.parametrize(
    ("use_case", "message"),
    [
        pytest.param(
            lambda connection, tenant, list_id: apply_update(
                connection, tenant, Update(list_id, 2), expected_newest=7, requested_by="test", now=NOW
            ),
            "its newest run is 1, not 7",
            id="an update planned on another state names both runs",
        ),
        pytest.param(
            lambda connection, tenant, _: undo(connection, tenant, 1, expected_newest=7, requested_by="test", now=NOW),
            "its newest run is 1, not 7",
            id="an undo planned on another state names both runs",
        ),
        pytest.param(
            lambda connection, tenant, _: undo(connection, tenant, 1, expected_newest=1, requested_by="test", now=NOW),
            "run 1 is in force already",
            id="an undo of nothing says that there is nothing to undo",
        ),
        pytest.param(
            lambda connection, tenant, _: undo(connection, tenant, 5, expected_newest=1, requested_by="test", now=NOW),
            "run 5 is not one to go back to",
            id="an undo to a run that never was is refused",
        ),
        pytest.param(
            lambda connection, _, list_id: apply_update(
                connection, UUID(int=0), Update(list_id, 2), expected_newest=1, requested_by="test", now=NOW
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
    with operator.transaction() as connection, pytest.raises(UpdateRefusedError, match=message):
        use_case(connection, tenants[0], price_list)


def test_an_undone_run_is_not_one_to_go_back_to_and_numbers_are_never_used_twice(
    operator: Database, tenants: list[UUID], price_list: int
) -> None:
    tenant = tenants[0]
    with operator.transaction() as connection:
        _update(connection, tenant, price_list, 1)
        assert undo(connection, tenant, 1, expected_newest=2, requested_by="test", now=NOW).number == 3
        assert _update(connection, tenant, price_list, 3).number == 4
        for run in (2, 3):
            with pytest.raises(UpdateRefusedError, match="not one to go back to"):
                undo(connection, tenant, run, expected_newest=4, requested_by="test", now=NOW)
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
        runs = apply_to_many(connection, dict.fromkeys(tenants, 1), Update(price_list, 2), requested_by="test", now=NOW)
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
            except UpdateRefusedError:
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
            record_offer_override(connection, tenant, "a", "month", SellPrice(Decimal(8)), now=NOW)

    with ThreadPoolExecutor(1) as pool:
        with databases[Role.OPERATOR].transaction() as connection:
            update = Update(price_list, 2, sell_prices=True)
            apply_update(connection, tenant, update, expected_newest=1, requested_by="test", now=NOW)
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
    return apply_update(connection, tenant, Update(price_list, 2), expected_newest=newest, requested_by="test", now=NOW)
