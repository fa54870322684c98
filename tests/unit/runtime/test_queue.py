"""The queue: each key once, at its time, the most urgent first, and no change lost."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from twotier.runtime.backoff import Backoff
from twotier.runtime.queue import Priority, Schedule, WorkQueue
from twotier.runtime.resource import Key

A, B, C = (Key("Toy", "north", name) for name in "abc")


def take_all(schedule: Schedule, now: float) -> list[Key]:
    taken = []
    while (key := schedule.take(now)) is not None:
        taken.append(key)
    return taken


def added(*entries: tuple[Key, Priority]) -> Schedule:
    schedule = Schedule()
    for now, (key, priority) in enumerate(entries):
        schedule.add(key, priority, float(now))
    return schedule


@pytest.mark.parametrize(
    ("entries", "order"),
    [
        pytest.param([(A, Priority.EDIT), (B, Priority.EDIT)], [A, B], id="first come, first served"),
        pytest.param([(A, Priority.EDIT), (A, Priority.EDIT)], [A], id="a key that is added twice is taken once"),
        pytest.param(
            [(A, Priority.SWEEP), (B, Priority.FAN_OUT), (C, Priority.EDIT)],
            [C, B, A],
            id="edits go before fan-out before sweeps",
        ),
        pytest.param(
            [(A, Priority.SWEEP), (B, Priority.FAN_OUT), (A, Priority.EDIT)],
            [A, B],
            id="a key that becomes more urgent moves forward",
        ),
        pytest.param(
            [(A, Priority.EDIT), (B, Priority.FAN_OUT), (A, Priority.SWEEP)],
            [A, B],
            id="a key that is added as less urgent stays where it is",
        ),
    ],
)
def test_order(entries: list[tuple[Key, Priority]], order: list[Key]) -> None:
    assert take_all(added(*entries), now=10.0) == order


def test_a_key_that_changes_while_it_runs_comes_again_once() -> None:
    schedule = added((A, Priority.EDIT))
    schedule.take(0.0)
    for moment in (1.0, 2.0):
        schedule.add(A, Priority.FAN_OUT, moment)

    assert schedule.take(3.0) is None, "it is running"
    schedule.finish(A, 4.0, again_at=100.0)
    assert take_all(schedule, 4.0) == [A]
    schedule.finish(A, 5.0, again_at=None)
    assert take_all(schedule, 1000.0) == []


def test_a_key_comes_again_at_its_time_and_not_before() -> None:
    schedule = added((A, Priority.EDIT))
    schedule.take(0.0)
    schedule.finish(A, 1.0, again_at=10.0)

    assert schedule.next_due() == 10.0
    assert schedule.take(9.9) is None
    assert schedule.take(10.0) == A


def test_a_change_brings_a_delayed_key_on_and_drops_its_time() -> None:
    schedule = added((A, Priority.EDIT))
    schedule.take(0.0)
    schedule.finish(A, 1.0, again_at=10.0)
    schedule.add(A, Priority.EDIT, 2.0)

    assert schedule.take(2.0) == A
    schedule.finish(A, 3.0, again_at=None)
    assert schedule.next_due() is None
    assert schedule.take(10.0) is None


def test_a_forgotten_key_does_not_come_again() -> None:
    schedule = added((A, Priority.EDIT), (B, Priority.EDIT))
    schedule.take(0.0)
    schedule.add(A, Priority.EDIT, 1.0)
    schedule.forget(A)
    schedule.forget(B)
    schedule.finish(A, 2.0, again_at=None)

    assert take_all(schedule, 1000.0) == []


def test_the_oldest_key_is_as_old_as_its_first_addition() -> None:
    schedule = added((A, Priority.SWEEP), (A, Priority.EDIT), (B, Priority.EDIT))

    assert schedule.depth == 2
    assert schedule.oldest(10.0) == 10.0
    take_all(schedule, 10.0)
    assert schedule.oldest(10.0) == 0.0


class Clock:
    """Time that passes when told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def on_queue(scenario: Callable[[WorkQueue, Clock], Awaitable[None]]) -> None:
    async def play() -> None:
        clock = Clock()
        await scenario(WorkQueue(clock, Backoff(lambda: 1.0, first=1.0, longest=100.0)), clock)

    asyncio.run(play())


async def pauses(queue: WorkQueue, clock: Clock, failures: int) -> list[float]:
    """Fail a key so many times, and return the pauses that it took."""
    waited = []
    for _ in range(failures):
        queue.retry(await queue.get())
        before = clock.now
        while queue.due_in() > 0:
            clock.now += queue.due_in()
        waited.append(clock.now - before)
    return waited


