"""Which runs a catalogue can go back to, and what is declared for it."""

import pytest
from tests.unit.cli.showing import RUNS, run

from twotier.cli.verbs.undo import no_way_back
from twotier.web.api.models import Run

RESTORE, _, UNDONE, COUNTS, FIRST = RUNS


@pytest.mark.parametrize(
    ("number", "found", "fault"),
    [
        pytest.param(99, None, "meltemi has no run 99", id="there is none of that number"),
        pytest.param(4, RESTORE, "run 4 of meltemi is itself a return to run 2", id="it was an undo itself"),
        pytest.param(3, UNDONE, "run 3 of meltemi was undone by run 4", id="it was undone"),
        pytest.param(
            5,
            run("5", in_force=True),
            "run 5 of meltemi is the one in force: there is nothing to put back",
            id="it is the one in force",
        ),
    ],
)
def test_there_is_no_way_back_to_a_run_where(number: int, found: Run | None, fault: str) -> None:
    assert no_way_back("meltemi", number, found) == fault


@pytest.mark.parametrize("found", [COUNTS, FIRST], ids=["the one before", "the first"])
def test_there_is_a_way_back_to_an_update_that_counts(found: Run) -> None:
    assert no_way_back("meltemi", int(found.position), found) is None
