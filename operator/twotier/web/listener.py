"""How connections are treated: what is neither a request nor an answer in progress does not last.

Uvicorn itself waits for a request without an end, and for a reader without an end.
"""

import asyncio
from collections.abc import Callable
from typing import Any, Final

from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

MOST_CONNECTIONS: Final = 512
HEAD_SECONDS: Final = 10
"""How long a client has to send the head of a request, and what nobody reads of a body."""
WRITE_SECONDS: Final = 30
"""How long a client has to make room for more of an answer."""


class _Deadline:
    """Calls something, unless it is stopped in time."""

    def __init__(self, seconds: float, late: Callable[[], None]) -> None:
        self._seconds = seconds
        self._late = late
        self._timer: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Begin, unless it has begun."""
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._seconds, self._late)

    def stop(self) -> None:
        """End, if it has begun."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class Listener(H11Protocol):
    """A connection of a client."""

    most_connections = MOST_CONNECTIONS
    head_seconds: float = HEAD_SECONDS
    write_seconds: float = WRITE_SECONDS

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._head = _Deadline(self.head_seconds, self._abort)
        self._room = _Deadline(self.write_seconds, self._abort)
        self._idle_since = self.loop.time()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Begin; where there are too many connections, one that is idle ends."""
        super().connection_made(transport)
        self._head.start()
        # Those that were ended a moment ago are still among them.
        there = [each for each in self.connections if isinstance(each, Listener) and not each.transport.is_closing()]
        if len(there) > self.most_connections:
            idle = [each for each in there if not each.is_answering]
            min(idle, key=lambda each: each._idle_since).transport.abort()

    @property
    def is_answering(self) -> bool:
        """Whether a request is being answered."""
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is not None and not cycle.response_complete

    def data_received(self, data: bytes) -> None:
        """Take bytes of a request."""
        super().data_received(data)
        if self.is_answering:
            self._head.stop()
        else:
            self._head.start()

    def on_response_complete(self) -> None:
        """End a request."""
        self._idle_since = self.loop.time()
        super().on_response_complete()

    def pause_writing(self) -> None:
        """Wait for the client to take what was sent, but not for ever."""
        super().pause_writing()
        self._room.start()

    def resume_writing(self) -> None:
        """Go on."""
        self._room.stop()
        super().resume_writing()

    def timeout_keep_alive_handler(self) -> None:
        """End a connection without requests, whether or not the client took the last answer."""
        super().timeout_keep_alive_handler()
        if self.transport.get_write_buffer_size():
            self.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self._head.stop()
        self._room.stop()
        super().connection_lost(exc)

    def _abort(self) -> None:
        self.transport.abort()
