"""The work of a request: done in a thread, once there is a place, and ended when the client leaves."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Annotated, Any, Final, TypeVar

import psycopg
import structlog
from anyio import to_thread
from fastapi import Depends, Request, Response
from sqlalchemy import Connection

from twotier.web.shared.authentication import Caller, caller
from twotier.web.shared.bounds import Limits
from twotier.web.shared.problems import CLIENT_GONE

CANCEL_SECONDS: Final = 5
AGAIN_SECONDS: Final = 1
"""The thread may have been between two statements, so it is told again."""

T = TypeVar("T")

log = structlog.get_logger(__name__)


class Work:
    """What one request has done in a thread.

    Attributes:
        limits: of the process.
        token: of the caller, who must have a place.
        places: where it works; those of reading a page, unless it is told otherwise.
    """

    def __init__(self, request: Request, who: Caller, limits: Limits) -> None:
        self.limits = limits
        self.token = who.token
        self.places = limits.reading
        self._request = request
        self._lock = Lock()
        self._in_thread = False
        self._connection: psycopg.Connection[Any] | None = None

    async def run(self, work: Callable[[], T]) -> T | Response:
        """Return what a function returns that is called in a thread; an empty response if nobody is left to get it.

        Args:
            work: covers the database connections that it uses, see `covering`.

        Raises:
            ProblemError: no place became free in time.
        """
        working = asyncio.create_task(self._in_turn(work))
        leaving = asyncio.create_task(self._client_left())
        try:
            await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
            return working.result() if working.done() else Response(status_code=CLIENT_GONE)
        finally:
            leaving.cancel()
            if not working.done():
                await self._end(working)

    @contextmanager
    def covering(self, connection: Connection) -> Iterator[None]:
        """Cancel what the connection executes inside the block if the client leaves."""
        driver = connection.connection.driver_connection
        assert isinstance(driver, psycopg.Connection)  # noqa: S101 -- the only driver that there is
        with self._lock:
            self._connection = driver
        try:
            yield
        finally:
            # Waits for a cancellation on its way, which would else reach the next request on this connection.
            with self._lock:
                self._connection = None

    async def _in_turn(self, work: Callable[[], T]) -> T:
        async with self.places.place(self.token):
            self._in_thread = True
            return await to_thread.run_sync(work)

    async def _client_left(self) -> None:
        while (await self._request.receive())["type"] != "http.disconnect":
            pass

    async def _end(self, working: "asyncio.Task[T]") -> None:
        """End the work, whether it waits, or a thread has begun: a thread cannot be stopped, but its statements can."""
        if not self._in_thread:
            working.cancel()
        while not working.done():
            await to_thread.run_sync(self._cancel_statement)
            await asyncio.wait({working}, timeout=AGAIN_SECONDS)
        if not working.cancelled() and (error := working.exception()):
            log.debug("ended with its client", reason=type(error).__name__)

    def _cancel_statement(self) -> None:
        with self._lock:
            if self._connection is None:
                return
            try:
                self._connection.cancel_safe(timeout=CANCEL_SECONDS)
            except psycopg.Error as error:
                log.warning("a statement could not be cancelled", reason=str(error))


async def work(request: Request, who: Annotated[Caller, Depends(caller)]) -> Work:
    """Return the work of a request."""
    return Work(request, who, request.app.state.limits)


OfRequest = Annotated[Work, Depends(work)]
