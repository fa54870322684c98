"""What an administrator does to a database before any process may use it: roles, schema, check."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, NullPool, create_engine, text
from sqlalchemy.engine import make_url

from twotier.bss.database import MINIMUM_VERSION, SCHEMA, DatabaseUnfitError, Role


def initialise(url: str) -> None:
    """Make the roles and the schema, repeatably. The login needs CREATEROLE (or to be a superuser)."""
    with _administering(url) as connection:
        for role in Role:
            exists = connection.execute(text("select from pg_roles where rolname = :role"), {"role": role}).first()
            if exists is None:
                connection.execute(text(f"create role {role} nologin"))
            connection.execute(text(f"grant {role} to current_user"))
        connection.execute(text(f"create schema if not exists {SCHEMA} authorization {Role.OWNER}"))
        roles = ", ".join(role for role in Role if role is not Role.OWNER)
        connection.execute(text(f"grant usage on schema {SCHEMA} to {roles}"))
        connection.execute(text(f"grant create on schema {SCHEMA} to {Role.READER}"))


def migrate(url: str) -> None:
    """Bring the schema to the version of this program, as the owner role."""
    with _administering(url) as connection:
        connection.execute(text(f"set local role {Role.OWNER}"))
        connection.execute(text(f"set local search_path = {SCHEMA}"))
        command.upgrade(_alembic(connection), "head")
        readers = ", ".join((Role.OPERATOR, Role.WORKER, Role.API))
        connection.execute(text(f"grant select on alembic_version to {readers}"))


def check(connection: Connection) -> None:
    """Refuse a database that this program cannot work with.

    Raises:
        DatabaseUnfitError: too old a server, no schema, or a schema of another version.
    """
    _require_version(connection)
    wanted = ScriptDirectory.from_config(_alembic(connection)).get_current_head()
    context = MigrationContext.configure(connection, opts={"version_table_schema": SCHEMA})
    found = context.get_current_revision()
    if found != wanted:
        raise DatabaseUnfitError(
            f"the database has schema version {found or 'none'}, this program needs {wanted}: "
            "run `twotier database init` and `twotier database migrate`"
        )


@contextmanager
def _administering(url: str) -> Iterator[Connection]:
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"), poolclass=NullPool)
    with engine.begin() as connection:
        _require_version(connection)
        yield connection


def _alembic(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(resources.files(__package__) / "migrations"))
    config.attributes["connection"] = connection
    return config


def _require_version(connection: Connection) -> None:
    number = connection.execute(text("show server_version_num")).scalar_one()
    major = int(number) // 10000
    if major < MINIMUM_VERSION:
        raise DatabaseUnfitError(f"PostgreSQL {major} is too old: TwoTier needs PostgreSQL {MINIMUM_VERSION} or newer")
