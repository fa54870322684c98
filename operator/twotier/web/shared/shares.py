"""Shares of what is scarce: nobody holds all of it, so that there is always something left for others."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from twotier.web.shared.problems import too_many


class Shares:
    """Something scarce, such as open requests or bytes in memory: so much in all, and half of it for a caller.

    Args:
        in_all: how much there is.
        told: what is too much if there is none left, as the beginning of a sentence.
    """

    def __init__(self, in_all: int, told: str) -> None:
        self._free = in_all
        self._each = half(in_all)
        self._told = told
        self._held: Counter[str] = Counter()
        self._lock = Lock()

    def take(self, who: str, amount: int = 1) -> None:
        """Hold some of it until it is given back.

        Raises:
            ProblemError: there is not so much left, for this caller or for anybody.
        """
        with self._lock:
            if self._held[who] + amount > self._each:
                raise too_many(f"{self._told} with your token")
            if amount > self._free:
                raise too_many(self._told)
            self._free -= amount
            self._held[who] += amount

    def give_back(self, who: str, amount: int = 1) -> None:
        """Let others have it again."""
        with self._lock:
            self._free += amount
            self._held[who] -= amount
            if not self._held[who]:
                del self._held[who]

    @contextmanager
    def held(self, who: str, amount: int = 1) -> Iterator[None]:
        """Hold some of it inside the block; see `take`."""
        self.take(who, amount)
        try:
            yield
        finally:
            self.give_back(who, amount)


def half(in_all: int) -> int:
    """Return what a single caller may have of so much."""
    return max(1, in_all // 2)
