"""A tenant's session sees no list, no revision of one that was never applied to it, and no other tenant's values."""

from collections.abc import Iterator
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError
from tests.postgres.catalogue.rows import NOW, import_revision, make_list, make_organizations
from tests.postgres.catalogue.sequences import listed

from twotier.bss.catalogue.runs.updates import Request, write_first_update
from twotier.bss.database import Database, Role
from twotier.bss.reseller.overrides import (
    NotInCatalogueError,
    ProductField,
    SellPrice,
    record_offer_override,
    record_product_override,
)

READS = {
    "the catalogue": "select sku from tenant_catalogue",
    "a look-up of what another list has": "select sku from catalogue_lookup('theirs', 'month')",
    "a look-up of what a later revision has": "select sku from catalogue_lookup('later', 'month')",
    "pages by SKU": "select sku from catalogue_page_by_sku('', '', 100)",
    "pages by name": "select sku from catalogue_page_by_name('', '', '', 100)",
    "relations": "select sku from tenant_relations",
    "suspects": "select sku from tenant_suspects",
    "what is in a bundle": "select sku from catalogue_bundle('theirs', 'month')",
    "price history": "select sku from tenant_price_history",
    "overrides for products": "select sku from product_override",
    "own prices": "select sku from offer_override",
}
OURS, THEIRS = UUID(int=1), UUID(int=2)


@pytest.fixture
def api(database_url: str, engine: Engine) -> Iterator[Database]:
    """Two tenants on a list each, with values of their own; one list is a revision ahead."""
    with engine.begin() as connection:
        connection.execute(text("set local role none"))
        distributor = uuid4()
        make_organizations(connection, distributor, OURS, THEIRS)
        for tenant, name, later in ((OURS, "ours", "later"), (THEIRS, "theirs", "theirs too")):
            list_id = make_list(connection, distributor, name)
            first = listed(**{name: (1, 2), "both": (7, 8)})
            import_revision(connection, list_id, [first])
            import_revision(connection, list_id, [first, listed(**{name: (5, 6), later: (5, 6)})])
            write_first_update(connection, tenant, list_id, 1, Request("test", NOW))
            connection.execute(
                text("insert into suspect_offer values (:list, :sku, 'month', :now, :now)"),
                [{"list": list_id, "sku": sku, "now": NOW} for sku in (name, "later")],
            )
    database = Database(database_url, Role.API)
    for tenant, name in ((OURS, "ours"), (THEIRS, "theirs")):
        with database.tenant_transaction(tenant) as connection:
            record_product_override(connection, tenant, name, ProductField.NAME, "mine")
            record_offer_override(connection, tenant, name, "month", SellPrice(Decimal(9)))
    yield database
    database.dispose()


@pytest.mark.parametrize("sql", READS.values(), ids=READS)
def test_shows_only_what_is_the_tenants_own(sql: str, api: Database) -> None:
    with api.tenant_transaction(OURS) as connection:
        assert set(connection.execute(text(sql)).scalars()) <= {"ours", "both"}
    with api.transaction() as connection:
        assert connection.execute(text(sql)).all() == []


def test_the_views_show_something_at_all(api: Database) -> None:
    shown = [
        READS[name]
        for name in ("the catalogue", "pages by SKU", "pages by name", "price history", "suspects", "own prices")
    ]
    with api.tenant_transaction(OURS) as connection:
        assert all("ours" in connection.execute(text(sql)).scalars() for sql in shown)


@pytest.mark.parametrize(
    "sql",
    [
        "select * from offer",
        "select * from product",
        "select * from product_relation",
        "select * from catalogue_pins",
        "select * from run_pins",
        "select * from catalogue_pins_at(null, 1, null)",
        "select * from catalogue_of(null)",
        "select * from catalogue_page_at(null, '', '', 1)",
        "select * from inherited_lookup(null, 'a', 'month')",
        "select * from bundle_components(null, 'a', 'month')",
        "select * from catalogue_entries(null, null, null, null)",
        "select * from suspect_offer",
        "select * from inherited_gone(null)",
        "select * from changes_of_all(null, null)",
        "select * from offers_only_in(1, 1, 2)",
        "select * from had_arrived(null, 'a', 'month')",
        "update catalogue_assignment set current = 1",
        "delete from offer_override",
        "update offer_override set sell_price = 1",
    ],
)
def test_refuses_a_tenants_session(sql: str, api: Database) -> None:
    with api.tenant_transaction(OURS) as connection, pytest.raises(ProgrammingError, match="permission denied"):
        connection.execute(text(sql))


def test_a_temporary_table_cannot_take_the_place_of_the_pins(api: Database) -> None:
    with api.tenant_transaction(OURS) as connection:
        before = connection.execute(text("select * from tenant_catalogue order by sku")).all()
        for table in ("catalogue_assignment", "catalogue_update", "offer"):
            connection.execute(text(f"create temporary table {table} as select 1 as number"))
        assert connection.execute(text("select * from tenant_catalogue order by sku")).all() == before
        assert connection.execute(text("select * from catalogue_lookup('ours', 'month')")).all() == before[1:]


def test_no_value_can_be_set_on_what_never_arrived(api: Database) -> None:
    with api.tenant_transaction(OURS) as connection:
        with pytest.raises(NotInCatalogueError, match="offer ours in unit year"):
            record_offer_override(connection, OURS, "ours", "year", SellPrice(Decimal(1)))
        with pytest.raises(NotInCatalogueError, match="product theirs"):
            record_product_override(connection, OURS, "theirs", ProductField.NAME, "mine")


def test_no_value_can_be_set_for_another_tenant(api: Database) -> None:
    with api.tenant_transaction(OURS) as connection, pytest.raises(NotInCatalogueError):
        record_offer_override(connection, THEIRS, "both", "month", SellPrice(Decimal(1)))
