"""Servers on a free port of the loopback."""

import socket
import ssl
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Final

from twotier.dev.processes import Command, ComponentFailedError, Process, running, tail, wait_until

HOST: Final = "127.0.0.1"
PORT_ATTEMPTS: Final = 5
PORT_TAKEN: Final = "address already in use"


@contextmanager
def listening(
    command: Callable[[int], Command], answers: Callable[[int], bool], log: Path
) -> Iterator[tuple[Process, int]]:
    """Run a server until the end of the block; retry on another port if its port is taken before the server binds it.

    Args:
        command: makes the command for a port.
        answers: whether the server on a port is ready.
        log: for its output.

    Raises:
        ComponentFailedError: it ended or does not answer; the message contains the end of its log.
    """
    for attempt in range(1, PORT_ATTEMPTS + 1):
        port = free_port()
        with running(command(port), log) as process:
            try:
                wait_until(process, partial(answers, port), log)
            except ComponentFailedError:
                if attempt < PORT_ATTEMPTS and PORT_TAKEN in tail(log):
                    continue
                raise
            yield process, port
            return


def answers_ok(url: str, certificate: Path | None = None, token: str = "") -> bool:
    """Return whether a GET is answered with 200 now.

    Args:
        url: http, or https with the certificate that the server must have.
        token: bearer token to show.
    """
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})  # noqa: S310 -- our own URL
    try:
        context = ssl.create_default_context(cafile=certificate) if certificate is not None else None
        with urllib.request.urlopen(request, timeout=5, context=context) as answer:  # noqa: S310 -- our own URL
            return bool(answer.status == HTTPStatus.OK)
    except OSError:
        return False


def free_port() -> int:
    """Return a port of the loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
