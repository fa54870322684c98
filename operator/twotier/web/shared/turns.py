"""Turns: so much is done at once; others wait, and callers take turns, however much each of them requests."""

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from twotier.web.shared.problems import too_many
from twotier.web.shared.shares import half


class Turns:
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
        # The caller whose turn was longest ago is the first.
        self._waiting: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()

    @asynccontextmanager
    async def turn(self, who: str) -> AsyncIterator[None]:
        """Wait for a turn, and have it inside the block.

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
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(who, deque()).append(waiter)
        try:
            async with asyncio.timeout(self._patience):
                await waiter
        except BaseException as error:
            if waiter.done() and not waiter.cancelled():
                self._end(who)  # its turn had come at this very moment
            else:
                self._leave(who, waiter)
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
        for caller in tuple(self._waiting):
            if self._may_work(caller):
                self._call(caller)

    def _call(self, who: str) -> None:
        waiter = self._waiting[who].popleft()
        if self._waiting[who]:
            self._waiting.move_to_end(who)
        else:
            del self._waiting[who]
        if not waiter.done():
            self._begin(who)
            waiter.set_result(None)

    def _leave(self, who: str, waiter: "asyncio.Future[None]") -> None:
        queue = self._waiting.get(who)
        if queue is not None and waiter in queue:
            queue.remove(waiter)
            if not queue:
                del self._waiting[who]
