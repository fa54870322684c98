"""How many unknown tokens are checked: so many a second in all, and few from where refused ones come from."""

import math
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from twotier.web.shared.problems import too_many

ADDRESSES: Final = 4096


@dataclass(slots=True)
class Bucket:
    """Permits: some to begin with, and more as time goes by.

    Attributes:
        most: how many it holds.
        per_second: how many it gains.
        level: how many there were at a time.
        at: that time.
    """

    most: int
    per_second: float
    level: float
    at: datetime

    def seconds_until_one(self, now: datetime) -> float:
        """Return how long it has none; 0 if it has one now."""
        self._fill(now)
        return max(0.0, 1 - self.level) / self.per_second

    def take(self, now: datetime) -> None:
        """Take one, if there is any."""
        self._fill(now)
        self.level = max(0.0, self.level - 1)

    def _fill(self, now: datetime) -> None:
        passed = max(0.0, (now - self.at).total_seconds())
        self.level, self.at = min(self.most, self.level + passed * self.per_second), now


class Attempts:
    """Limits the checks of unknown tokens.

    All requests through the API server's proxy come from its address, unless it is a trusted proxy. An address
    therefore pays only for tokens that were refused, and is never locked out for longer than until its next permit.

    Args:
        now: the time, aware.
    """

    def __init__(self, now: datetime) -> None:
        self._in_all = Bucket(most=100, per_second=20, level=100, at=now)
        self._by_address: OrderedDict[str, Bucket] = OrderedDict()

    def require(self, address: str, now: datetime) -> None:
        """Take a permit for the check of an unknown token.

        Raises:
            ProblemError: there is none.
        """
        known = self._by_address.get(address)
        if known is not None and (wait := known.seconds_until_one(now)):
            raise too_many("Too many tokens from your address were refused", math.ceil(wait))
        if wait := self._in_all.seconds_until_one(now):
            raise too_many("Too many new tokens are being checked at once", math.ceil(wait))
        self._in_all.take(now)

    def refused(self, address: str, now: datetime) -> None:
        """Have an address pay for a token that was refused."""
        bucket = self._by_address.setdefault(address, Bucket(most=20, per_second=1, level=20, at=now))
        bucket.take(now)
        self._by_address.move_to_end(address)
        if len(self._by_address) > ADDRESSES:
            self._by_address.popitem(last=False)
