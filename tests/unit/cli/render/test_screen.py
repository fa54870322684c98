"""A terminal gets colour and its own width, a pipe gets whole lines, and programs get data."""

import os
import pty
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from io import StringIO
from typing import TextIO

import pytest
from tests.unit.cli.showing import FEW, plan

from twotier.cli.failure import CommandError
from twotier.cli.render.layout import Span, line
from twotier.cli.render.screen import Form, Screen

ADDED = [line(Span("+", "green"), " MAIL")]


@contextmanager
def terminal() -> Iterator[tuple[TextIO, int]]:
    """A terminal to write to, and where it shows what was written."""
    master, slave = pty.openpty()
    with os.fdopen(slave, "w") as stream:
        yield stream, master
    os.close(master)


@pytest.mark.parametrize(
    ("environment", "shown"),
    [({"TERM": "xterm"}, "\x1b[32m+\x1b[0m MAIL"), ({"TERM": "xterm", "NO_COLOR": "1"}, "+ MAIL")],
    ids=["a terminal has colour", "unless it is not wanted"],
)
def test_a_terminal(environment: dict[str, str], shown: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with terminal() as (stream, master):
        Screen(stream).show(ADDED)
        stream.flush()
        assert os.read(master, 100).decode().splitlines() == [shown]


def test_a_pipe_has_no_colour_and_no_width(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    printed = StringIO()
    screen = Screen(printed)
    screen.show(ADDED)
    assert (printed.getvalue(), screen.width > 10_000) == ("+ MAIL\n", True)
    monkeypatch.setenv("COLUMNS", "80")
    assert Screen(printed).width == 80


def test_data_has_the_names_of_the_api_and_exact_amounts() -> None:
    printed = StringIO()
    Screen(printed).data({"plan": plan(FEW), "cost": Decimal("4.20")}, Form.JSON)
    assert '"belowCost": 0' in printed.getvalue()
    assert '"cost": "4.20"' in printed.getvalue()
    with pytest.raises(CommandError, match="-o csv is not supported here: use -o table or -o json or -o yaml"):
        Screen(printed).data({}, Form.CSV)


def test_rows_are_csv() -> None:
    printed = StringIO()
    Screen(printed).rows([{"name": 'a "b"', "ready": None, "other": 1}], ("name", "ready"))
    assert printed.getvalue() == 'name,ready\n"a ""b""",\n'
