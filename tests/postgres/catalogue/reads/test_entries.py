"""The rows of plans and of runs: what they carry, which are asked for, and when they can be read."""

from collections.abc import Iterator
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import Connection, Engine, text
from tests.postgres.catalogue.rows import NOW, import_revision
from tests.postgres.catalogue.sequences import BUNDLED, FIRST, SECOND

from twotier.bss.catalogue.reads.entries import (
    ALL,
    Entry,
    EntryKey,
    EntryKind,
    Field,
    FieldChange,
    NoSuchRunError,
    Wanted,
    plan_entries,
    run_entries,
)
from twotier.bss.catalogue.runs.planning import plan, plan_undo
from twotier.bss.catalogue.runs.updates import Request, Update, write_undo, write_update
from twotier.bss.database import Database, Role
from twotier.bss.reseller.overrides import Margin, ProductField, record_offer_override, record_product_override


@pytest.fixture
def tenant(engine: Engine, tenants: list[UUID], price_list: int, databases: dict[Role, Database]) -> UUID:
    """A tenant on revision 1 of 3, with overrides of a margin and a name; the third has relations."""
    with engine.begin() as connection:
        connection.execute(text("set local role none"))
        import_revision(connection, price_list, [FIRST, SECOND, BUNDLED])
    with databases[Role.API].tenant_transaction(tenants[0]) as connection:
        record_offer_override(connection, tenants[0], "a", "month", Margin(Decimal(20)))
        record_product_override(connection, tenants[0], "b", ProductField.NAME, "mine")
    return tenants[0]


def _with_options(price_list: int, revision: int) -> Update:
    return Update(price_list, revision, sell_prices=True, names=True)


def _apply(connection: Connection, tenant: UUID, update: Update, newest: int) -> None:
    write_update(connection, tenant, update, Request("test", NOW), expected_newest=newest)


def _brief(entries: Iterator[Entry]) -> list[tuple[str, str, str]]:
    return [(entry.key.sku, entry.key.unit or entry.key.related_sku, entry.kind) for entry in entries]


def test_an_entry_has_what_changes_before_and_after_and_what_an_option_takes_from_the_reseller(
    operator: Database, tenant: UUID, price_list: int
) -> None:
    with operator.transaction() as connection:
        planned = plan(connection, tenant, _with_options(price_list, 2))
        found = list(plan_entries(connection, planned))
    assert found == [
        Entry(
            EntryKey("a", "month"),
            EntryKind.CHANGED,
            "a",
            (FieldChange(Field.COST, Decimal(1), Decimal(2)), FieldChange(Field.SELL_PRICE, Decimal(2), Decimal(3))),
            (FieldChange(Field.MARGIN, Decimal(20), None),),
            Decimal(1),
            Decimal(2),
            below_cost=False,
            unpriced=False,
        ),
        Entry(
            EntryKey("b", "month"),
            EntryKind.DISCONTINUED,
            "b",
            (),
            (FieldChange(Field.NAME, "mine", "b"),),
            Decimal(3),
            Decimal(3),
            below_cost=False,
            unpriced=False,
        ),
        Entry(
            EntryKey("c", "month"),
            EntryKind.ADDED,
            "c",
            (
                FieldChange(Field.COST, None, Decimal(5)),
                FieldChange(Field.NAME, None, "c"),
                FieldChange(Field.ACTIVITY, old=None, new=True),
                FieldChange(Field.CHARGE_TYPE, None, "recurring"),
                FieldChange(Field.KIND, None, "product"),
            ),
            (),
            None,
            Decimal(5),
            below_cost=False,
            unpriced=True,
        ),
    ]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        pytest.param(ALL, 8, id="everything"),
        pytest.param(Wanted(kind=EntryKind.ADDED), 4, id="one kind"),
        pytest.param(Wanted(kind=EntryKind.RELATION_ADDED), 2, id="relations"),
        pytest.param(Wanted(sku="a"), 3, id="one product with its relations"),
        pytest.param(Wanted(field=Field.KIND), 2, id="a field that changes"),
        pytest.param(Wanted(field=Field.SELL_PRICE), 2, id="a field in which an override is displaced, too"),
        pytest.param(Wanted(field=Field.NAME, sku="b"), 1, id="a field of one product"),
        pytest.param(Wanted(field=Field.TIERS), 0, id="a field that does not change"),
    ],
)
def test_pages_have_the_entries_that_are_asked_for_each_once(
    wanted: Wanted, expected: int, operator: Database, tenant: UUID, price_list: int
) -> None:
    with operator.transaction() as connection:
        planned = plan(connection, tenant, _with_options(price_list, 3))
        whole = list(plan_entries(connection, planned, wanted=wanted))
        paged: list[Entry] = []
        while page := list(
            plan_entries(connection, planned, wanted=wanted, after=paged[-1].key if paged else EntryKey(), limit=2)
        ):
            paged += page
    assert paged == whole
    assert len(whole) == expected


def test_a_plan_stays_readable_as_it_was_after_the_tenant_has_moved(
    operator: Database, viewer: Database, databases: dict[Role, Database], tenant: UUID, price_list: int
) -> None:
    with operator.transaction() as connection:
        planned = plan(connection, tenant, _with_options(price_list, 3))
        then = list(plan_entries(connection, planned))
        _apply(connection, tenant, _with_options(price_list, 2), 1)
        restored = plan_undo(connection, tenant, 1)
        undone = list(plan_entries(connection, restored))
        write_undo(connection, tenant, 1, Request("test", NOW), expected_newest=2)
        _apply(connection, tenant, Update(price_list, 3), 3)
    with databases[Role.API].tenant_transaction(tenant) as connection:
        record_offer_override(connection, tenant, "a", "month", None)
    with viewer.transaction() as connection:
        assert list(plan_entries(connection, planned)) == then
        assert list(plan_entries(connection, restored)) == undone


def test_the_log_has_the_entries_of_every_run_also_of_undone_ones_and_of_undos(
    operator: Database, viewer: Database, tenant: UUID, price_list: int
) -> None:
    with operator.transaction() as connection:
        _apply(connection, tenant, _with_options(price_list, 2), 1)
        write_undo(connection, tenant, 1, Request("test", NOW), expected_newest=2)
    with viewer.transaction() as connection:
        runs = {number: list(run_entries(connection, tenant, number)) for number in (1, 2, 3)}
    assert _brief(iter(runs[1])) == [("a", "month", "added"), ("b", "month", "added")]
    assert _brief(iter(runs[2])) == [("a", "month", "changed"), ("b", "month", "discontinued"), ("c", "month", "added")]
    assert _brief(iter(runs[3])) == [("a", "month", "changed"), ("b", "month", "returned"), ("c", "month", "removed")]
    assert [entry.overrides for entry in runs[3]] == [
        (FieldChange(Field.MARGIN, None, Decimal(20)),),
        (FieldChange(Field.NAME, "b", "mine"),),
        (),
    ]


def test_an_override_is_an_entry_where_nothing_else_changes(operator: Database, tenant: UUID, price_list: int) -> None:
    with operator.transaction() as connection:
        planned = plan(connection, tenant, _with_options(price_list, 1))
        found = list(plan_entries(connection, planned))
    assert _brief(iter(found)) == [("a", "month", "override"), ("b", "month", "override")]
    assert (planned.changes.sell_prices_displaced, planned.changes.names_displaced) == (1, 1)


def test_a_run_that_never_was_is_refused(viewer: Database, tenant: UUID) -> None:
    with viewer.transaction() as connection, pytest.raises(NoSuchRunError, match="no run 7"):
        run_entries(connection, tenant, 7)
