"""Connections to a fresh database, as the processes make them."""

from collections.abc import Iterator

import pytest

from twotier.bss.database import Database, Role


@pytest.fixture
def operator_database(database_url: str) -> Iterator[Database]:
    """The database as the operator sees it, without an epoch."""
    database = Database(database_url, Role.OPERATOR)
    yield database
    database.dispose()
