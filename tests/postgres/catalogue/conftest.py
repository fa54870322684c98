"""A database whose login may become every role, so that one transaction sees both sides."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from twotier.bss.database import Database, Role


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    database = Database(database_url, Role.OPERATOR)
    yield database.engine
    database.dispose()
