"""Run chaos for some minutes: `python -m tests.chaos --minutes 10 --seed 1`; 1 if there are violations."""

import argparse
import sys
import time
from datetime import UTC, datetime

from tests.chaos.faults import FAULTS
from tests.chaos.report import Tally
from tests.chaos.rounds import Round, Size
from tests.chaos.world import Log, running_world

from twotier.dev.output import Output
from twotier.words import counted


def main() -> int:
    """Play rounds until the time is up, and print what came of it."""
    options = _options()
    with running_world(Output(sys.stderr)) as world:
        tally, log = Tally(), Log(world.operators)
        tally.skipped = tuple(fault.name for fault in FAULTS if not fault.can_be_had(world))
        began, number = time.monotonic(), 0
        while number == 0 or time.monotonic() - began < options.minutes * 60:
            number += 1
            _say(f"{datetime.now(UTC):%H:%M:%S} round {number}")
            Round(world, log, tally, seed=f"{options.seed}-{number}", size=Size(), say=_say).play()
        minutes = (time.monotonic() - began) / 60
    print(tally.told(f"chaos with seed {options.seed}: {counted(number, 'round')} in {minutes:.0f} minutes"))
    return 1 if tally.violations else 0


def _say(line: str) -> None:
    print(line, flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description="Random edits under random faults.")
    parser.add_argument(
        "--minutes", type=float, default=10.0, help="how long; the round under way is played to its end"
    )
    parser.add_argument("--seed", type=int, default=1, help="of what is edited and what strikes, and in which order")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
