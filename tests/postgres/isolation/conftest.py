"""One database for each file of tests, which leave nothing behind in it."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, text
from tests.postgres.isolation.filling import fill

from twotier.bss.database import Database, Role


@pytest.fixture(scope="module")
def shared_database(shared_database_url: str) -> Iterator[Database]:
    """An empty database of the current schema, whose login may act as every role."""
    database = Database(shared_database_url, Role.OPERATOR, pool_size=1)
    yield database
    database.dispose()


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
