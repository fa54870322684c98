"""Spools: rows are read as fast as the database gives them, and sent as fast as the client takes them."""

from collections.abc import AsyncIterator, Iterator
from contextlib import closing, suppress
from functools import cached_property, partial
from tempfile import TemporaryFile
from typing import IO, Annotated, Final

import structlog
from fastapi import Depends
from fastapi.responses import StreamingResponse

from twotier.web.shared.problems import unavailable
from twotier.web.shared.shares import Shares
from twotier.web.shared.work import OfRequest

CHUNK: Final = 1 << 16

log = structlog.get_logger(__name__)


class Spool:
    """A file without a name that lasts as long as its request.

    Args:
        space: what all such files share.
        who: the caller.
    """

    def __init__(self, space: Shares, who: str) -> None:
        self._space = space
        self._who = who
        self._size = 0

    def write(self, block: bytes) -> None:
        """Add to it.

        Raises:
            ProblemError: there is no space left.
        """
        self._space.take(self._who, len(block))
        self._size += len(block)
        try:
            self._file.write(block)
        except OSError as error:
            log.warning("rows cannot be written to a temporary file", reason=str(error))
            raise unavailable(
                "There is no space for the rows at present. Try again later; the log of `twotier serve` says why."
            ) from error

    def response(self, media_type: str) -> StreamingResponse:
        """Return the response that sends what was written."""
        return StreamingResponse(self._chunks(), media_type=media_type, headers={"Content-Length": str(self._size)})

    def close(self) -> None:
        """Delete it, if there is one: a page of JSON needs none."""
        self._space.give_back(self._who, self._size)
        if "_file" in vars(self):
            with suppress(OSError):  # it would write what did not fit once more
                self._file.close()

    @cached_property
    def _file(self) -> IO[bytes]:
        return TemporaryFile()

    def _chunks(self) -> Iterator[bytes]:
        self._file.seek(0)
        yield from iter(partial(self._file.read, CHUNK), b"")


async def spool(work: OfRequest) -> AsyncIterator[Spool]:
    """Give a request a spool until its response is sent."""
    with closing(Spool(work.limits.spools, work.token)) as spool:
        yield spool


Spooled = Annotated[Spool, Depends(spool)]
