"""Roles, schema and the check at start, on a server of their own where roles do not exist yet."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import NullPool, create_engine, make_url, text

from twotier.bss import administration
from twotier.bss.administration import require_version
from twotier.bss.database import Database, Role
from twotier.bss.migrations.release import this_release
from twotier.bss.unfit import DatabaseBehindError, DatabaseUnfitError
from twotier.dev.postgres import running_postgres


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A server without our roles, with an administrator who is no superuser, as its superuser."""
    with running_postgres() as url:
        execute(url, "create role administrator login createrole")
        execute(url, "create role nobody login")
        execute(url, "create database bss owner administrator")
        yield url


@pytest.fixture(scope="module")
def untouched_url(server: str) -> str:
    """A database of the administrator's, and nothing of ours on the server."""
    return url_of(server, "administrator", "bss")


def execute(url: str, sql: str) -> None:
    engine = create_engine(
        make_url(url).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT", poolclass=NullPool
    )
    with engine.connect() as connection:
        connection.execute(text(sql))


def url_of(server: str, login: str, database: str) -> str:
    return make_url(server).set(username=login, database=database).render_as_string(hide_password=False)


def check(url: str) -> None:
    database = Database(url, Role.OPERATOR)
    try:
        with database.transaction() as connection:
            administration.check(connection)
    finally:
        database.dispose()


class TestAnAdministratorWhoIsNoSuperuser:
    """In the order of the work, each step named by the refusal before it."""

    def test_before_init_the_check_asks_for_it(self, untouched_url: str) -> None:
        with pytest.raises(
            DatabaseBehindError, match="the server has no role twotier_operator: run `twotier database init`"
        ):
            check(untouched_url)

    def test_before_init_migrate_asks_for_it(self, untouched_url: str) -> None:
        with pytest.raises(DatabaseBehindError, match="was not set up for TwoTier: run `twotier database init`"):
            administration.migrate(untouched_url)

    def test_a_login_that_may_not_make_roles_is_told_what_it_needs(self, server: str) -> None:
        with pytest.raises(DatabaseUnfitError) as refused:
            administration.initialise(url_of(server, "nobody", "bss"))
        assert str(refused.value) == (
            "the login nobody may not make the roles and the schema (permission denied to create role): it needs to "
            "have CREATEROLE and own the database, or use the login that did it first"
        )

    def test_init_makes_roles_that_cannot_sign_in_or_pass_row_level_security(
        self, untouched_url: str, server: str
    ) -> None:
        administration.initialise(untouched_url)
        engine = create_engine(make_url(server).set(drivername="postgresql+psycopg"), poolclass=NullPool)
        with engine.connect() as connection:
            rows = connection.execute(
                text(
                    "select rolname, rolcanlogin or rolsuper or rolbypassrls or rolcreaterole or rolcreatedb "
                    "from pg_roles where rolname like 'twotier%'"
                )
            ).all()
        assert {tuple(row) for row in rows} == {(str(role), False) for role in Role}

    def test_before_migrate_the_check_asks_for_it(self, untouched_url: str) -> None:
        with pytest.raises(DatabaseBehindError, match="has no tables of TwoTier yet: run `twotier database migrate`"):
            check(untouched_url)

    def test_migrations_at_the_same_time_wait_for_each_other(self, untouched_url: str) -> None:
        with ThreadPoolExecutor(3) as threads:
            list(threads.map(administration.migrate, [untouched_url] * 3))

    def test_then_the_database_is_ready(self, untouched_url: str) -> None:
        check(untouched_url)

    @pytest.mark.parametrize("administer", [administration.initialise, administration.migrate])
    def test_each_step_may_be_repeated(self, administer: Callable[[str], None], untouched_url: str) -> None:
        administer(untouched_url)
        check(untouched_url)

    def test_a_second_database_of_the_server_shares_the_roles(self, server: str) -> None:
        execute(server, "create database second owner administrator")
        second = url_of(server, "administrator", "second")
        administration.initialise(second)
        administration.migrate(second)
        check(second)

    def test_another_administrator_is_told_who_may(self, server: str) -> None:
        execute(server, "create role other login createrole")
        execute(server, "create database third owner other")
        with pytest.raises(
            DatabaseUnfitError, match=r"the login other may not make the roles and the schema \(.*\): it needs"
        ):
            administration.initialise(url_of(server, "other", "third"))

    def test_a_role_that_came_with_this_version_has_to_be_made_first(self, server: str, untouched_url: str) -> None:
        execute(server, f"revoke {Role.WRITER} from administrator granted by administrator")
        with pytest.raises(DatabaseBehindError, match="may not act as twotier_writer yet: run this program's `twotier"):
            administration.migrate(untouched_url)
        administration.initialise(untouched_url)
        administration.migrate(untouched_url)

    def test_a_login_that_may_not_act_as_the_owner_cannot_migrate(self, server: str) -> None:
        with pytest.raises(DatabaseUnfitError, match="the login nobody may not act as twotier_owner"):
            administration.migrate(url_of(server, "nobody", "bss"))


def test_a_schema_of_a_version_that_came_later_is_refused(database_url: str) -> None:
    execute(database_url, "update twotier.alembic_version set version_num = '9999'")
    with pytest.raises(DatabaseUnfitError) as refused:
        check(database_url)
    newest = this_release().versions[0]
    assert str(refused.value) == (
        f"the database has schema version 9999, and this program (TwoTier 0.1.0) knows none after {newest}: a newer "
        "TwoTier has migrated it, use the image of that one"
    )


def test_a_database_that_is_not_ours_is_refused(postgres_url: str, database_url: str) -> None:
    del database_url  # its roles are there, its schema is in another database
    with pytest.raises(DatabaseUnfitError, match="was not set up for TwoTier"):
        check(postgres_url)


@pytest.mark.parametrize("number", [180000, 180004, 190001])
def test_servers_that_are_new_enough(number: int) -> None:
    require_version(number)


@pytest.mark.parametrize(("number", "name"), [(170006, "17.6"), (160000, "16.0"), (90624, "9.624")])
def test_servers_that_are_too_old(number: int, name: str) -> None:
    with pytest.raises(DatabaseUnfitError, match=f"PostgreSQL {name} is too old: TwoTier needs PostgreSQL 18 or newer"):
        require_version(number)
