"""Which resource is reconciled next: every key at most once, when due, the urgent first, the namespaces in turn."""

import asyncio
import heapq
import math
from collections import Counter
from collections.abc import Callable, Iterable
from enum import IntEnum
from typing import Final

from twotier.runtime.backoff import Backoff
from twotier.runtime.resource import Key
from twotier.runtime.turns import Turns


class Priority(IntEnum):
    """Why a key is due; lower values go first.

    Attributes:
        EDIT: a person changed the resource.
        FAN_OUT: something that it refers to changed, or its time has come.
        SWEEP: everything is reconciled.
    """

    EDIT = 0
    FAN_OUT = 1
    SWEEP = 2


FIRST: Final = (
    *(Priority.EDIT, Priority.EDIT, Priority.EDIT, Priority.FAN_OUT),
    *(Priority.EDIT, Priority.EDIT, Priority.EDIT, Priority.SWEEP),
)
"""Which priority goes first in one take after another: whatever waits has its share, however many edits there are."""


class Schedule:
    """The queue without its clock: times are numbers that callers pass in.

    A key is in one of four states: unknown, delayed (due later), ready, or running; a running key may be dirty,
    which makes it ready again when it finishes. It is therefore never reconciled twice at once, and no change that
    arrives in the meantime is lost.

    Keys of the same priority are taken from their namespaces in turn. Unless it is alone, no namespace has more
    workers than are left free, so that long work of one leaves workers for others.

    Args:
        workers: how many keys run at once, at most.
    """

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._ready: dict[Key, tuple[Priority, float]] = {}
        self._lines: dict[Priority, Turns[Key]] = {priority: Turns() for priority in Priority}
        self._delayed: dict[Key, float] = {}
        self._heap: list[tuple[float, Key]] = []
        self._running: set[Key] = set()
        self._running_of: Counter[str] = Counter()
        self._dirty: dict[Key, tuple[Priority, float]] = {}
        self._taken = 0
        # Two of the namespaces so far are enough to know that none is alone.
        self._known: set[str] = set()

    @property
    def depth(self) -> int:
        """Keys that are due and not being reconciled."""
        return len(self._ready)

    @property
    def running(self) -> frozenset[Key]:
        """Keys that are being reconciled."""
        return frozenset(self._running)

    def oldest(self, now: float) -> float:
        """Seconds that the oldest ready key has been due; 0 if there is none."""
        return max((now - since for _, since in self._ready.values()), default=0.0)

    def add(self, key: Key, priority: Priority, now: float) -> None:
        """Make a key due now, even if it was due later, and raise its urgency."""
        if key in self._running:
            _keep_most_urgent(self._dirty, key, priority, now)
            return
        if self._alone:
            self._known.add(key.namespace)
        self._delayed.pop(key, None)
        before = self._ready.get(key)
        if _keep_most_urgent(self._ready, key, priority, now):
            if before is not None:
                self._lines[before[0]].discard(key.namespace, key)
            self._lines[priority].add(key.namespace, key)

    def take(self, now: float) -> Key | None:
        """Begin the due key whose turn it is, or return None if none may begin."""
        self._promote(now)
        for priority in (FIRST[self._taken % len(FIRST)], *Priority):
            key = self._lines[priority].take(self._may_begin)
            if key is not None:
                self._taken += 1
                del self._ready[key]
                self._running.add(key)
                self._running_of[key.namespace] += 1
                return key
        return None

    def finish(self, key: Key, now: float, *, again_at: float | None) -> None:
        """End a key that was taken; it returns if it became dirty, else at a time, else when added."""
        self._running.remove(key)
        self._running_of[key.namespace] -= 1
        if key in self._dirty:
            dirty_priority, _ = self._dirty.pop(key)
            self.add(key, dirty_priority, now)
        elif again_at is not None:
            self._delayed[key] = again_at
            heapq.heappush(self._heap, (again_at, key))

    def forget(self, key: Key) -> None:
        """Drop a key that is not running; a running one is not taken again."""
        if key in self._ready:
            priority, _ = self._ready.pop(key)
            self._lines[priority].discard(key.namespace, key)
        self._delayed.pop(key, None)
        self._dirty.pop(key, None)

    def next_due(self) -> float | None:
        """When the first of the delayed keys is due."""
        self._drop_outdated()
        return self._heap[0][0] if self._heap else None

    @property
    def _alone(self) -> bool:
        return len(self._known) <= 1

    def _may_begin(self, key: Key) -> bool:
        return self._alone or self._running_of[key.namespace] < self._workers - len(self._running)

    def _promote(self, now: float) -> None:
        while (due := self.next_due()) is not None and due <= now:
            _, key = heapq.heappop(self._heap)
            del self._delayed[key]
            self.add(key, Priority.FAN_OUT, due)

    def _drop_outdated(self) -> None:
        """Skip entries whose key has been added, rescheduled or forgotten since."""
        while self._heap:
            due, key = self._heap[0]
            if self._delayed.get(key) == due:
                return
            heapq.heappop(self._heap)


