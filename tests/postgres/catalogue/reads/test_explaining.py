"""Why an offer is what it is, and what it was: read by the distributor's own people."""

from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import Engine, text
from tests.postgres.catalogue.rows import NOW, import_revision
from tests.postgres.catalogue.sequences import FIRST, SECOND, listed

from twotier.bss.catalogue.reads.entries import Field
from twotier.bss.catalogue.reads.explaining import ColumnExplanation, Explanation, explain, price_history
from twotier.bss.catalogue.reads.pages import AfterSku, catalogue_at
from twotier.bss.catalogue.runs.updates import Mode, Request, Update, write_undo, write_update
from twotier.bss.database import Database, Role
from twotier.bss.reseller.overrides import (
    Margin,
    ProductField,
    SellPrice,
    record_offer_override,
    record_product_override,
)


@pytest.fixture
def tenant(tenants: list[UUID], price_list: int, databases: dict[Role, Database]) -> UUID:  # noqa: ARG001 -- gives catalogues
    """A tenant on revision 1 of 2; its overrides of price and name date from then."""
    with databases[Role.API].tenant_transaction(tenants[0]) as connection:
        record_offer_override(connection, tenants[0], "a", "month", SellPrice(Decimal(9)))
        record_product_override(connection, tenants[0], "a", ProductField.NAME, "mine")
    return tenants[0]


def _apply(operator: Database, tenant: UUID, update: Update, newest: int) -> None:
    with operator.transaction() as connection:
        write_update(connection, tenant, update, Request("assignment t", NOW), expected_newest=newest)


def _explained(viewer: Database, tenant: UUID, sku: str = "a") -> Explanation:
    with viewer.transaction() as connection:
        explained = explain(connection, tenant, sku, "month")
    assert explained is not None
    return explained


def _column(explained: Explanation, field: Field) -> ColumnExplanation:
    return next(column for column in explained.columns if column.field is field)


def test_a_cost_is_traced_to_the_list_the_revision_that_brought_it_and_the_run_that_took_it(
    operator: Database, viewer: Database, tenant: UUID, price_list: int
) -> None:
    _apply(operator, tenant, Update(price_list, 2, Mode.PARTIAL), 1)
    cost = _column(_explained(viewer, tenant), Field.COST)
    assert (cost.inherited, cost.value, cost.own) == (Decimal(2), Decimal(2), None)
    assert (cost.origin.price_list, cost.origin.revision, cost.origin.since_revision) == ("list", 2, 2)
    assert (cost.origin.source, cost.origin.imported_at) == ("test", NOW)
    assert (cost.origin.run, cost.origin.requested_by) == (2, "assignment t")


def test_a_list_that_did_not_change_an_offer_is_traced_to_the_revision_that_did(
    engine: Engine, operator: Database, viewer: Database, tenant: UUID, price_list: int
) -> None:
    with engine.begin() as connection:
        connection.execute(text("set local role none"))
        import_revision(connection, price_list, [FIRST, SECOND, listed(a=(2, 3), c=(6, None))])
    _apply(operator, tenant, Update(price_list, 3), 1)
    origin = _column(_explained(viewer, tenant), Field.COST).origin
    assert (origin.revision, origin.since_revision) == (3, 2)


def test_an_own_price_is_in_force_over_the_inherited_one_of_the_arrival(
    operator: Database, viewer: Database, tenant: UUID, price_list: int
) -> None:
    _apply(operator, tenant, Update(price_list, 2), 1)
    explained = _explained(viewer, tenant)
    price, name = _column(explained, Field.SELL_PRICE), _column(explained, Field.NAME)
    assert (price.inherited, price.value, price.is_own, price.origin.run) == (Decimal(2), Decimal(9), True, 1)
    assert (name.inherited, name.value, name.is_own) == ("a", "mine", True)
    assert price.own is not None
    assert (price.own.value, price.own.displaced_by) == (Decimal(9), None)
    assert (explained.margin_percent, explained.below_cost) == (Decimal("77.78"), False)


def test_an_own_price_that_an_option_displaced_is_shown_with_the_run_that_did(
    operator: Database, viewer: Database, tenant: UUID, price_list: int
) -> None:
    _apply(operator, tenant, Update(price_list, 2, sell_prices=True), 1)
    explained = _explained(viewer, tenant)
    price, name = _column(explained, Field.SELL_PRICE), _column(explained, Field.NAME)
    assert (price.value, price.is_own, price.origin.run) == (Decimal(3), False, 2)
    assert price.own is not None
    assert (price.own.value, price.own.displaced_by) == (Decimal(9), 2)
    assert name.is_own


