"""The HTTP API as a separate process, as on a machine without containers."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from twotier.bss.unfit import URL_VARIABLE
from twotier.dev.listening import HOST, answers_ok, listening
from twotier.dev.operator import PROGRAM
from twotier.dev.processes import Command, Process


@dataclass(frozen=True, slots=True)
class Server:
    """A running `twotier serve`."""

    url: str
    process: Process
    log: Path


@contextmanager
def running_server(
    kubeconfig: Path, database_url: str, log: Path, settings: Mapping[str, str] | None = None
) -> Iterator[Server]:
    """Run `twotier serve` until the end of the block; it is ready when the block begins.

    Args:
        kubeconfig: of its ServiceAccount.
        database_url: of a migrated database.
        log: for its output.
        settings: further environment variables.

    Raises:
        ComponentFailedError: it ended or does not become ready.
    """

    def command(port: int) -> Command:
        environment = {
            **os.environ,
            "TWOTIER_HOST": HOST,
            **(settings or {}),
            URL_VARIABLE: database_url,
            "TWOTIER_PORT": str(port),
        }
        arguments: list[str | Path] = [PROGRAM, "serve", f"--kubeconfig={kubeconfig}"]
        return Command(name="twotier serve", arguments=arguments, environment=environment, grace=30)

    def answers(port: int) -> bool:
        return answers_ok(f"http://{HOST}:{port}/readyz")

    with listening(command, answers, log) as (process, port):
        yield Server(f"http://{HOST}:{port}", process, log)
