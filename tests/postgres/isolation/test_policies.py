"""With every right granted, the policies alone keep organizations apart: every table, every verb."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from uuid import UUID

import pytest
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import Connection, text
from sqlalchemy.exc import ProgrammingError
from tests.postgres.isolation.audit import READ_FOR_EVERYBODY, READ_FROM_THE_ROOT, VIEWS_OF_PRICE_LISTS, isolated_tables
from tests.postgres.isolation.filling import OTHER_ROOT, OTHER_TENANT, OWNERS, ROOT, TENANT, Owner

from twotier.bss.database import Database, Role, act_for

# ruff: noqa: S608 -- names of tables and columns come from the catalog

CONFINED: Final = (Role.API, Role.READER, Role.WRITER)
UNCONFINED: Final = (Role.OPERATOR, Role.OWNER)


@contextmanager
def acting(database: Database, role: Role, owner: Owner | None) -> Iterator[Connection]:
    """A transaction of a role for an organization, which comes to nothing."""
    with database.transaction() as connection:
        connection.execute(text(f"set local role {role}"))
        if owner is not None:
            act_for(connection, owner.id)
        yield connection
        connection.rollback()


@pytest.fixture
def tables(filled_database: Database) -> dict[str, str]:
    """The isolated tables, and the column that names the organization."""
    with filled_database.transaction() as connection:
        return isolated_tables(connection)


def owners_seen(connection: Connection, table: str, column: str) -> set[UUID]:
    return set(connection.execute(text(f"select {column} from {table}")).scalars())


def owners_expected(table: str, role: Role, owner: Owner | None) -> set[UUID]:
    if table in READ_FOR_EVERYBODY and role is Role.READER:
        return {each.id for each in OWNERS}
    if owner is None:
        return set()
    return {owner.id, owner.root_id or owner.id} if table in READ_FROM_THE_ROOT and role is Role.API else {owner.id}


def touched(connection: Connection, sql: str) -> int:
    """How many rows a statement touches; it is undone."""
    with connection.begin_nested() as attempt:
        count = connection.execute(text(sql)).rowcount
        attempt.rollback()
    return count


def is_refused(connection: Connection, sql: str) -> bool:
    """Whether row-level security refuses a statement; it is undone."""
    with connection.begin_nested() as attempt:
        try:
            connection.execute(text(sql))
        except ProgrammingError as error:
            return isinstance(error.orig, InsufficientPrivilege) and "row-level security" in str(error.orig)
        finally:
            attempt.rollback()
    return False


def update_of_all(table: str, column: str) -> str:
    return f"update {table} set {column} = {column}"


def insert_for(connection: Connection, table: str, column: str, owner: Owner) -> str:
    """The statement that inserts a row of an organization, by the columns that may be given."""
    columns = connection.execute(
        text(
            "select string_agg(quote_ident(attname), ', ') from pg_attribute "
            "where attrelid = cast(:table as regclass) and attnum > 0 and not attisdropped and attgenerated = ''"
        ),
        {"table": table},
    ).scalar_one()
    row = f"jsonb_populate_record(null::{table}, jsonb_build_object('{column}', '{owner.id}'))"
    return f"insert into {table} ({columns}) overriding system value select {columns} from {row}"


@pytest.mark.parametrize("role", UNCONFINED)
def test_whoever_serves_all_organizations_sees_a_row_of_each_in_every_table(
    role: Role, filled_database: Database, tables: dict[str, str]
) -> None:
    assert "organization" in tables
    with acting(filled_database, role, None) as connection:
        for table, column in tables.items():
            assert owners_seen(connection, table, column) == {owner.id for owner in OWNERS}, table


@pytest.mark.parametrize("role", CONFINED)
@pytest.mark.parametrize("owner", OWNERS, ids=[owner.mark for owner in OWNERS])
def test_an_organization_sees_its_own_rows_and_where_it_should_those_of_its_root(
    owner: Owner, role: Role, filled_database: Database, tables: dict[str, str]
) -> None:
    with acting(filled_database, role, owner) as connection:
        for table, column in tables.items():
            assert owners_seen(connection, table, column) == owners_expected(table, role, owner), table


@pytest.mark.parametrize("role", CONFINED)
def test_a_tenant_changes_and_removes_no_row_but_its_own(
    role: Role, filled_database: Database, tables: dict[str, str]
) -> None:
    with acting(filled_database, role, TENANT) as connection:
        for table, column in tables.items():
            assert touched(connection, update_of_all(table, column)) == 1, table
            assert touched(connection, f"delete from {table}") == 1, table


@pytest.mark.parametrize("role", CONFINED)
@pytest.mark.parametrize("other", [ROOT, OTHER_ROOT, OTHER_TENANT], ids=["its root", "another root", "another tenant"])
def test_a_tenant_gives_no_row_to(other: Owner, role: Role, filled_database: Database, tables: dict[str, str]) -> None:
    with acting(filled_database, role, TENANT) as connection:
        for table, column in tables.items():
            assert is_refused(connection, f"update {table} set {column} = '{other.id}'"), table
            assert is_refused(connection, insert_for(connection, table, column, other)), table


@pytest.mark.parametrize("role", CONFINED)
@pytest.mark.parametrize("value", [None, ""], ids=["never set", "reset"])
def test_without_an_organization_nothing_is_seen_or_written_when_the_setting_was(
    value: str | None, role: Role, filled_database: Database, tables: dict[str, str]
) -> None:
    filled_database.dispose()
    if value == "":
        with acting(filled_database, role, TENANT):
            pass
    with acting(filled_database, role, None) as connection:
        assert connection.execute(text("select current_setting('twotier.organization', true)")).scalar_one() == value
        for table, column in tables.items():
            assert owners_seen(connection, table, column) == owners_expected(table, role, None), table
            assert touched(connection, update_of_all(table, column)) == 0, table
            assert touched(connection, f"delete from {table}") == 0, table
            assert is_refused(connection, insert_for(connection, table, column, TENANT)), table


@pytest.mark.parametrize("end", ["commit", "rollback"])
def test_a_setting_that_leaked_does_not_survive_its_transaction(end: str, filled_database: Database) -> None:
    with filled_database.tenant_transaction(TENANT.id) as connection:
        leaking = connection.execute(text("select pg_backend_pid()")).scalar_one()
        if end == "rollback":
            connection.rollback()
    with acting(filled_database, Role.API, None) as connection:
        assert connection.execute(text("select pg_backend_pid()")).scalar_one() == leaking
        assert owners_seen(connection, "tenant", "organization_id") == set()


def test_one_transaction_after_another_sees_its_own_tenant(filled_database: Database) -> None:
    for owner in (TENANT, OTHER_TENANT, TENANT):
        with acting(filled_database, Role.API, owner) as connection:
            assert owners_seen(connection, "tenant", "organization_id") == {owner.id}


def test_views_show_a_tenant_what_is_its_own_and_no_mark_of_another(filled_database: Database) -> None:
    with acting(filled_database, Role.API, TENANT) as connection:
        shown = {view: " ".join(texts(connection, view)) for view in views(connection)}
    assert any(TENANT.mark in rows for rows in shown.values())
    for other in (ROOT, OTHER_ROOT, OTHER_TENANT):
        assert [view for view, rows in shown.items() if other.mark in rows] == []


def test_views_show_nothing_without_an_organization(filled_database: Database) -> None:
    with acting(filled_database, Role.API, None) as connection:
        assert {view for view in views(connection) if texts(connection, view)} == set()


def views(connection: Connection) -> list[str]:
    """Name those that show rows of organizations."""
    sql = "select relname from pg_class where relnamespace = 'twotier'::regnamespace and relkind = 'v'"
    return [view for view in connection.execute(text(sql)).scalars() if view not in VIEWS_OF_PRICE_LISTS]


def texts(connection: Connection, view: str) -> list[str]:
    return list(connection.execute(text(f"select v::text from {view} v")).scalars())
