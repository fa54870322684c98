"""The entries of a plan or a run, read page by page and shown as they arrive."""

from collections.abc import Iterable, Iterator, Sequence

from twotier.cli.client.api import Api
from twotier.cli.render.layout import Line, line
from twotier.cli.render.plan import EntryTable
from twotier.cli.render.progress import following
from twotier.cli.render.screen import Screen
from twotier.web.api.models import Changes, Entry, EntryField, EntryKind

Filters = dict[str, str | int]
"""Filters of entries, as the API takes them."""


def entry_filters(kind: EntryKind | None, field: EntryField | None, sku: str | None) -> Filters:
    """Return filters of entries, as the API takes them."""
    return {name: value for name, value in (("kind", kind), ("field", field), ("sku", sku)) if value is not None}


def entry_lines(api: Api, screen: Screen, path: str, filters: Filters, total: int) -> Iterator[Line]:
    """Yield entries as lines as they arrive, with a progress display."""
    listed = EntryTable(screen.width)
    shown = 0
    pages: Iterable[Sequence[Entry]] = api.pages(path, Entry, filters)
    for page in pages if screen.is_terminal else following(pages, "Reading entries", total):
        shown += len(page)
        yield from listed.lines(page)
    if not shown:
        yield line("  No entries match.")


def read_entries(api: Api, path: str, changes: Changes, filters: Filters) -> list[Entry]:
    """Return all entries of a plan or a run."""
    pages = api.pages(path, Entry, filters)
    return [entry for page in following(pages, "Reading entries", touched(changes)) for entry in page]


def touched(changes: Changes) -> int:
    """Return how many entries an update has."""
    return changes.added + changes.returned + changes.changed + changes.discontinued + changes.removed
