"""The queue: each key once, at its time, the urgent first, the namespaces in turn, and no change lost."""

import asyncio
import math
from collections import Counter
from collections.abc import Awaitable, Callable

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from twotier.runtime.backoff import Backoff
from twotier.runtime.queue import FIRST, Priority, Schedule, WorkQueue
from twotier.runtime.resource import Key

A, B, C = (Key("Toy", "north", name) for name in "abc")
D, E = (Key("Toy", "south", name) for name in "de")
MANY = 100


def take_all(schedule: Schedule, now: float) -> list[Key]:
    taken = []
    while (key := schedule.take(now)) is not None:
        taken.append(key)
    return taken


def added(*entries: tuple[Key, Priority], workers: int = MANY) -> Schedule:
    schedule = Schedule(workers)
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
        pytest.param(
            [(A, Priority.EDIT), (B, Priority.EDIT), (C, Priority.EDIT), (D, Priority.EDIT), (E, Priority.EDIT)],
            [A, D, B, E, C],
            id="namespaces take turns",
        ),
        pytest.param(
            [(D, Priority.SWEEP), (A, Priority.EDIT), (B, Priority.EDIT)],
            [A, B, D],
            id="an edit goes before another namespace's sweep",
        ),
        pytest.param(
            [(A, Priority.SWEEP), (D, Priority.SWEEP), (B, Priority.SWEEP), (A, Priority.EDIT)],
            [A, B, D],
            id="a key that became more urgent leaves its old place to its namespace",
        ),
    ],
)
def test_order(entries: list[tuple[Key, Priority]], order: list[Key]) -> None:
    assert take_all(added(*entries), now=10.0) == order


def ready(namespace: str, count: int, priority: Priority = Priority.EDIT) -> list[tuple[Key, Priority]]:
    return [(Key("Toy", namespace, str(number)), priority) for number in range(count)]


@pytest.mark.parametrize(
    ("workers", "taken"),
    [
        pytest.param(1, ["north"], id="a single worker works"),
        pytest.param(2, ["north", "south"], id="one of two is left"),
        pytest.param(16, ["north"] * 8 + ["south"] * 4 + ["west"] * 2 + ["east"], id="half of what is left, and so on"),
    ],
)
def test_a_namespace_leaves_workers_to_others(workers: int, taken: list[str]) -> None:
    schedule = added(*ready("north", 20), (Key("Toy", "south", "at rest"), Priority.EDIT), workers=workers)
    schedule.forget(Key("Toy", "south", "at rest"))

    found = [key.namespace for key in take_all(schedule, 0.0)]
    for namespace in ("south", "west", "east"):
        for key, priority in ready(namespace, 20):
            schedule.add(key, priority, 1.0)
        found += [key.namespace for key in take_all(schedule, 1.0)][: workers - len(found)]
    assert found[: len(taken)] == taken


def test_a_namespace_that_is_alone_has_all_workers() -> None:
    assert len(take_all(added(*ready("north", 20), workers=16), 0.0)) == 20


@pytest.mark.parametrize("priority", Priority)
@pytest.mark.parametrize("workers", [1, 2, 16])
def test_whatever_others_flood_the_queue_with_a_key_s_turn_comes(priority: Priority, workers: int) -> None:
    schedule = added(*ready("north", 1000), *ready("south", 1000), workers=workers)
    running = [key for _ in range(workers) if (key := schedule.take(0.0)) is not None]
    schedule.add(Key("Toy", "east", "mine"), priority, 0.0)

    for taken in range(1000):
        done = running.pop(0)
        schedule.add(done, Priority.EDIT, 0.0)
        schedule.finish(done, 0.0, again_at=None)
        key = schedule.take(0.0)
        assert key is not None
        running.append(key)
        if key.namespace == "east":
            assert taken < 3 * len(FIRST), "its turn comes at most once for each namespace, in each round of priorities"
            return
    raise AssertionError("it is starved")


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
        await scenario(WorkQueue(clock, Backoff(lambda: 1.0, first=1.0, longest=100.0), MANY), clock)

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


def test_a_key_whose_work_goes_on_elsewhere_comes_when_it_is_added_and_its_failures_still_count() -> None:
    async def scenario(queue: WorkQueue, clock: Clock) -> None:
        queue.add([A], Priority.SWEEP)
        await pauses(queue, clock, 3)
        queue.leave(await queue.get())
        assert queue.due_in() == math.inf
        queue.add([A], Priority.FAN_OUT)
        assert await pauses(queue, clock, 1) == [8.0]

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


KEYS = [Key("Toy", namespace, name) for namespace in ("north", "south", "west") for name in "abc"]
WORKERS = 4


class QueueAgainstModel(RuleBasedStateMachine):
    """Any order of additions, work and time, against a model that keeps every fact in the plainest form."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.schedule = Schedule(WORKERS)
        self.due: dict[Key, Priority] = {}
        self.later: dict[Key, float] = {}
        self.running: set[Key] = set()
        self.dirty: dict[Key, Priority] = {}
        self.passed_over: Counter[Key] = Counter()

    @rule(key=st.sampled_from(KEYS), priority=st.sampled_from(Priority))
    def add(self, key: Key, priority: Priority) -> None:
        self.schedule.add(key, priority, self.now)
        held = self.dirty if key in self.running else self.due
        held[key] = min(priority, held.get(key, priority))
        if key not in self.running:
            self.later.pop(key, None)

    @precondition(lambda self: len(self.running) < WORKERS)
    @rule()
    def take(self) -> None:
        self._ripen()
        taken = self.schedule.take(self.now)
        if taken is None:
            assert all(self._works_in(key.namespace) for key in self.due), "nothing keeps a worker from a newcomer"
            return
        assert taken not in self.running, "two reconciles of one key at once"
        priority = self.due.pop(taken)
        self.running.add(taken)
        self._pass_over(taken, priority)

    def _pass_over(self, taken: Key, priority: Priority) -> None:
        del self.passed_over[taken]
        for other, urgency in self.due.items():
            if urgency <= priority and not self._works_in(other.namespace):
                self.passed_over[other] += 1
                assert self.passed_over[other] <= len(FIRST) * len(KEYS), "starved"

    def _works_in(self, namespace: str) -> bool:
        return any(key.namespace == namespace for key in self.running)

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

    @rule(key=st.sampled_from(KEYS))
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

    def teardown(self) -> None:
        """Nothing is lost: whatever is due is taken in the end."""
        for key in sorted(self.running):
            self.finish_at_once(key)
        self.now = 1000.0
        self._ripen()
        while (taken := self.schedule.take(self.now)) is not None:
            del self.due[taken]
            self.schedule.finish(taken, self.now, again_at=None)
        assert not self.due

    def finish_at_once(self, key: Key) -> None:
        self.schedule.finish(key, self.now, again_at=None)
        self.running.remove(key)
        if key in self.dirty:
            self.due[key] = self.dirty.pop(key)

    def _ripen(self) -> None:
        for key, moment in list(self.later.items()):
            if moment <= self.now:
                del self.later[key]
                self.due[key] = Priority.FAN_OUT


QueueAgainstModel.TestCase.settings = settings(max_examples=200, stateful_step_count=60)
TestQueueAgainstModel = QueueAgainstModel.TestCase
