"""A lane: who has a place, who is called next, and that no place is lost."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from twotier.runtime import lane as module
from twotier.runtime.lane import Lane
from twotier.runtime.resource import Key


def key(name: str) -> Key:
    """A resource, by its namespace and its name, such as a/1."""
    return Key("PriceList", *name.split("/"))


async def entered(lane: Lane, *names: str) -> list[bool]:
    return [lane.enter(key(name)) for name in names]


def calling(called: list[Key]) -> Callable[[Key], bool]:
    def call(each: Key) -> bool:
        called.append(each)
        return True

    return call


def in_loop(scene: Callable[[], Awaitable[None]]) -> None:
    async def run() -> None:
        await scene()

    asyncio.run(run())


def test_no_more_places_are_taken_than_there_are() -> None:
    async def scene() -> None:
        lane = Lane(2, lambda _: True)
        assert await entered(lane, "a/1", "a/2", "a/3") == [True, True, False]

    in_loop(scene)


def test_a_place_that_becomes_free_is_kept_for_the_next_in_line() -> None:
    async def scene() -> None:
        called: list[Key] = []
        lane = Lane(1, calling(called))
        await entered(lane, "a/1", "a/2", "a/3")
        lane.leave(key("a/1"))
        assert called == [key("a/2")]
        assert await entered(lane, "a/9", "a/2") == [False, True]

    in_loop(scene)


def test_namespaces_are_called_in_rotation() -> None:
    async def scene() -> None:
        called: list[Key] = []
        lane = Lane(1, calling(called))
        await entered(lane, "a/0", "a/1", "a/2", "a/3", "b/1", "c/1")
        for _ in range(5):
            lane.leave(called[-1] if called else key("a/0"))
        assert called == [key(name) for name in ("a/1", "b/1", "c/1", "a/2", "a/3")]

    in_loop(scene)


def test_whoever_leaves_without_having_entered_gives_its_place_to_the_next() -> None:
    async def scene() -> None:
        called: list[Key] = []
        lane = Lane(1, calling(called))
        await entered(lane, "a/1", "a/2", "b/1")
        lane.leave(key("a/1"))
        lane.leave(key("a/2"))
        assert called == [key("a/2"), key("b/1")]

    in_loop(scene)


def test_whoever_waits_and_leaves_takes_no_place_from_others() -> None:
    async def scene() -> None:
        lane = Lane(1, lambda _: True)
        await entered(lane, "a/1", "a/2")
        lane.leave(key("a/2"))
        assert await entered(lane, "b/1") == [False]

    in_loop(scene)


def test_a_place_is_not_kept_for_ever_for_one_that_does_not_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LONGEST_CALL_SECONDS", 0.0)

    async def scene() -> None:
        called: asyncio.Queue[Key] = asyncio.Queue()

        def call(each: Key) -> bool:
            called.put_nowait(each)
            return True

        lane = Lane(1, call)
        await entered(lane, "a/gone", "a/gone-too", "b/1")
        lane.leave(key("a/gone"))
        assert [await called.get(), await called.get()] == [key("a/gone-too"), key("b/1")]

    in_loop(scene)


def test_no_place_is_kept_for_one_that_is_deleted() -> None:
    async def scene() -> None:
        called: list[Key] = []

        def call(each: Key) -> bool:
            called.append(each)
            return each != key("a/deleted")

        lane = Lane(1, call)
        await entered(lane, "a/1", "a/deleted", "b/1")
        lane.leave(key("a/1"))
        assert called == [key("a/deleted"), key("b/1")]
        assert await entered(lane, "b/1") == [True]

    in_loop(scene)
