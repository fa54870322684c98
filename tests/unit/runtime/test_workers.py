"""Workers do no more at once than they may, finish what is under way, and never lose a failure."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from twotier.runtime.backoff import Backoff
from twotier.runtime.queue import Priority, WorkQueue
from twotier.runtime.resource import Key
from twotier.runtime.workers import Workers

KEYS = [Key("Toy", "north", name) for name in "abcde"]


class Desk:
    """Work that is begun and lasts until it is allowed to end."""

    def __init__(self, queue: WorkQueue) -> None:
        self._queue = queue
        self.begun: list[str] = []
        self.finished: list[str] = []
        self.may_end = asyncio.Event()

    async def work(self, key: Key) -> None:
        self.begun.append(key.name)
        await self.may_end.wait()
        self.finished.append(key.name)
        self._queue.finish(key)


def play(scenario: Callable[[WorkQueue], Awaitable[None]]) -> None:
    async def scene() -> None:
        queue = WorkQueue(asyncio.get_running_loop().time, Backoff(lambda: 0.0), workers=3)
        queue.add(KEYS, Priority.EDIT)
        await scenario(queue)

    asyncio.run(scene())


async def settle() -> None:
    """Let every task that can go on do so."""
    for _ in range(10):
        await asyncio.sleep(0)


def test_no_more_than_so_many_at_once_and_none_before_the_beginning() -> None:
    async def scenario(queue: WorkQueue) -> None:
        desk = Desk(queue)
        workers = Workers(queue, desk.work, count=2)
        running = asyncio.create_task(workers.run())
        await settle()
        assert desk.begun == []

        workers.begin()
        await settle()
        assert desk.begun == ["a", "b"]

        desk.may_end.set()
        await settle()
        assert sorted(desk.finished) == ["a", "b", "c", "d", "e"]
        await workers.stop(1.0)
        await asyncio.wait([running])

    play(scenario)


@pytest.mark.parametrize(
    ("ends_in_time", "finished"),
    [
        pytest.param(True, ["a", "b"], id="what is under way finishes"),
        pytest.param(False, [], id="what takes too long is cancelled"),
    ],
)
def test_stopping(*, ends_in_time: bool, finished: list[str]) -> None:
    async def scenario(queue: WorkQueue) -> None:
        desk = Desk(queue)
        workers = Workers(queue, desk.work, count=2)
        running = asyncio.create_task(workers.run())
        workers.begin()
        await settle()
        if ends_in_time:
            asyncio.get_running_loop().call_soon(desk.may_end.set)
        await workers.stop(60.0 if ends_in_time else 0.0)
        await asyncio.wait([running])
        assert (desk.begun, desk.finished) == (["a", "b"], finished)

    play(scenario)


def test_the_failure_of_one_ends_all() -> None:
    async def scenario(queue: WorkQueue) -> None:
        async def work(key: Key) -> None:
            if key.name == "b":
                raise LookupError(key.name)
            await asyncio.Event().wait()

        workers = Workers(queue, work, count=3)
        workers.begin()
        with pytest.raises(ExceptionGroup) as failed:
            await workers.run()
        assert [str(error) for error in failed.value.exceptions] == ["b"]

    play(scenario)