def _keep_most_urgent(held: dict[Key, tuple[Priority, float]], key: Key, priority: Priority, now: float) -> bool:
    """Keep a key with its highest urgency and earliest time; return whether it was new or became more urgent."""
    known = held.get(key)
    if known is not None and known[0] <= priority:
        return False
    held[key] = priority, known[1] if known is not None else now
    return True


class WorkQueue:
    """The schedule with a clock, a growing pause after failures, and workers that wait.

    Args:
        clock: seconds, monotonic.
        backoff: the pauses between attempts that failed.
        workers: how many wait for keys.
    """

    def __init__(self, clock: Callable[[], float], backoff: Backoff, workers: int) -> None:
        self._clock = clock
        self._backoff = backoff
        self._schedule = Schedule(workers)
        self._failures: dict[Key, int] = {}
        self._changed = asyncio.Event()

    @property
    def depth(self) -> int:
        """Keys that are due and not being reconciled."""
        return self._schedule.depth

    @property
    def busy(self) -> int:
        """Keys that are being reconciled."""
        return len(self._schedule.running)

    def oldest_seconds(self) -> float:
        """How long the oldest ready key has been due."""
        return self._schedule.oldest(self._clock())

    def add(self, keys: Iterable[Key], priority: Priority) -> None:
        """Make keys due now. A person's edit also ends the backoff from earlier failures."""
        now = self._clock()
        for key in keys:
            if priority is Priority.EDIT:
                self._failures.pop(key, None)
            self._schedule.add(key, priority, now)
        self._changed.set()

    async def get(self) -> Key:
        """Wait for the next key and begin it; end it with `finish`, `retry` or `leave`."""
        while (key := self._schedule.take(self._clock())) is None:
            self._changed.clear()
            await self._pause()
        return key

    def finish(self, key: Key, *, again_in: float | None = None) -> None:
        """End a key that succeeded, or that only a person or another resource can advance.

        Args:
            again_in: seconds; None if the passing of time changes nothing.
        """
        self._failures.pop(key, None)
        self._end(key, again_in)

    def retry(self, key: Key, *, again_in: float | None = None) -> None:
        """End a key that must be retried, after the given seconds or else after the backoff."""
        failures = self._failures.get(key, 0)
        self._failures[key] = failures + 1
        self._end(key, again_in if again_in is not None else self._backoff.seconds(failures))

    def leave(self, key: Key) -> None:
        """End a key that is added again by whoever goes on with its work; its earlier failures still count."""
        self._end(key, None)

    def forget(self, key: Key) -> None:
        """Drop a key whose resource has vanished."""
        self._failures.pop(key, None)
        self._schedule.forget(key)

    def _end(self, key: Key, again_in: float | None) -> None:
        now = self._clock()
        self._schedule.finish(key, now, again_at=None if again_in is None else now + again_in)
        self._changed.set()

    def due_in(self) -> float:
        """Return in how many seconds the first delayed key is due; infinity if none is delayed."""
        due = self._schedule.next_due()
        return math.inf if due is None else max(0.0, due - self._clock())

    async def _pause(self) -> None:
        """Wait until something is added or the next delayed key is due."""
        seconds = self.due_in()
        try:
            async with asyncio.timeout(None if math.isinf(seconds) else seconds):
                await self._changed.wait()
        except TimeoutError:
            return
