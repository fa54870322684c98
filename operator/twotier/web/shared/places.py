"""Places to work: so much is done at once; others wait, and callers take turns, however much each of them requests."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from twotier.runtime.turns import Turns
from twotier.web.shared.problems import too_many
from twotier.web.shared.shares import half


@dataclass(frozen=True, slots=True, eq=False)
class _Waiter:
    """A request that waits, and what tells it that it has a place."""

    who: str
    called: "asyncio.Future[None]"


class Places:
    """Lets so many work at once, and half as many of a single caller.

    Args:
        at_once: how many work.
        patience: how long others wait at most.
        told: what is too much after that, as the beginning of a sentence.
    """

    def __init__(self, at_once: int, patience: timedelta, told: str) -> None:
        self._free = at_once
        self._each = half(at_once)
        self._patience = patience.total_seconds()
        self._told = told
        self._working: Counter[str] = Counter()
        self._waiting: Turns[_Waiter] = Turns()

    @asynccontextmanager
    async def place(self, who: str) -> AsyncIterator[None]:
        """Wait for a place, and have it inside the block.

        Raises:
            ProblemError: others have worked all the time.
        """
        await self._wait(who)
        try:
            yield
        finally:
            self._end(who)

    async def _wait(self, who: str) -> None:
        if self._may_work(who):
            self._begin(who)
            return
        waiter = _Waiter(who, asyncio.get_running_loop().create_future())
        self._waiting.add(who, waiter)
        try:
            async with asyncio.timeout(self._patience):
                await waiter.called
        except BaseException as error:
            if waiter.called.done() and not waiter.called.cancelled():
                self._end(who)  # it was called at this very moment
            else:
                self._waiting.discard(who, waiter)
            if isinstance(error, TimeoutError):
                raise too_many(self._told) from error
            raise

    def _may_work(self, who: str) -> bool:
        return self._free > 0 and self._working[who] < self._each

    def _begin(self, who: str) -> None:
        self._free -= 1
        self._working[who] += 1

    def _end(self, who: str) -> None:
        self._free += 1
        self._working[who] -= 1
        if not self._working[who]:
            del self._working[who]
        while (waiter := self._waiting.take(lambda each: self._may_work(each.who))) is not None:
            if not waiter.called.done():
                self._begin(waiter.who)
                waiter.called.set_result(None)
