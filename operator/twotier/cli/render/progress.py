"""How far long work is, told on standard error to those who watch it."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

Item = TypeVar("Item")


def following(pages: Iterable[Sequence[Item]], text: str, total: int) -> Iterator[Sequence[Item]]:
    """Pass pages on, and show how many of all items they brought; nothing where one page is all, or nobody watches."""
    done = 0
    pages = iter(pages)
    first = next(pages, ())
    yield first
    if len(first) >= total or not sys.stderr.isatty():
        yield from pages
        return
    from twotier.dev.output import Output  # noqa: PLC0415 -- slow to import, and of use on terminals alone

    with Output.on_standard_error().progress(text, total) as report:
        report(done := len(first))
        for page in pages:
            yield page
            done += len(page)
            report(done)


@contextmanager
def working(text: str) -> Iterator[None]:
    """Show that something is under way that has no measure; nothing where nobody watches."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console  # noqa: PLC0415 -- slow to import, and of use on terminals alone

    with Console(stderr=True).status(text):
        yield
