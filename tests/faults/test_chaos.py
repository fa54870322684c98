"""Chains of edits under faults end as a fresh declaration would: a part of `make chaos`, with a fixed seed."""

from pathlib import Path

from tests.chaos.report import Tally
from tests.chaos.rounds import Round, Size
from tests.chaos.world import Log, running_world

from twotier.dev.output import Output

SEED = "9"
SIZE = Size(chains=2, edits=60)


def test_whatever_strikes_two_chains_of_edits_they_end_as_in_peace(tmp_path: Path) -> None:
    with (tmp_path / "output").open("w") as output, running_world(Output(output)) as world:
        tally = Tally()
        Round(world, Log(world.operators), tally, seed=SEED, size=SIZE, say=print).play()
    assert not tally.violations, tally.told("a round")
