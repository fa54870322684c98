"""A reseller defines its own categories by changing the copied ones, and creates others."""

from concurrent.futures import ThreadPoolExecutor
from time import sleep
from uuid import UUID

import pytest
from sqlalchemy import text
from tests.postgres.catalogue.resellers import in_categories
from tests.postgres.catalogue.rows import NOW, import_revision

from twotier.bss.catalogue.reads.pages import page_by_sku
from twotier.bss.catalogue.runs.updates import Request, Update, state, write_update
from twotier.bss.database import Database, Role
from twotier.bss.reseller.categories import Category, CategoryError, create, listed, remove, rename
from twotier.bss.reseller.changes import change_product
from twotier.bss.reseller.values import InvalidValueError


@pytest.fixture
def api(databases: dict[Role, Database]) -> Database:
    return databases[Role.API]


def shown(api: Database, tenant: UUID) -> dict[str, str | None]:
    with api.tenant_transaction(tenant) as connection:
        return {offer.sku: offer.category for offer in page_by_sku(connection)}


def names(api: Database, tenant: UUID) -> list[Category]:
    with api.tenant_transaction(tenant) as connection:
        return listed(connection, tenant)


def test_a_copied_category_that_is_renamed_takes_along_all_that_is_in_it_and_all_that_arrives_in_it_later(
    api: Database, operator: Database, premium: UUID
) -> None:
    with api.tenant_transaction(premium) as connection:
        change_product(connection, premium, "b", {"category": "cloud"})
        rename(connection, premium, "cloud", "Services")
    assert shown(api, premium) == {"a": "Services", "b": "Services"}
    with operator.transaction() as connection:
        standing = state(connection, premium)
        assert standing is not None
        list_id = standing.structure.price_list_id
        connection.execute(text("set local role none"))
        import_revision(
            connection,
            list_id,
            [in_categories(a="cloud", b="office"), in_categories(a="office", b="office", c="cloud")],
        )
        write_update(connection, premium, Update(list_id, 2), Request("test", NOW), expected_newest=1)
    assert shown(api, premium) == {"a": "Services", "b": "Services", "c": "Services"}
    assert names(api, premium) == [Category("Services", "cloud"), Category("office", "office")]


def test_a_name_that_is_taken_away_uncovers_the_one_that_came_down(api: Database, premium: UUID) -> None:
    with api.tenant_transaction(premium) as connection:
        rename(connection, premium, "cloud", "Services")
        rename(connection, premium, "Services", "Clouds")
    assert shown(api, premium)["a"] == "Clouds"
    with api.tenant_transaction(premium) as connection:
        remove(connection, premium, "Clouds")
    assert shown(api, premium)["a"] == "cloud"


def test_a_category_of_his_making_is_used_renamed_and_when_it_is_empty_removed(api: Database, premium: UUID) -> None:
    with api.tenant_transaction(premium) as connection:
        create(connection, premium, "Bargains")
        change_product(connection, premium, "a", {"category": "Bargains"})
        rename(connection, premium, "Bargains", "Deals")
    assert shown(api, premium) == {"a": "Deals", "b": "office"}
    assert Category("Deals", None) in names(api, premium)
    with pytest.raises(CategoryError, match="has products in it"), api.tenant_transaction(premium) as connection:
        remove(connection, premium, "Deals")
    with api.tenant_transaction(premium) as connection:
        change_product(connection, premium, "a", {"category": None})
        remove(connection, premium, "Deals")
    assert names(api, premium) == [Category("cloud", "cloud"), Category("office", "office")]


def test_two_names_can_be_swapped_by_way_of_a_third(api: Database, premium: UUID) -> None:
    with api.tenant_transaction(premium) as connection:
        rename(connection, premium, "cloud", "third")
        rename(connection, premium, "office", "cloud")
        rename(connection, premium, "third", "office")
    assert shown(api, premium) == {"a": "office", "b": "cloud"}
    with pytest.raises(CategoryError, match="already"), api.tenant_transaction(premium) as connection:
        remove(connection, premium, "cloud")


def test_names_stay_different(api: Database, premium: UUID) -> None:
    with api.tenant_transaction(premium) as connection:
        rename(connection, premium, "cloud", "Services")
        for name, message in (
            ("office", "there is a category 'office' already"),
            ("Services", "there is a category 'Services' already"),
            ("cloud", "'cloud' is what category 'Services' was called"),
        ):
            with pytest.raises(CategoryError, match=message):
                create(connection, premium, name)
        with pytest.raises(CategoryError, match="there is a category 'Services' already"):
            rename(connection, premium, "office", "Services")


def test_of_two_who_make_the_same_category_at_once_one_is_told_that_it_is_there(
    api: Database, operator: Database, premium: UUID
) -> None:
    def make() -> int:
        with api.tenant_transaction(premium) as connection:
            return create(connection, premium, "Bargains")

    with ThreadPoolExecutor(1) as thread:
        with api.tenant_transaction(premium) as connection:
            create(connection, premium, "Bargains")
            second = thread.submit(make)
            wait_until_one_waits(operator)
        with pytest.raises(CategoryError, match="there is a category 'Bargains' already"):
            second.result()
    assert names(api, premium)[0] == Category("Bargains", None)


def wait_until_one_waits(database: Database) -> None:
    sql = text("select from pg_locks where not granted")
    with database.transaction() as connection:
        while connection.execute(sql).first() is None:
            sleep(0.01)


def test_what_there_is_not_is_neither_renamed_nor_removed(api: Database, premium: UUID) -> None:
    with api.tenant_transaction(premium) as connection:
        with pytest.raises(CategoryError, match="there is no category 'nowhere'"):
            rename(connection, premium, "nowhere", "somewhere")
        with pytest.raises(CategoryError, match="there is no category 'nowhere'"):
            remove(connection, premium, "nowhere")
        with pytest.raises(CategoryError, match="came down from the distributor"):
            remove(connection, premium, "cloud")
        with pytest.raises(InvalidValueError, match="is empty"):
            create(connection, premium, " ")


def test_a_tenant_sees_and_uses_no_category_of_another(api: Database, premium: UUID, basic: UUID) -> None:
    with api.tenant_transaction(basic) as connection:
        create(connection, basic, "theirs")
        rename(connection, basic, "cloud", "also theirs")
    assert names(api, premium) == [Category("cloud", "cloud"), Category("office", "office")]
    assert shown(api, premium) == {"a": "cloud", "b": "office"}
    with pytest.raises(CategoryError), api.tenant_transaction(premium) as connection:
        change_product(connection, premium, "a", {"category": "theirs"})
