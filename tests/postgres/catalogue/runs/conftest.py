"""An office that is open."""

import pytest
from tests.postgres.catalogue.runs.office import Office
from tests.postgres.catalogue.sequences import listed

from twotier.bss.database import Database


@pytest.fixture
def office(operator_database: Database) -> Office:
    """Both lists have one revision, with an offer "a" of 1 and an offer "b" of 3."""
    made = Office()
    with operator_database.transaction() as connection:
        made.open(connection, listed(a=(1, 2), b=(3, 4)))
    return made
