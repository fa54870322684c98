"""A command that is not written right ends with 1: with 2 a script would take it for changes."""

import subprocess
import sys
from importlib.metadata import version

import pytest
import typer

from twotier.cli.main import main
from twotier.cli.session import CHANGES


def ended(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> int | str | None:
    monkeypatch.setattr(sys, "argv", ["twotier", *arguments])
    with pytest.raises(SystemExit) as end:
        main()
    return end.value.code


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        pytest.param(["plan", "x", "-o", "xml"], "'xml' is not one of 'table'", id="a form that there is not"),
        pytest.param(["log", "x", "abc"], "Invalid value for 'RUN'", id="words where a number belongs"),
        pytest.param(["undo", "x", "--to", "0"], "should be greater than or equal to 1", id="a number that no run has"),
        pytest.param(["diff"], "Missing option '--filename' / '-f'", id="an option that is left out"),
        pytest.param(["status", "--nonesuch"], "No such option: --nonesuch", id="an option that there is not"),
        pytest.param(["plna"], "No such command 'plna'", id="a verb that there is not"),
        pytest.param(["explain", "prize"], "No such command 'prize'", id="a word behind a verb that there is not"),
    ],
)
def test_a_slip_ends_with_1_and_says_what_it_is(
    arguments: list[str], error: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = ended(arguments, monkeypatch)
    assert isinstance(told, str)  # the interpreter prints it, and ends with 1
    assert told.startswith("twotier: ")
    assert error in told
    assert told.endswith(" --help")
    assert "\n" not in told


@pytest.mark.parametrize("arguments", [[], ["explain"]], ids=["no verb", "nothing behind a verb"])
def test_without_a_verb_those_that_there_are_are_shown(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(arguments, monkeypatch) == 0
    assert "Usage: twotier" in capsys.readouterr().out


def test_a_command_that_does_what_it_is_asked_for_ends_with_0(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(["--help"], monkeypatch) in {0, None}
    assert "Usage: twotier" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        pytest.param(["-h"], "Usage: twotier", id="the short form of help"),
        pytest.param(["log", "-h"], "Usage: twotier log", id="the short form of a verb's help"),
        pytest.param(["--version"], f"twotier {version('twotier')}\n", id="the version"),
    ],
)
def test_what_people_ask_of_any_command_is_told(
    arguments: list[str], told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(arguments, monkeypatch) in {0, None}
    assert told in capsys.readouterr().out


ANY = f"{sys.executable} -c 'from twotier.cli.main import main; main()'"


@pytest.mark.parametrize(
    ("line", "status", "error"),
    [
        pytest.param(f"{ANY} --help >/dev/full", 1, "twotier: No space left on device\n", id="nothing can be written"),
        pytest.param(f"{ANY} --help >&-", 0, "", id="standard output is closed"),
        pytest.param(f"{ANY} --nonesuch 2>&-", 1, "", id="standard error is closed"),
        pytest.param(f"{ANY} --help | true; exit ${{PIPESTATUS[0]}}", 1, "", id="nobody reads on"),
    ],
)
def test_output_that_goes_nowhere_leaves_no_traceback(line: str, status: int, error: str) -> None:
    ended = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (status, error)


def test_what_a_verb_ends_with_is_kept(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    one = typer.Typer()

    @one.command()
    def finds_changes() -> None:
        raise typer.Exit(CHANGES)

    monkeypatch.setattr("twotier.cli.main.app", one)
    assert ended([], monkeypatch) == CHANGES
    assert capsys.readouterr().err == ""


LIGHT = """
import sys
import twotier.cli.main
heavy = {"aiohttp", "alembic", "fastapi", "kopf", "kubernetes", "psycopg", "sqlalchemy", "structlog"} & set(sys.modules)
assert not heavy, f"every command waits for {heavy}"
"""


def test_a_command_begins_without_what_only_others_need() -> None:
    subprocess.run([sys.executable, "-c", LIGHT], check=True)
