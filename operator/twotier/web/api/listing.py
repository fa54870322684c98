"""Lists of rows as every route sends them: a page of JSON, or all rows as CSV or JSON Lines."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Annotated, Any, Final, Generic, TypeVar

from fastapi import Depends, Response
from sqlalchemy import Connection

from twotier.web.api.models import Page, Shown
from twotier.web.api.paging import LARGEST_INTEGER, PAGE_SIZE, After, Key, Limit, page, place
from twotier.web.api.representations import MEDIA_TYPES, Form, Row, WantedForm, blocks
from twotier.web.api.scope import Opened, rows
from twotier.web.shared.spools import Spool, Spooled
from twotier.web.shared.work import OfRequest

Entry = TypeVar("Entry")
Item = TypeVar("Item", bound=Shown)

Read = Callable[[Connection, Entry, Key | None, int], Iterable[Item]]
"""Reads the rows after a key (None: from the start), up to a limit."""
ReadPage = Callable[[Connection, Entry, Key | None, int], Sequence[Item]]

EVERYTHING: Final = LARGEST_INTEGER
"""More rows than there are. A number, because for `limit null` the planner expects few rows if a list is so new that it
has no statistics yet, and joins its 100,000 rows one by one."""
STREAMED_PAGE: Final = 5_000
"""Rows in memory at once when a stream is read by pages."""

STREAMS: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "content": {
            MEDIA_TYPES[Form.CSV].partition(";")[0]: {"schema": {"type": "string"}},
            MEDIA_TYPES[Form.NDJSON]: {"schema": {"type": "string"}},
        }
    }
}
"""The OpenAPI description of the other forms."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What a client requests of a list, and where all rows are kept until they are sent."""

    form: Form
    after: str | None
    limit: int
    spool: Spool


async def ask(
    wanted: WantedForm, work: OfRequest, spool: Spooled, after: After = None, limit: Limit = PAGE_SIZE
) -> Ask:
    """Return what a client requests of a list."""
    if wanted is not Form.JSON:
        work.places = work.limits.streaming
    return Ask(wanted, after, limit, spool)


Asked = Annotated[Ask, Depends(ask)]


@dataclass(frozen=True)
class Listing(Generic[Item]):
    """How rows of a kind are sent.

    Attributes:
        key: what identifies a row, in the order of the rows.
        types: of the parts of a key.
        columns: of CSV.
        flat: a row's values for CSV, by column.
    """

    key: Callable[[Item], Key]
    types: tuple[type[str | int], ...]
    columns: Sequence[str]
    flat: Callable[[Item], Row]

    def send(self, opened: Callable[[], Opened[Entry]], read: Read[Entry, Item], asked: Ask) -> Page[Item] | Response:
        """Send a page, or everything.

        Everything is read in one transaction and kept in a file until it is sent, so that all rows show the same state
        of the database, and a slow client keeps neither a connection nor a transaction.

        Args:
            opened: begins the transaction in which it is read.
            read: the rows.
            asked: how, and from where.
        """
        after = place(asked.after, self.types)
        if asked.form is Form.JSON:
            with opened() as (connection, entry):
                return page(list(read(connection, entry, after, asked.limit + 1)), asked.limit, self.key)
        found = rows(opened, lambda connection, entry: read(connection, entry, after, EVERYTHING))
        with closing(found):
            for block in blocks(found, asked.form, self.flat, self.columns):
                asked.spool.write(block)
        return asked.spool.response(asked.form.media_type)

    def by_pages(self, read_page: ReadPage[Entry, Item]) -> Read[Entry, Item]:
        """Read everything page by page, for what cannot be read at once."""

        def read(connection: Connection, entry: Entry, after: Key | None, limit: int) -> Iterator[Item]:
            while limit > 0:
                asked = min(limit, STREAMED_PAGE)
                found = read_page(connection, entry, after, asked)
                yield from found
                if len(found) < asked:
                    return
                limit -= asked
                after = self.key(found[-1])

        return read
