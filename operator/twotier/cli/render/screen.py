"""Where a command prints: coloured and wrapped on a terminal, plain and whole in a pipe, or as data."""

import csv
import json
import os
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Final, TextIO

import yaml
from pydantic_core import to_jsonable_python

from twotier.cli.failure import CommandError
from twotier.cli.render.layout import Line, plain

UNBOUNDED: Final = 100_000
"""Columns of a pipe: programs want one record per line."""


class Form(StrEnum):
    """How a command prints what it found."""

    TABLE = "table"
    JSON = "json"
    YAML = "yaml"
    CSV = "csv"


class Screen:
    """Writes to one stream."""

    def __init__(self, stream: TextIO, *, width: int | None = None) -> None:
        """Inspect the stream.

        Args:
            width: of a line; default: that of the terminal, unlimited in a pipe.
        """
        self._stream = stream
        self.is_terminal = stream.isatty()
        self.width = width or (shutil.get_terminal_size().columns if stream.isatty() else _columns())

    @classmethod
    def on_standard_output(cls) -> "Screen":
        """For the result of a command."""
        return cls(sys.stdout)

    @classmethod
    def on_standard_error(cls) -> "Screen":
        """For remarks beside the result."""
        return cls(sys.stderr)

    def show(self, lines: Iterable[Line]) -> None:
        """Print lines for people."""
        if self.is_terminal:
            self._show_styled(lines)
        else:
            self._stream.writelines(plain(each) + "\n" for each in lines)

    def data(self, value: object, form: Form) -> None:
        """Print a value for programs, as JSON or YAML.

        Raises:
            CommandError: CSV was requested, which only rows support.
        """
        if form is Form.CSV:
            raise not_printed(form, Form.TABLE, Form.JSON, Form.YAML)
        if form is Form.JSON:
            self._stream.write(json.dumps(as_data(value), indent=2, ensure_ascii=False) + "\n")
        else:
            self._stream.write(as_yaml(value))

    def rows(self, rows: Iterable[Mapping[str, object]], columns: Sequence[str]) -> None:
        """Print rows as CSV."""
        writer = csv.DictWriter(self._stream, columns, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)

    def write(self, text: Iterable[str]) -> None:
        """Pass text on unchanged, piece by piece."""
        self._stream.writelines(text)

    def _show_styled(self, lines: Iterable[Line]) -> None:
        from rich.console import Console  # noqa: PLC0415 -- slow to import, and only used on terminals
        from rich.text import Text  # noqa: PLC0415

        console = Console(file=self._stream, highlight=False, soft_wrap=True)
        for each in lines:
            console.print(Text.assemble(*((part.text, part.style) for part in each)))


def not_printed(form: Form, *forms: Form) -> CommandError:
    """Return the error for an output format that a verb does not support, with those that it does."""
    return CommandError(f"-o {form} is not supported here: use -o {' or -o '.join(forms)}")


def as_data(value: object) -> object:
    """Return a value as JSON has it; objects of the API with their names there, without absent values."""
    return to_jsonable_python(value, by_alias=True, exclude_none=True)


def as_yaml(value: object) -> str:
    """Return a value as YAML, with its names in their original order."""
    return yaml.safe_dump(as_data(value), sort_keys=False, allow_unicode=True, width=UNBOUNDED)


def _columns() -> int:
    told = os.environ.get("COLUMNS", "")
    return int(told) if told.isdecimal() and int(told) else UNBOUNDED
