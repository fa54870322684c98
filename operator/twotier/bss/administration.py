"""What an administrator does to a database before any process may use it: roles, schema, check."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import psycopg
from alembic import command
from packaging.version import Version
from sqlalchemy import Connection, NullPool, create_engine, text
from sqlalchemy.exc import DBAPIError

from twotier.bss.database import (
    MINIMUM_VERSION,
    SCHEMA,
    Role,
    driver_url,
    telling_outages,
)
from twotier.bss.migrations.release import Release, this_release
from twotier.bss.sql import statements
from twotier.bss.unfit import DatabaseBehindError, DatabaseUnfitError

_SQL: Final = statements(__name__)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a database was brought to.

    Attributes:
        version: of the tables; None where there are none.
        routines: digest of the routines; None where it was not recorded, as before version 0003. So is program.
        program: version of the program that the routines came with.
    """

    version: str | None
    routines: str | None = None
    program: str | None = None


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
        connection.execute(_SQL["keep_temporary_tables"])
        _make_schema(connection)


def migrate(url: str, release: Release | None = None) -> None:
    """Bring tables and routines to the version of this program, as the owner role, in one transaction.

    Repeatable, and two at once wait for each other. Whatever leads meanwhile, such as an operator, is waited for and
    then fenced off: its next transaction finds another epoch, the process ends, and what starts in its place checks the
    version anew.

    Args:
        url: of the database, with a login that may act as the owner.
        release: what to bring it to; this program's.

    Raises:
        DatabaseUnfitError: the server is too old or cannot be reached, `initialise` was not run with this login, a
            newer program has migrated the database, or some session keeps the migration waiting.
    """
    release = release or this_release()
    with _administering(url) as connection:
        _require_schema(connection)
        with _telling_missing_rights(connection, f"act as {Role.OWNER}", f"be a member of {Role.OWNER}"):
            connection.execute(text(f"set local role {Role.OWNER}"))
        _require_roles(connection)
        connection.execute(text(f"set local search_path = {SCHEMA}, pg_temp"))
        connection.execute(_SQL["wait_for_other_migrations"])
        standing = _standing(connection)
        try:
            require_release(standing, release)
        except DatabaseBehindError:
            with _telling_waits():
                _bring_to(connection, standing, release)


def check(connection: Connection, release: Release | None = None) -> None:
    """Refuse a database that this program cannot work with.

    Args:
        connection: in a transaction of any process.
        release: what it must have been brought to; this program's.

    Raises:
        DatabaseBehindError: it was not set up, or not brought to this version yet.
        DatabaseUnfitError: the server is too old, or a newer program has migrated the database.
    """
    _require_server(connection)
    _require_schema(connection)
    require_release(_standing(connection), release or this_release())


def require_release(standing: Standing, release: Release) -> None:
    """Refuse a database that stands elsewhere than a program needs it.

    Versions of tables have an order: whoever does not know one is older than it. Digests of routines have none. Where
    the tables are the same and the routines are not, the version of the program that loaded them decides: a program
    stops before routines of a newer one, which know what it does not, and waits where it is as new, because its own
    migration is what is missing. Between two builds of one version, as in development, nothing tells which is newer,
    and the one that migrates last wins. A program whose routines are the ones that are loaded works with them, whoever
    loaded them, so that going back to the image before needs nothing where the database did not change.

    Raises:
        DatabaseBehindError: it has to be migrated by this program.
        DatabaseUnfitError: a newer program has migrated it.
    """
    if standing.version is None:
        raise DatabaseBehindError("the database has no tables of TwoTier yet: run `twotier database migrate`")
    if standing.version not in release.versions:
        raise DatabaseUnfitError(
            f"the database has schema version {standing.version}, and this program (TwoTier {release.program}) knows "
            f"none after {release.versions[0]}: a newer TwoTier has migrated it, use the image of that one"
        )
    if standing.version != release.versions[0]:
        raise DatabaseBehindError(
            f"the database has schema version {standing.version}, this program (TwoTier {release.program}) needs "
            f"{release.versions[0]}: run its `twotier database migrate`"
        )
    if standing.routines == release.digest:
        return
    if standing.program is not None and Version(standing.program) > Version(release.program):
        raise DatabaseUnfitError(
            f"the database has the routines of TwoTier {standing.program}, and this program is TwoTier "
            f"{release.program}: use the image of TwoTier {standing.program} or a newer one"
        )
    raise DatabaseBehindError(
        f"the database has other routines than this program (TwoTier {release.program}) needs: run its "
        "`twotier database migrate`"
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
    may_act = connection.execute(_SQL["may_act"], {"role": role}).scalar_one()
    if not may_act:
        # Not inherited: what a login does, it does as a role that it has chosen
        connection.execute(text(f"grant {role} to current_user with inherit false, set true"))


def _make_schema(connection: Connection) -> None:
    connection.execute(text(f"create schema if not exists {SCHEMA} authorization {Role.OWNER}"))
    others = ", ".join(role for role in Role if role not in {Role.OWNER, Role.WORKER})
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


@contextmanager
def _telling_waits() -> Iterator[None]:
    try:
        yield
    except (DBAPIError, psycopg.Error) as error:
        if not isinstance(error.orig if isinstance(error, DBAPIError) else error, psycopg.errors.LockNotAvailable):
            raise
        raise DatabaseUnfitError(
            "a transaction of another session uses what is to be migrated, and everybody else would wait with the "
            "migration: look for the oldest xact_start in pg_stat_activity, end that session with "
            "pg_terminate_backend(pid), and run this again"
        ) from error


def _standing(connection: Connection) -> Standing:
    tables = connection.execute(_SQL["find_records"]).one()
    version = connection.execute(_SQL["table_version"]).scalar_one_or_none() if tables.versions else None
    if not tables.routines:
        return Standing(version)
    loaded = connection.execute(_SQL["loaded_routines"]).one_or_none()
    return Standing(version) if loaded is None else Standing(version, loaded.digest, loaded.program)


def _bring_to(connection: Connection, standing: Standing, release: Release) -> None:
    if standing.version is not None:
        connection.execute(_SQL["fence_leaders"])
    connection.execute(_SQL["bound_waiting"])
    cursor = connection.connection.cursor()
    # Before the tables: a column that a routine reads could not be changed.
    cursor.execute(release.dropping)
    config = release.config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    for script in release.scripts():
        cursor.execute(script)
    connection.execute(_SQL["record_routines"], {"digest": release.digest, "program": release.program})


def _require_server(connection: Connection) -> None:
    require_version(int(connection.execute(text("show server_version_num")).scalar_one()))


def _require_roles(connection: Connection) -> None:
    missing = connection.execute(_SQL["find_missing_roles"], {"roles": list(Role)}).scalars().all()
    if missing:
        raise DatabaseBehindError(
            f"the login may not act as {', '.join(missing)} yet: run this program's `twotier database init` first"
        )


def _require_schema(connection: Connection) -> None:
    if connection.execute(_SQL["find_schema"]).first() is None:
        raise DatabaseBehindError(
            "the database was not set up for TwoTier: run `twotier database init` and `twotier database migrate`"
        )