def test_a_margin_is_explained_as_the_sell_price_that_it_makes(
    databases: dict[Role, Database], viewer: Database, tenant: UUID
) -> None:
    with databases[Role.API].tenant_transaction(tenant) as connection:
        record_offer_override(connection, tenant, "a", "month", Margin(Decimal(-25)))
    explained = _explained(viewer, tenant)
    price = _column(explained, Field.SELL_PRICE)
    assert price.own is not None
    assert (price.own.is_margin, price.own.value, price.value) == (True, Decimal(-25), Decimal("0.80"))
    assert (explained.margin_percent, explained.below_cost) == (Decimal("-25.00"), True)


def test_what_never_arrived_has_no_explanation_and_no_history(viewer: Database, tenant: UUID) -> None:
    with viewer.transaction() as connection:
        assert explain(connection, tenant, "c", "month") is None
        assert price_history(connection, tenant, "c", "month") == []


def test_a_discontinued_offer_is_explained_by_the_run_that_saw_it_last(
    operator: Database, viewer: Database, tenant: UUID, price_list: int
) -> None:
    _apply(operator, tenant, Update(price_list, 2), 1)
    explained = _explained(viewer, tenant, "b")
    assert explained.offer.discontinued
    assert {column.origin.run for column in explained.columns} == {1}


def test_a_price_history_has_the_runs_that_count_and_changed_something(
    operator: Database, viewer: Database, tenant: UUID, price_list: int
) -> None:
    _apply(operator, tenant, Update(price_list, 2), 1)
    _apply(operator, tenant, Update(price_list, 2, names=True), 2)
    _apply(operator, tenant, Update(price_list, 2, sell_prices=True), 3)
    with viewer.transaction() as connection:
        points = price_history(connection, tenant, "a", "month")
    assert [(point.run, point.cost, point.sell_price) for point in points] == [
        (1, Decimal(1), Decimal(2)),
        (2, Decimal(2), Decimal(9)),
        (4, Decimal(2), Decimal(3)),
    ]
    with operator.transaction() as connection:
        write_undo(connection, tenant, 1, Request("test", NOW), expected_newest=4)
    with viewer.transaction() as connection:
        assert [point.run for point in price_history(connection, tenant, "a", "month")] == [1]


def test_the_catalogue_is_read_as_of_any_run_in_pages(
    operator: Database, viewer: Database, tenant: UUID, price_list: int
) -> None:
    _apply(operator, tenant, Update(price_list, 2, sell_prices=True), 1)
    with operator.transaction() as connection:
        write_undo(connection, tenant, 1, Request("test", NOW), expected_newest=2)
    with viewer.transaction() as connection:
        catalogues = {run: list(catalogue_at(connection, tenant, run)) for run in (1, 2, 3, None)}
        pages = [
            list(catalogue_at(connection, tenant, 2, after, limit=1)) for after in (AfterSku(), AfterSku("a", "z"))
        ]
        assert list(catalogue_at(connection, tenant, 2, limit=None)) == catalogues[2]
    prices = {
        run: [(seen.offer.sku, seen.offer.sell_price, seen.offer.discontinued) for seen in found]
        for run, found in catalogues.items()
    }
    assert prices[1] == [("a", Decimal(2), False), ("b", Decimal(4), False)]
    assert prices[2] == [("a", Decimal(3), False), ("b", Decimal(4), True), ("c", None, False)]
    assert prices[3] == prices[None] == [("a", Decimal(9), False), ("b", Decimal(4), False)]
    assert [[seen.offer.sku for seen in page] for page in pages] == [["a"], ["b"]]


def test_a_suspect_offer_is_flagged_for_the_distributors_people_and_for_the_tenant_whose_it_is(
    engine: Engine, databases: dict[Role, Database], viewer: Database, tenant: UUID, price_list: int
) -> None:
    with engine.begin() as connection:
        connection.execute(text("set local role none"))
        connection.execute(
            text(
                "insert into suspect_offer values (:list, 'b', 'month', :now, :now), (:list, 'c', 'month', :now, :now)"
            ),
            {"list": price_list, "now": NOW},
        )
    with viewer.transaction() as connection:
        flags = {seen.offer.sku: seen.suspect for seen in catalogue_at(connection, tenant)}
    assert flags == {"a": False, "b": True}
    assert _explained(viewer, tenant, "b").suspect
    with databases[Role.API].tenant_transaction(tenant) as connection:
        assert connection.execute(text("select sku, unit from tenant_suspects")).all() == [("b", "month")]
