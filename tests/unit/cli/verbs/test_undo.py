"""Which runs an undo can restore."""

import pytest
from tests.unit.cli.showing import RUNS, run

from twotier.cli.failure import CommandError
from twotier.cli.verbs.undo import require_restorable
from twotier.web.api.models import Run

UNDO, _, _, COUNTS, FIRST = RUNS
LOG = "kubectl twotier log meltemi shows the runs that can be restored"


@pytest.mark.parametrize(
    ("number", "found", "because"),
    [
        pytest.param(99, None, "there is no run 99", id="there is none of that number"),
        pytest.param(
            4,
            UNDO.model_copy(update={"undo_obstacle": "run 4 is itself an undo to run 2"}),
            "run 4 is itself an undo to run 2",
            id="the server says why not",
        ),
    ],
)
def test_a_run_cannot_be_restored_where(number: int, found: Run | None, because: str) -> None:
    with pytest.raises(CommandError) as refused:
        require_restorable("meltemi", number, found)
    assert str(refused.value) == (
        f"the catalogue of meltemi cannot be restored to run {number}, because {because}: {LOG}"
    )


@pytest.mark.parametrize("found", [COUNTS, FIRST, run("1")], ids=["the one before", "the first", "any other"])
def test_a_run_can_be_restored_of_which_the_server_says_nothing_else(found: Run) -> None:
    require_restorable("meltemi", int(found.position), found)
