"""Roles, schema and the check at start."""

import pytest

from twotier.bss import administration
from twotier.bss.database import Database, DatabaseUnfitError, Role


def test_init_and_migrate_may_be_repeated(database_url: str) -> None:
    administration.initialise(database_url)
    administration.migrate(database_url)
    database = Database(database_url, Role.OPERATOR)
    with database.transaction() as connection:
        administration.check(connection)
    database.dispose()


def test_a_database_without_schema_is_refused_with_the_commands_that_make_it(postgres_url: str) -> None:
    database = Database(postgres_url, Role.OPERATOR)
    with database.transaction() as connection, pytest.raises(DatabaseUnfitError, match="twotier database migrate"):
        administration.check(connection)
    database.dispose()
