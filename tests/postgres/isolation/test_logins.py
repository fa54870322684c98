"""A login that serves tenants gets no further than its role."""

from collections.abc import Iterator

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import ProgrammingError
from tests.postgres.isolation.audit import NOT_OF_AN_ORGANIZATION, VIEWS_OF_PRICE_LISTS

from twotier.bss.database import Database, Role

LOGIN = "twotier_test_of_the_api"


@pytest.fixture(scope="module")
def api(shared_database: Database) -> Iterator[Database]:
    """The database as a login sees it that is a member of the API's role alone."""
    with shared_database.transaction() as connection:
        connection.execute(text("set local role none"))
        connection.execute(text(f"create role {LOGIN} login in role {Role.API}"))
    url = make_url(shared_database.engine.url).set(drivername="postgresql", username=LOGIN)
    database = Database(url.render_as_string(hide_password=False), Role.API)
    yield database
    database.dispose()
    with shared_database.transaction() as connection:
        connection.execute(text("set local role none"))
        connection.execute(text(f"drop role {LOGIN}"))


def refusal(database: Database, sql: str) -> str:
    with pytest.raises(ProgrammingError) as refused, database.transaction() as connection:
        connection.execute(text(sql))
    return str(refused.value.orig)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.API])
def test_it_cannot_become(role: Role, api: Database) -> None:
    assert "permission denied to set role" in refusal(api, f"set local role {role}")


HIDDEN = [table for table, rights in NOT_OF_AN_ORGANIZATION.items() if Role.API not in rights]
ATTEMPTS = {
    "select": "select from {}",
    "insert": "insert into {} default values",
    "update": "update {0} set {1} = {1}",
    "delete": "delete from {}",
    "truncate": "truncate {}",
    "lock": "lock table {}",
}


@pytest.mark.parametrize("verb", ATTEMPTS)
@pytest.mark.parametrize("table", HIDDEN)
def test_it_cannot_touch(table: str, verb: str, api: Database) -> None:
    with api.transaction() as connection:
        column = connection.execute(
            text(
                "select attname from pg_attribute where attrelid = cast(:table as regclass) and attnum > 0 "
                "and attidentity = '' order by attnum limit 1"
            ),
            {"table": f"twotier.{table}"},
        ).scalar_one()
    assert refusal(api, ATTEMPTS[verb].format(table, column)) == f"permission denied for table {table}"


@pytest.mark.parametrize("verb", ["select", "insert", "delete", "lock"])
@pytest.mark.parametrize("view", VIEWS_OF_PRICE_LISTS)
def test_it_cannot_touch_a_view_of_price_lists(view: str, verb: str, api: Database) -> None:
    assert refusal(api, ATTEMPTS[verb].format(view)) == f"permission denied for view {view}"


@pytest.mark.parametrize("sql", ["create table mine ()", "create view mine as select 1", "create schema mine"])
def test_it_cannot_make_anything(sql: str, api: Database) -> None:
    assert "permission denied" in refusal(api, sql)


def test_its_temporary_tables_take_the_place_of_no_table_of_ours(api: Database) -> None:
    with api.transaction() as connection:
        connection.execute(text("create temporary table country (code text)"))
        assert connection.execute(text("select count(*) from country")).scalar_one() > 200
        connection.rollback()
