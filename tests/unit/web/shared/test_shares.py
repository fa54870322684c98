"""Who gets how much of what is scarce, and whose turn it is."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from twotier.web.shared.places import Places
from twotier.web.shared.problems import ProblemError
from twotier.web.shared.shares import Shares

LONG = timedelta(minutes=1)


def taken(shares: Shares, who: str, amount: int) -> bool:
    try:
        shares.take(who, amount)
    except ProblemError:
        return False
    return True


def test_a_caller_gets_half_and_leaves_the_rest_to_others() -> None:
    shares = Shares(10, "Too much")
    assert [taken(shares, *each) for each in (("ada", 4), ("ada", 2), ("ada", 1), ("ben", 5), ("eva", 1))] == [
        True,
        False,
        True,
        True,
        False,
    ]


def test_what_is_given_back_is_there_for_others() -> None:
    shares = Shares(2, "Too much")
    with shares.held("ada"), shares.held("ben"):
        assert not taken(shares, "eva", 1)
    assert taken(shares, "eva", 1)


@pytest.mark.parametrize(
    ("who", "told"),
    [
        pytest.param("ada", "Too much with your token: try again in 2 seconds.", id="a caller who has its half"),
        pytest.param("eva", "Too much: try again in 2 seconds.", id="another"),
    ],
)
def test_who_gets_nothing_is_told_why(who: str, told: str) -> None:
    shares = Shares(2, "Too much")
    shares.take("ada")
    shares.take("ben")
    with pytest.raises(ProblemError) as problem:
        shares.take(who)
    assert (problem.value.status, problem.value.headers["Retry-After"], problem.value.detail) == (429, "2", told)


class Workers:
    """Callers who work until they are told to end."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.begun: list[str] = []
        self.tasks: dict[str, asyncio.Task[None]] = {}
        self._ends: dict[str, asyncio.Event] = {}

    async def ask(self, *names: str) -> None:
        """Have callers ask for a turn; the letter is the caller, what follows tells its requests apart."""
        for name in names:
            self._ends[name] = asyncio.Event()
            self.tasks[name] = asyncio.create_task(self._work(name))
        await settled()

    async def end(self, name: str) -> None:
        self._ends[name].set()
        await self.tasks[name]
        await settled()

    async def _work(self, name: str) -> None:
        async with self.places.place(name[0]):
            self.begun.append(name)
            await self._ends[name].wait()


async def settled() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


def tell(story: Callable[[Workers], Awaitable[None]], at_once: int, patience: timedelta = LONG) -> None:
    async def run() -> None:
        workers = Workers(Places(at_once, patience, "Others work"))
        await story(workers)
        for task in workers.tasks.values():
            task.cancel()
        await asyncio.gather(*workers.tasks.values(), return_exceptions=True)

    asyncio.run(run())


def test_a_caller_works_on_half_of_the_places() -> None:
    async def story(workers: Workers) -> None:
        await workers.ask("a1", "a2", "a3", "b1")
        assert workers.begun == ["a1", "a2", "b1"]
        await workers.end("a1")
        assert workers.begun[-1] == "a3"

    tell(story, at_once=4)


def test_callers_take_turns_however_much_one_of_them_asks() -> None:
    async def story(workers: Workers) -> None:
        await workers.ask("a1", "a2", "a3", "a4", "b1", "c1", "b2")
        for name in ("a1", "a2", "b1", "c1", "a3"):
            await workers.end(name)
        assert workers.begun == ["a1", "a2", "b1", "c1", "a3", "b2"]

    tell(story, at_once=1)


def test_who_leaves_the_queue_is_passed_over() -> None:
    async def story(workers: Workers) -> None:
        await workers.ask("a1", "b1", "c1")
        workers.tasks["b1"].cancel()
        await settled()
        await workers.end("a1")
        assert workers.begun == ["a1", "c1"]

    tell(story, at_once=1)


def test_who_leaves_as_its_turn_comes_gives_it_to_the_next() -> None:
    async def story(workers: Workers) -> None:
        await workers.ask("a1", "b1", "c1")
        workers._ends["a1"].set()
        await asyncio.sleep(0)  # a1 ends and calls b1, which has not noticed yet
        workers.tasks["b1"].cancel()
        await settled()
        assert workers.begun in (["a1", "c1"], ["a1", "b1", "c1"])
        await workers.end("c1")
        await workers.ask("d1")
        assert workers.begun[-1] == "d1"

    tell(story, at_once=1)


def test_who_waits_too_long_is_told_to_come_back() -> None:
    async def story(workers: Workers) -> None:
        await workers.ask("a1", "b1")
        with pytest.raises(ProblemError) as problem:
            await workers.tasks["b1"]
        assert (problem.value.status, problem.value.detail) == (429, "Others work: try again in 2 seconds.")
        await workers.end("a1")
        await workers.ask("c1")
        assert workers.begun == ["a1", "c1"]

    tell(story, at_once=1, patience=timedelta(milliseconds=1))
