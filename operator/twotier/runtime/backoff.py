"""How long to wait after a failure: twice as long each time, up to a limit, with jitter."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Backoff:
    """Growing pauses in seconds.

    Attributes:
        random: a number from 0 to 1, which spreads the pause between half and all of its length.
    """

    random: Callable[[], float]
    first: float = 1.0
    longest: float = 300.0

    def seconds(self, failures: int) -> float:
        """Return the pause after the given number of earlier failures."""
        # 2.0 ** 1024 overflows; every pause reaches its limit within 64 doublings.
        whole = min(self.longest, self.first * 2.0 ** min(failures, 64))
        return whole * (0.5 + 0.5 * self.random())
