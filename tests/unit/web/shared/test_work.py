"""What becomes of the work of a client that leaves."""

import asyncio
from datetime import timedelta
from threading import Event
from typing import Any, cast

from fastapi import Request, Response

from twotier.web.shared.authentication import Caller
from twotier.web.shared.bounds import Bounds, Limits
from twotier.web.shared.problems import CLIENT_GONE
from twotier.web.shared.work import Work

SOON = timedelta(milliseconds=1)


class Leaving:
    """A client that leaves once its work has begun."""

    def __init__(self, begun: Event) -> None:
        self._begun = begun

    async def receive(self) -> dict[str, Any]:
        await asyncio.to_thread(self._begun.wait)
        return {"type": "http.disconnect"}


def test_its_place_is_free_once_its_thread_has_ended_and_not_before() -> None:
    begun, end = Event(), Event()
    ended: list[str] = []

    def work() -> None:
        begun.set()
        end.wait()
        ended.append("its thread")

    async def story() -> None:
        limits = Limits(Bounds(reads=2, patience=timedelta(minutes=1)))
        request = cast("Request", Leaving(begun))
        leaving = asyncio.create_task(Work(request, Caller("ada", "token"), limits).run(work))
        await asyncio.to_thread(begun.wait)

        async def next_one() -> None:
            async with limits.reading.place("other"):
                ended.append("the next")

        following = asyncio.create_task(next_one())
        await asyncio.sleep(SOON.total_seconds())
        end.set()
        answer = await leaving
        assert isinstance(answer, Response)
        assert answer.status_code == CLIENT_GONE
        await following

    asyncio.run(story())
    assert ended == ["its thread", "the next"]
