"""A bounded number of reconciles at once."""

import asyncio
from collections.abc import Awaitable, Callable

from twotier.runtime.queue import WorkQueue
from twotier.runtime.resource import Key


class Workers:
    """Tasks that take keys from the queue and work on them, once they may begin."""

    def __init__(self, queue: WorkQueue, work: Callable[[Key], Awaitable[None]], *, count: int) -> None:
        self._queue = queue
        self._work = work
        self._count = count
        self._begun = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._busy: set[asyncio.Task[None]] = set()
        self._stopping = False

    async def run(self) -> None:
        """Work until stopped; an exception in one ends all."""
        async with asyncio.TaskGroup() as group:
            self._tasks = {group.create_task(self._loop(), name=f"worker {number}") for number in range(self._count)}

    def begin(self) -> None:
        """Let the tasks take their first keys."""
        self._begun.set()

    async def stop(self, seconds: float) -> None:
        """Take nothing new, let work in progress finish within the given time, and cancel the rest."""
        self._stopping = True
        for idle in self._tasks - self._busy:
            idle.cancel()
        if self._busy:
            await asyncio.wait(set(self._busy), timeout=seconds)
        for late in self._tasks:
            late.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _loop(self) -> None:
        task = asyncio.current_task()
        assert task is not None, "a coroutine of asyncio runs in a task"  # noqa: S101 -- for the type checker
        await self._begun.wait()
        while not self._stopping:
            key = await self._queue.get()
            self._busy.add(task)
            try:
                await self._work(key)
            finally:
                self._busy.discard(task)
