"""One database for each file of tests, which leave nothing behind in it."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, NullPool, create_engine, make_url, text
from tests.postgres.isolation.filling import fill

from twotier.bss.database import Database, Role

NAME = "isolation"


@pytest.fixture(scope="module")
def shared_database(postgres_url: str, template_database: str) -> Iterator[Database]:
    """An empty database of the current schema, whose login may act as every role."""
    server = make_url(postgres_url)
    engine = create_engine(
        server.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT", poolclass=NullPool
    )
    with engine.connect() as connection:
        connection.execute(text(f"create database {NAME} template {template_database}"))
        database = Database(server.set(database=NAME).render_as_string(hide_password=False), Role.OPERATOR, pool_size=1)
        yield database
        database.dispose()
        connection.execute(text(f"drop database {NAME} with (force)"))


@pytest.fixture(scope="module")
def filled_database(shared_database: Database) -> Database:
    """The same with a row of each organization in every table, and every right granted to tenants and the reader."""
    with shared_database.transaction() as connection:
        connection.execute(text("set local role none"))
        fill(connection)
    return shared_database


@pytest.fixture
def owner(shared_database: Database) -> Iterator[Connection]:
    """A transaction of the owner's that comes to nothing."""
    with shared_database.transaction() as connection:
        connection.execute(text(f"set local role {Role.OWNER}"))
        yield connection
        connection.rollback()
