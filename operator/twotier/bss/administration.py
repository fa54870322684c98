"""What an administrator does to a database before any process may use it: roles, schema, check."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources

import psycopg
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, NullPool, create_engine, text
from sqlalchemy.exc import DBAPIError

from twotier.bss.database import MINIMUM_VERSION, SCHEMA, Role, driver_url, telling_outages
from twotier.bss.unfit import DatabaseUnfitError


def initialise(url: str) -> None:
    """Make the roles and the schema, repeatably, and let the login act as every role.

    The login needs no superuser: the right to create roles (CREATEROLE) and to create in the database is enough.

    Raises:
        DatabaseUnfitError: the server is too old or cannot be reached, or the login may not do this.
    """
    what, needed = "make the roles and the schema", "have CREATEROLE and own the database"
    with _administering(url) as connection, _telling_missing_rights(connection, what, needed):
        for role in Role:
            _make_role(connection, role)
        _make_schema(connection)


def migrate(url: str) -> None:
    """Bring the schema to the version of this program, as the owner role. Two at once wait for each other.

    Raises:
        DatabaseUnfitError: the server is too old or cannot be reached, or `initialise` was not run with this login.
    """
    with _administering(url) as connection:
        _require_schema(connection)
        with _telling_missing_rights(connection, f"act as {Role.OWNER}", f"be a member of {Role.OWNER}"):
            connection.execute(text(f"set local role {Role.OWNER}"))
        connection.execute(text(f"set local search_path = {SCHEMA}, pg_temp"))
        connection.execute(text("select pg_advisory_xact_lock(hashtext('twotier database migrate'), 0)"))
        command.upgrade(_alembic(connection), "head")
        readers = ", ".join((Role.OPERATOR, Role.WORKER, Role.API, Role.VIEWER))
        connection.execute(text(f"grant select on {SCHEMA}.alembic_version to {readers}"))


def check(connection: Connection) -> None:
    """Refuse a database that this program cannot work with.

    Raises:
        DatabaseUnfitError: too old a server, no schema, or a schema of another version.
    """
    _require_server(connection)
    _require_schema(connection)
    wanted = ScriptDirectory.from_config(_alembic(connection)).get_current_head()
    context = MigrationContext.configure(connection, opts={"version_table_schema": SCHEMA})
    found = context.get_current_revision()
    if found is None:
        raise DatabaseUnfitError("the database has no tables of TwoTier yet: run `twotier database migrate`")
    if found != wanted:
        raise DatabaseUnfitError(
            f"the database has schema version {found}, this program needs {wanted}: run `twotier database migrate` "
            "of the newer of the two"
        )


def require_version(number: int) -> None:
    """Refuse a server that is too old.

    Args:
        number: as PostgreSQL counts (server_version_num), such as 180004 for 18.4.

    Raises:
        DatabaseUnfitError: older than what TwoTier is tested with.
    """
    major, minor = divmod(number, 10_000)
    if major < MINIMUM_VERSION:
        raise DatabaseUnfitError(
            f"PostgreSQL {major}.{minor} is too old: TwoTier needs PostgreSQL {MINIMUM_VERSION} or newer"
        )


def _make_role(connection: Connection, role: Role) -> None:
    with connection.begin_nested() as attempt:
        try:
            connection.execute(text(f"create role {role} nologin"))
        except DBAPIError as error:
            # Roles are shared by all databases of a server, and another one may be set up at this very moment
            if not isinstance(error.orig, psycopg.errors.DuplicateObject | psycopg.errors.UniqueViolation):
                raise
            attempt.rollback()
    may_act = connection.execute(text("select pg_has_role(current_user, :role, 'set')"), {"role": role}).scalar_one()
    if not may_act:
        # Not inherited: what a login does, it does as a role that it has chosen
        connection.execute(text(f"grant {role} to current_user with inherit false, set true"))


def _make_schema(connection: Connection) -> None:
    connection.execute(text(f"create schema if not exists {SCHEMA} authorization {Role.OWNER}"))
    others = ", ".join(role for role in Role if role is not Role.OWNER)
    connection.execute(text(f"set local role {Role.OWNER}"))
    connection.execute(text(f"grant usage on schema {SCHEMA} to {others}"))
    connection.execute(text(f"grant create on schema {SCHEMA} to {Role.READER}"))


@contextmanager
def _administering(url: str) -> Iterator[Connection]:
    parsed = driver_url(url)
    engine = create_engine(parsed, poolclass=NullPool, hide_parameters=True, connect_args={"connect_timeout": 10})
    with telling_outages(parsed), engine.begin() as connection:
        _require_server(connection)
        yield connection


@contextmanager
def _telling_missing_rights(connection: Connection, what: str, needed: str) -> Iterator[None]:
    login = connection.execute(text("select session_user")).scalar_one()
    try:
        yield
    except DBAPIError as error:
        if not isinstance(error.orig, psycopg.errors.InsufficientPrivilege):
            raise
        words = error.orig.diag.message_primary
        raise DatabaseUnfitError(
            f"the login {login} may not {what} ({words}): it needs to {needed}, or use the login that did it first"
        ) from error


def _alembic(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(resources.files(__package__) / "migrations"))
    config.attributes["connection"] = connection
    return config


def _require_server(connection: Connection) -> None:
    require_version(int(connection.execute(text("show server_version_num")).scalar_one()))


def _require_schema(connection: Connection) -> None:
    found = connection.execute(text("select from pg_namespace where nspname = :schema"), {"schema": SCHEMA}).first()
    if found is None:
        raise DatabaseUnfitError(
            "the database was not set up for TwoTier: run `twotier database init` and `twotier database migrate`"
        )
