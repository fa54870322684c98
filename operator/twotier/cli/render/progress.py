"""How far long work has come, shown on standard error to a person who watches."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

Item = TypeVar("Item")


def following(pages: Iterable[Sequence[Item]], text: str, total: int) -> Iterator[Sequence[Item]]:
    """Pass pages on, and show how many of all items have come; nothing if there is one page, or nobody watches."""
    done = 0
    pages = iter(pages)
    first = next(pages, ())
    yield first
    if len(first) >= total or not sys.stderr.isatty():
        yield from pages
        return
    from twotier.dev.output import Output  # noqa: PLC0415 -- slow to import, and only used on terminals

    with Output.on_standard_error().progress(text, total) as report:
        report(done := len(first))
        for page in pages:
            yield page
            done += len(page)
            report(done)


@contextmanager
def working(text: str) -> Iterator[None]:
    """Show that work of unknown length is under way; nothing if nobody watches."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console  # noqa: PLC0415 -- slow to import, and only used on terminals

    with Console(stderr=True).status(text):
        yield
