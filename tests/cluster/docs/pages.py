"""A page of the documentation as something that can be tried: its files, its commands, and what they print.

- A `yaml` block whose first line is `# NAME` is a file of that name.
- A `console` block is run: a line that begins with `$ ` is a command, goes on below where it ends with a backslash, and
  has its output under it, wrapped where the page is too narrow for it. Output that is left out is not looked at; a line
  `…` stands for any lines.
- Blocks of other languages, `sh` among them, are only to be read.
"""

import os
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PROMPT: Final = "$ "
WIDTH: Final = 100
DIFFERENCES: Final = 2

_COMPARES: Final = re.compile(r"twotier (plan|diff)\b")
_FENCE: Final = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_ELISION: Final = re.compile(r"^…$", re.MULTILINE)
_STATUS: Final = re.compile("\x1e([0-9]+)\n")
_MASKS: Final = (
    (re.compile(r"\b[0-9a-f]{64}\b"), "DIGEST"),
    (re.compile(r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"), "UUID"),
    (re.compile(r"\b(?=[a-f]*[0-9])[0-9a-f]{12}\b"), "DIGEST"),
    (re.compile(r"\b[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?( UTC|Z)?"), "TIME"),
    (re.compile(r"\b([0-9.]+ ?ms|[0-9]+[smhd]( ago)?|just now)\b"), "AGE"),
)


@dataclass(frozen=True, slots=True)
class File:
    """A file that the page says to write."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Command:
    """A command of the page.

    Attributes:
        text: what is typed.
        shown: what the page says that it prints; empty where it says nothing.
        line: of the page.
    """

    text: str
    shown: str
    line: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a command."""

    status: int
    printed: str


def steps(page: str) -> Iterator[File | Command]:
    """Give what a reader of the page does, in its order."""
    for block in _FENCE.finditer(page):
        language, text = block.groups()
        if language == "yaml" and (named := re.match(r"# (\S+\.ya?ml)\n", text)):
            yield File(named[1], text)
        elif language == "console":
            yield from _commands(text, page.count("\n", 0, block.start(2)) + 1)


def _commands(text: str, first_line: int) -> Iterator[Command]:
    lines = text.splitlines()
    starts = [number for number, each in enumerate(lines) if each.startswith(PROMPT)]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        typed = start + 1
        while lines[typed - 1].endswith("\\"):
            typed += 1
        command = "\n".join(lines[start:typed]).removeprefix(PROMPT)
        yield Command(command, "\n".join(lines[typed:end]).strip("\n"), first_line + start)


def follow(
    page: Iterable[File | Command], folder: Path, environment: Mapping[str, str]
) -> list[tuple[Command, Outcome]]:
    """Do what a page says in one shell, to its end whatever becomes of its commands.

    Args:
        page: its steps.
        folder: where the reader works.
        environment: beside that of this process.
    """
    script, commands = [], []
    for number, step in enumerate(page):
        if isinstance(step, File):
            kept = folder / f".{number}-{step.name}"
            kept.write_text(step.text, encoding="utf-8")
            script.append(f"cp '{kept}' '{step.name}'")
        else:
            commands.append(step)
            script.append(f"{step.text}\nprintf '\\x1e%s\\n' $?")
    ran = subprocess.run(
        ["bash", "-c", "exec 2>&1\n" + "\n".join(script)],
        cwd=folder,
        env={**os.environ, "COLUMNS": str(WIDTH), **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    parts = _STATUS.split(ran.stdout)
    outcomes = [Outcome(int(status), printed) for printed, status in zip(parts[::2], parts[1::2], strict=False)]
    return list(zip(commands, outcomes, strict=True))


def fits(command: Command, outcome: Outcome) -> bool:
    """Tell whether a command did what its page shows, apart from ids, times, and where lines are wrapped."""
    if not command.shown:
        return outcome.status == 0 or (outcome.status == DIFFERENCES and bool(_COMPARES.search(command.text)))
    pieces = (re.escape(_comparable(piece)) for piece in _ELISION.split(command.shown))
    return re.fullmatch(" ?.*".join(pieces), _comparable(outcome.printed)) is not None


def _comparable(text: str) -> str:
    for pattern, mask in _MASKS:
        text = pattern.sub(mask, text)
    return " ".join(text.split())
