"""The law: whatever happens, the catalogue is what a plain model that copies everything into the tenant computes."""

import os

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import Engine
from tests.postgres.catalogue.sequences import FOUND, Sequence, sequences
from tests.postgres.catalogue.world import play

EXAMPLES = int(os.environ.get("TWOTIER_LAW_EXAMPLES", "150"))
"""More find rarer mistakes: the easy ones show up in one of hundreds."""


@pytest.mark.parametrize("sequence", FOUND.values(), ids=FOUND)
def test_the_catalogue_is_a_plain_copy_when(sequence: Sequence, engine: Engine) -> None:
    with engine.begin() as connection:
        play(connection, sequence)


@settings(
    max_examples=EXAMPLES,
    # Every example makes a distributor, lists and a tenant of its own in the one database
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(sequence=sequences)
def test_the_catalogue_is_a_plain_copy_after_any_sequence(sequence: Sequence, engine: Engine) -> None:
    with engine.begin() as connection:
        play(connection, sequence)
