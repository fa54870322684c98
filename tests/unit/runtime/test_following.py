"""Watches of a type that comes and goes; the server here tells what it is told to."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from aiohttp import web
from prometheus_client import CollectorRegistry
from pydantic import BaseModel

from twotier.runtime.api import ApiClient
from twotier.runtime.api_resource import ApiResource
from twotier.runtime.backoff import Backoff
from twotier.runtime.caches import Caches
from twotier.runtime.credentials import Access
from twotier.runtime.following import Follower, Pauses
from twotier.runtime.foreign import Foreign
from twotier.runtime.intake import Intake
from twotier.runtime.kind import Kind
from twotier.runtime.metrics import Metrics
from twotier.runtime.outcome import Done
from twotier.runtime.queue import WorkQueue
from twotier.runtime.resource import Key, Resource

BUCKETS = Foreign(
    ApiResource("sand.example", "v1", "buckets", "Bucket"),
    lambda body: body["status"]["artifact"],
    label="sand.example/toys",
    optional=True,
)
LISTED = {"type": "BOOKMARK", "object": {"metadata": {"annotations": {"k8s.io/initial-events-end": "true"}}}}

MakeBody = Callable[..., dict[str, Any]]
Round = list[dict[str, Any]] | int
"""What a watch tells before it ends, or the status that it is refused with."""


class ToySpec(BaseModel):
    reads: str = ""


async def reconcile(_: Resource[ToySpec]) -> Done:
    return Done("Applied", "")


def told(type_: str, name: str, revision: str = "1") -> dict[str, Any]:
    """An event of a bucket."""
    status = {"artifact": {"revision": revision}}
    return {"type": type_, "object": {"metadata": {"namespace": "north", "name": name}, "status": status}}


def bucket(name: str) -> Key:
    return Key("Bucket", "north", name)


def toy(name: str) -> Key:
    return Key("Toy", "north", name)


class Watcher:
    """All that a follower stands on, with toys that read buckets of their own names."""

    def __init__(self, body: MakeBody) -> None:
        self.metrics = Metrics(CollectorRegistry())
        self.caches, self.queue = Caches(), WorkQueue(lambda: 0.0, Backoff(lambda: 0.0), workers=1)
        self.caches.register(
            [
                Kind(
                    name="Toy",
                    plural="toys",
                    spec=ToySpec,
                    reconcile=reconcile,
                    refers_to=lambda each: frozenset([bucket(each.spec.reads)]),
                )
            ]
        )
        self.intake = Intake(self.caches, self.queue, self.metrics, lambda: 0.0)
        for name in ("a", "b"):
            self.caches.remember("Toy", body(name, {"reads": name}))
        self.intake.complete = True

    async def rounds(self, *rounds: Round) -> AsyncIterator[set[Key]]:
        """Play rounds of a watch; yield who woke in each, once the next one has begun."""
        begun: asyncio.Queue[None] = asyncio.Queue()
        go_on: asyncio.Queue[None] = asyncio.Queue()
        left = iter(rounds)

        async def handle(request: web.Request) -> web.StreamResponse:
            assert request.path == "/apis/sand.example/v1/buckets"
            assert request.query["labelSelector"] == "sand.example/toys"
            begun.put_nowait(None)
            await go_on.get()
            answer = next(left)
            if isinstance(answer, int):
                return web.Response(status=answer)
            response = web.StreamResponse()
            await response.prepare(request)
            for event in answer:
                await response.write(json.dumps(event).encode() + b"\n")
            return response

        application = web.Application()
        application.router.add_get("/{path:.*}", handle)
        runner = web.AppRunner(application, handler_cancellation=True)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        async with ApiClient(Access(f"http://{host}:{port}", None, None, lambda: None), self.metrics) as api:
            follower = Follower(BUCKETS, None, api, self.intake, Pauses(0.0, 0.0))
            following = asyncio.create_task(follower.run())
            await begun.get()
            for _ in rounds:
                assert not self.queue.depth
                go_on.put_nowait(None)
                await begun.get()
                assert follower.listed.is_set()
                yield await self._taken()
            following.cancel()
        await runner.cleanup()

    async def _taken(self) -> set[Key]:
        taken = set()
        while self.queue.depth:
            taken.add(await self.queue.get())
        for key in taken:
            self.queue.finish(key)
        return taken


@pytest.fixture
def watcher(body: MakeBody) -> Watcher:
    return Watcher(body)


async def woken(watcher: Watcher, *rounds: Round) -> list[set[Key]]:
    return [keys async for keys in watcher.rounds(*rounds)]


@pytest.mark.parametrize(
    ("rounds", "expected"),
    [
        pytest.param([[told("ADDED", "a"), LISTED]], [{"a"}], id="what is there wakes who reads it"),
        pytest.param(
            [[told("ADDED", "a"), LISTED], [told("ADDED", "a"), LISTED]],
            [{"a"}, set()],
            id="the same in the next round wakes nobody",
        ),
        pytest.param(
            [[told("ADDED", "a"), LISTED], [told("ADDED", "a", "2"), LISTED]],
            [{"a"}, {"a"}],
            id="what changed between two rounds is noticed",
        ),
        pytest.param(
            [[told("ADDED", "a"), told("ADDED", "b"), LISTED], [told("ADDED", "b"), LISTED]],
            [{"a", "b"}, {"a"}],
            id="what vanished between two rounds is noticed",
        ),
        pytest.param(
            [[told("ADDED", "a"), LISTED], [told("ADDED", "b")], [LISTED]],
            [{"a"}, {"b"}, {"a", "b"}],
            id="a round that breaks off before its list ends loses nothing",
        ),
        pytest.param(
            [[LISTED, told("ADDED", "a"), told("MODIFIED", "a", "2"), told("DELETED", "a")], [LISTED]],
            [{"a"}, set()],
            id="what comes and goes within a round is forgotten",
        ),
        pytest.param([404, [told("ADDED", "a"), LISTED]], [set(), {"a"}], id="a type that is installed later is found"),
        pytest.param([[told("ADDED", "a"), LISTED], 404], [{"a"}, {"a"}], id="a type that is taken away is let go"),
        pytest.param([[told("ADDED", "a"), LISTED], 403], [{"a"}, {"a"}], id="a right that is taken away is let go"),
        pytest.param([[told("ADDED", "a"), LISTED], 500], [{"a"}, set()], id="a failure says nothing"),
        pytest.param(
            [[told("ADDED", "a"), LISTED, {"type": "ERROR", "object": {"code": 410}}], [told("ADDED", "a"), LISTED]],
            [{"a"}, set()],
            id="a watch that expires is begun anew",
        ),
        pytest.param(
            [[told("ADDED", "a", "1" * 1_000_000), LISTED]],
            [{"a"}],
            id="an object may be larger than a line usually is",
        ),
    ],
)
def test_who_wakes(watcher: Watcher, rounds: list[Round], expected: list[set[str]]) -> None:
    assert asyncio.run(woken(watcher, *rounds)) == [{toy(name) for name in names} for names in expected]
