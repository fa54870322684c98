"""Output for people: coloured and updated in place on a terminal, plain lines in a pipe."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from typing import Final, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

PLAIN_STEPS: Final = 20
PIPE_WIDTH: Final = 120


class Output:
    """Writes to one stream, and knows whether it is a terminal."""

    def __init__(self, stream: TextIO) -> None:
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that lacks our marks can still show the words
        self._console = Console(file=stream, highlight=False, width=None if stream.isatty() else PIPE_WIDTH)

    @classmethod
    def on_standard_error(cls) -> "Output":
        """For programs whose standard output is read by other programs."""
        return cls(sys.stderr)

    def heading(self, text: str) -> None:
        """Start a section."""
        self._line(f"\n{text}", style="bold cyan")

    def step(self, text: str) -> None:
        """Report a step that is done, or that takes a while."""
        self._line(text)

    def success(self, text: str) -> None:
        """Report that something awaited has happened."""
        self._line(f"✓ {text}", style="green")

    def failure(self, text: str) -> None:
        """Report what went wrong and what to do."""
        self._line(f"✗ {text}", style="red")

    def command(self, text: str) -> None:
        """Show a command to type."""
        self._line(f"    $ {text}", style="bold")

    def block(self, text: str) -> None:
        """Show what another program printed."""
        for line in text.rstrip().splitlines():
            self._line(f"    {line}".rstrip())

    def table(self, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Show rows; a column whose title begins with '>' is right-aligned."""
        lines = [[column.removeprefix(">") for column in columns], *rows]
        widths = [max(map(len, cells)) for cells in zip(*lines, strict=True)]
        set_right = [column.startswith(">") for column in columns]
        for number, line in enumerate(lines):
            cells = (
                cell.rjust(width) if right else cell.ljust(width)
                for cell, width, right in zip(line, widths, set_right, strict=True)
            )
            self._line("    " + "  ".join(cells).rstrip(), style="bold" if number == 0 else None)

    @contextmanager
    def progress(self, text: str, total: int) -> Iterator[Callable[[int], None]]:
        """Show progress: a bar on a terminal, a line for every twentieth elsewhere."""
        if self._console.is_terminal:
            with Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
                console=self._console,
                transient=True,
            ) as bar:
                task = bar.add_task(text, total=total)
                yield lambda done: bar.update(task, completed=done)
        else:
            yield self._plain_progress(text, total)

    def _plain_progress(self, text: str, total: int) -> Callable[[int], None]:
        part = max(1, total // PLAIN_STEPS)

        def report(done: int) -> None:
            if done % part == 0:
                self._line(f"{text}: {done} of {total}")

        return report

    def _line(self, text: str, style: str | None = None) -> None:
        self._console.print(text, style=style, markup=False, soft_wrap=True)
