"""What the kubelet and Prometheus ask this process: is it alive, is it ready, what are its metrics."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

import structlog
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from twotier.runtime.headers import HEADERS
from twotier.runtime.metrics import Metrics

SHUTDOWN_SECONDS: Final = 1.0

UNREADY: Final = frozenset({"waiting", "listing"})

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Vitals:
    """What is known about this process's health.

    Attributes:
        phase: "waiting" for something to work on, "standby", "listing" or "leading".
        oldest_seconds: how long the oldest queued resource has been due.
        silent_seconds: how long ago the last watch event came.
    """

    phase: str
    oldest_seconds: float
    silent_seconds: float


@asynccontextmanager
async def serving(host: str, port: int, vitals: Callable[[], Vitals], metrics: Metrics) -> AsyncIterator[None]:
    """Answer /healthz, /readyz and /metrics inside the block.

    Raises:
        OSError: the port is taken.
    """
    application = web.Application()
    application.add_routes(
        [
            web.get("/healthz", _healthz(vitals)),
            web.get("/readyz", _readyz(vitals)),
            web.get("/metrics", _metrics(metrics)),
        ]
    )
    application.on_response_prepare.append(_with_headers)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        log.info("serving", addresses=[f"{address[0]}:{address[1]}" for address in runner.addresses])
        yield
    finally:
        await runner.cleanup()


async def _with_headers(_: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(HEADERS)
    # aiohttp names itself and its version.
    response.headers.popall("Server", None)


def _healthz(vitals: Callable[[], Vitals]) -> Handler:
    async def answer(_: web.Request) -> web.StreamResponse:
        """The response itself is the proof that the event loop runs."""
        now = vitals()
        return web.json_response(
            {
                "phase": now.phase,
                "oldestQueuedSeconds": round(now.oldest_seconds, 3),
                "lastWatchEventSecondsAgo": round(now.silent_seconds, 3),
            }
        )

    return answer


def _readyz(vitals: Callable[[], Vitals]) -> Handler:
    async def answer(_: web.Request) -> web.StreamResponse:
        """A standby is ready to take over; a leader is ready when it has listed everything."""
        phase = vitals().phase
        return web.json_response({"phase": phase}, status=503 if phase in UNREADY else 200)

    return answer


def _metrics(metrics: Metrics) -> Handler:
    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(body=generate_latest(metrics.registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return answer
