"""What a benchmark prints."""

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured figure and what is asked of it.

    Budgets are ratios and counts where possible, because machines differ.
    """

    name: str
    value: float
    unit: str
    budget: float
    """The most that the value may be, or the least if the figure says so by `met`."""
    met: bool
    comparison: str
    """What it was compared with in the same run, and how the two came out."""


def ratio(name: str, measured: float, compared: float, *, budget: float, comparison: str) -> Figure:
    """Return the ratio of two durations, in seconds, that must not exceed its budget."""
    value = measured / compared
    return Figure(
        name=name,
        value=value,
        unit="times",
        budget=budget,
        met=value <= budget,
        comparison=f"{comparison} ({measured * 1000:.2f} ms against {compared * 1000:.2f} ms)",
    )


def alternating(
    first: Callable[[], object],
    second: Callable[[], object],
    *,
    rounds: int,
    summary: Callable[[list[float]], float] = min,
) -> tuple[float, float]:
    """Return the durations of two pieces of work, in seconds, run in turns so that both meet the same noise.

    Args:
        first: the work that is judged.
        second: what it is compared with.
        rounds: how often both are done.
        summary: of all rounds; the best, as noise only adds, or the median where rounds differ by nature.
    """
    durations: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for work, measured in zip((first, second), durations, strict=True):
            began = perf_counter()
            work()
            measured.append(perf_counter() - began)
    return summary(durations[0]), summary(durations[1])