def test_a_key_that_fails_pauses_longer_each_time() -> None:
    async def scenario(queue: WorkQueue, clock: Clock) -> None:
        queue.add([A], Priority.SWEEP)
        assert await pauses(queue, clock, 4) == [1.0, 2.0, 4.0, 8.0]

    on_queue(scenario)


def test_success_ends_the_long_pauses() -> None:
    async def scenario(queue: WorkQueue, clock: Clock) -> None:
        queue.add([A], Priority.SWEEP)
        await pauses(queue, clock, 3)
        queue.finish(await queue.get())
        queue.add([A], Priority.SWEEP)
        assert await pauses(queue, clock, 1) == [1.0]

    on_queue(scenario)


@pytest.mark.parametrize(
    ("priority", "next_pause"),
    [
        pytest.param(Priority.EDIT, 1.0, id="a person's edit ends the long pauses"),
        pytest.param(Priority.FAN_OUT, 8.0, id="a change elsewhere does not"),
        pytest.param(Priority.SWEEP, 8.0, id="nor does a sweep"),
    ],
)
def test_pauses_after(priority: Priority, next_pause: float) -> None:
    async def scenario(queue: WorkQueue, clock: Clock) -> None:
        queue.add([A], Priority.SWEEP)
        await pauses(queue, clock, 3)
        queue.add([A], priority)
        assert await pauses(queue, clock, 1) == [next_pause]

    on_queue(scenario)


def test_a_given_pause_goes_before_the_growing_one() -> None:
    async def scenario(queue: WorkQueue, _: Clock) -> None:
        queue.add([A], Priority.SWEEP)
        queue.retry(await queue.get(), again_in=7.0)
        assert queue.due_in() == 7.0

    on_queue(scenario)


def test_workers_that_wait_are_woken_one_for_each_key() -> None:
    async def scenario(queue: WorkQueue, _: Clock) -> None:
        waiting = [asyncio.create_task(queue.get()) for _ in range(2)]
        await asyncio.sleep(0)
        assert not any(task.done() for task in waiting)
        queue.add([A, B], Priority.EDIT)
        assert sorted(await asyncio.gather(*waiting)) == [A, B]
        assert queue.busy == 2

    on_queue(scenario)


class QueueAgainstModel(RuleBasedStateMachine):
    """Any order of additions, work and time, against a model that keeps every fact in the plainest form."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.schedule = Schedule()
        self.due: dict[Key, Priority] = {}
        self.later: dict[Key, float] = {}
        self.running: set[Key] = set()
        self.dirty: dict[Key, Priority] = {}

    @rule(key=st.sampled_from([A, B, C]), priority=st.sampled_from(Priority))
    def add(self, key: Key, priority: Priority) -> None:
        self.schedule.add(key, priority, self.now)
        held = self.dirty if key in self.running else self.due
        held[key] = min(priority, held.get(key, priority))
        if key not in self.running:
            self.later.pop(key, None)

    @rule()
    def take(self) -> None:
        self._ripen()
        taken = self.schedule.take(self.now)
        if taken is None:
            assert not self.due
            return
        assert taken not in self.running, "two reconciles of one key at once"
        priority = self.due.pop(taken)
        assert all(priority <= other for other in self.due.values()), "something more urgent was due"
        self.running.add(taken)

    @precondition(lambda self: self.running)
    @rule(data=st.data(), pause=st.none() | st.integers(0, 5))
    def finish(self, data: st.DataObject, pause: int | None) -> None:
        key = data.draw(st.sampled_from(sorted(self.running)))
        again_at = None if pause is None else self.now + pause
        self.schedule.finish(key, self.now, again_at=again_at)
        self.running.remove(key)
        if key in self.dirty:
            self.due[key] = self.dirty.pop(key)
        elif again_at is not None:
            self.later[key] = again_at

    @rule(key=st.sampled_from([A, B, C]))
    def forget(self, key: Key) -> None:
        self.schedule.forget(key)
        for held in (self.due, self.later, self.dirty):
            held.pop(key, None)

    @rule(seconds=st.integers(1, 4))
    def pass_time(self, seconds: int) -> None:
        self.now += seconds

    @invariant()
    def agrees(self) -> None:
        assert self.schedule.running == self.running
        assert self.schedule.next_due() == min(self.later.values(), default=None)

    def _ripen(self) -> None:
        for key, moment in list(self.later.items()):
            if moment <= self.now:
                del self.later[key]
                self.due[key] = Priority.FAN_OUT


QueueAgainstModel.TestCase.settings = settings(max_examples=200, stateful_step_count=40)
TestQueueAgainstModel = QueueAgainstModel.TestCase
