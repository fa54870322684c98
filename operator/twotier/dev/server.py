"""The HTTP API as a separate process, as on a machine without containers."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from twotier.bss.unfit import URL_VARIABLE
from twotier.dev.listening import HOST, answers_ok, free_port, listening
from twotier.dev.operator import PROGRAM
from twotier.dev.processes import Command, Process


@dataclass(frozen=True, slots=True)
class Server:
    """A running `twotier serve`.

    Attributes:
        url: of the API.
        probes: of what the kubelet and Prometheus call.
        process: that answers.
        log: its output.
    """

    url: str
    probes: str
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

    probe_ports: dict[int, int] = {}

    def command(port: int) -> Command:
        probe_ports[port] = free_port()
        environment = {
            **os.environ,
            "TWOTIER_HOST": HOST,
            **(settings or {}),
            URL_VARIABLE: database_url,
            "TWOTIER_PORT": str(port),
            "TWOTIER_METRICS_PORT": str(probe_ports[port]),
        }
        arguments: list[str | Path] = [PROGRAM, "serve", f"--kubeconfig={kubeconfig}"]
        return Command(name="twotier serve", arguments=arguments, environment=environment, grace=30)

    def probes(port: int) -> str:
        return f"http://{HOST}:{probe_ports[port]}"

    def answers(port: int) -> bool:
        return answers_ok(f"{probes(port)}/readyz")

    with listening(command, answers, log) as (process, port):
        yield Server(f"http://{HOST}:{port}", probes(port), process, log)
