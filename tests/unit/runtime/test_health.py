"""What the operator answers the kubelet and Prometheus."""

import asyncio
import json
import socket

import aiohttp
import pytest
from prometheus_client import CollectorRegistry

from twotier.runtime.headers import HEADERS
from twotier.runtime.health import Vitals, serving
from twotier.runtime.metrics import Metrics


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


async def ask(port: int, path: str, phase: str) -> tuple[int, str, dict[str, str | None]]:
    """Return status, body and the headers of interest of an answer."""
    metrics = Metrics(CollectorRegistry())
    async with (
        serving("127.0.0.1", port, lambda: Vitals(phase, 0, 0), metrics),
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}{path}") as answer,
    ):
        names = [*(name for name, _ in HEADERS), "Server"]
        return answer.status, await answer.text(), {name: answer.headers.get(name) for name in names}


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/nothing"])
def test_every_answer_is_for_programs_alone_and_names_no_server(path: str) -> None:
    _, _, headers = asyncio.run(ask(free_port(), path, "leading"))
    assert headers == dict(HEADERS) | {"Server": None}


def test_it_says_that_it_is_not_ready_and_nothing_of_what_it_waits_for() -> None:
    status, body, _ = asyncio.run(ask(free_port(), "/readyz", "waiting"))
    assert (status, json.loads(body)) == (503, {"phase": "waiting"})
