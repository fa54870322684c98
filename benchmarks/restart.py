"""A restart of the operator with 10,000 resources in sync."""

from collections.abc import Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.figure import Figure, ratio
from benchmarks.fleet import running_fleet

ROUNDS: Final = 5
BUDGET_RATIO: Final = 1.5
BUDGET_MEGABYTES: Final = 300


def measure() -> Sequence[Figure]:
    """Restart the operator beside a watch that does nothing, in turns."""
    with TemporaryDirectory() as folder, running_fleet(Path(folder)) as fleet:
        fleet.run("operator")  # writes every status for the first time
        written = len(fleet.writes())
        rounds = [(fleet.run("operator"), fleet.run("watch")) for _ in range(ROUNDS)]
        written_again = len(fleet.writes()) - written
    peak = max(restart.peak_bytes for restart, _ in rounds) / 1e6
    return [
        Figure(
            name="restart with 10,000 resources in sync: API writes, the Lease apart",
            value=written_again,
            unit="writes",
            budget=0,
            met=written_again == 0 and written > 0,
            comparison=f"the API server's audit log, which has {written:,} writes of the first start",
        ),
        ratio(
            "restart with 10,000 resources in sync: time until the last is reconciled",
            median(restart.seconds for restart, _ in rounds),
            median(watch.seconds for _, watch in rounds),
            budget=BUDGET_RATIO,
            comparison="Kopf with a handler that does nothing",
        ),
        Figure(
            name="restart with 10,000 resources in sync: most memory held",
            value=peak,
            unit="MB",
            budget=BUDGET_MEGABYTES,
            met=peak <= BUDGET_MEGABYTES,
            comparison=f"{max(watch.peak_bytes for _, watch in rounds) / 1e6:.0f} MB of Kopf with that handler",
        ),
    ]
