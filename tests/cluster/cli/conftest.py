"""The command line of a person who has a kubeconfig, as verbs run in a pipe."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from tests.shop import Shop
from typer.testing import CliRunner

from twotier.cli.failure import CommandError
from twotier.cli.main import app
from twotier.dev.server import Server


@dataclass(frozen=True)
class Answer:
    """What a verb ends with; `error` is the line that it says instead."""

    status: int
    output: str
    error: str


Verb = Callable[..., Answer]


def verb_at(*at: str) -> Verb:
    """Return what runs verbs in a place; a verb can be told of another one."""

    def run(*arguments: str, place: tuple[str, ...] = at, text: str | None = None) -> Answer:
        result = CliRunner().invoke(app, [*arguments, *place], input=text)
        if result.exception is not None and not isinstance(result.exception, SystemExit | CommandError):
            raise result.exception
        error = str(result.exception) if isinstance(result.exception, CommandError) else ""
        return Answer(result.exit_code, result.stdout, error)

    return run


@pytest.fixture
def twotier(shop: Shop, server: Server) -> Verb:
    """Run a verb in the namespace of the test."""
    return verb_at(f"--kubeconfig={shop.cluster.kubeconfig}", f"--namespace={shop.namespace}", f"--server={server.url}")
