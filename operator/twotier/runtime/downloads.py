"""Files from named servers: fetched beside the workers, bounded in size, time and number, the namespaces in turn."""

import asyncio
import hashlib
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from contextvars import Context
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import IO, Final, Self

import aiohttp
import structlog

from twotier.runtime.hosts import Address, Hosts
from twotier.runtime.resource import Key
from twotier.runtime.turns import Turns

# Each file takes up to its maximum size of the pod's volume for temporary files, until it is closed.
IN_ALL: Final = 4
FROM_A_HOST: Final = 3
FOR_A_NAMESPACE: Final = 2
GRACE_SECONDS: Final = 1.0
"""How long a reconcile stays for a file: most are here by then, and need no second look."""
KEPT_SECONDS: Final = 60.0
"""How long a file waits for the reconcile that asked for it; one that nobody wants any longer is dropped."""
CHUNK: Final = 1 << 18
CONNECT_SECONDS: Final = 5
KIBIBYTE: Final = 1 << 10
MEBIBYTE: Final = 1 << 20
OK: Final = 200

log = structlog.get_logger(__name__)


class DownloadError(Exception):
    """A file was not fetched; the message says why, without a byte of what the server answered."""


class OversizeError(DownloadError):
    """The file is larger than the limit."""


class UnlistedHostError(DownloadError):
    """The file is not on a named server: nothing was asked of the other one."""


class UnderWayError(Exception):
    """The file is not here yet; the resource that asked for it is woken when it is, or cannot be had."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Limits on fetching a file.

    Attributes:
        size: in bytes.
        seconds: from the first connection to the last byte.
        pace: bytes a second, over each so many seconds.
        paced_seconds: over how many.
    """

    size: int
    seconds: float
    pace: int = 64 * KIBIBYTE
    paced_seconds: float = 10


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file, and what is made of it.

    Attributes:
        algorithm: of the digest, as hashlib calls it.
    """

    address: Address
    algorithm: str
    bounds: Bounds


class Downloaded:
    """A whole file, as received (a compressed one stays compressed), which makes room for others when it is closed.

    Attributes:
        file: temporary.
        digest: of its bytes, in hexadecimal digits.
    """

    def __init__(self, file: IO[bytes], digest: str, closed: Callable[[], None]) -> None:
        self.file = file
        self.digest = digest
        self._closed = closed

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Remove the file."""
        self.file.close()
        self._closed()


@dataclass(eq=False, slots=True)
class _Request:
    """What a resource asked for.

    Attributes:
        task: once it has begun.
        outcome: once it has ended.
        left: the reconcile that asked does not stay for the file, and must be woken.
    """

    key: Key
    wanted: Wanted
    task: asyncio.Task[Downloaded] | None = None
    outcome: Downloaded | BaseException | None = None
    left: bool = False

    @property
    def limits(self) -> Mapping[tuple[str, str], int]:
        """The places that it takes, and how many may be taken of each."""
        return {
            ("in all", ""): IN_ALL,
            ("from a host", self.wanted.address.host): FROM_A_HOST,
            ("for a namespace", self.key.namespace): FOR_A_NAMESPACE,
        }


class Downloads:
    """Fetches a few files at once, from a host and for a namespace fewer; others wait for their turn.

    Args:
        hosts: the servers that files are fetched from.
        resume: has a resource reconciled again; called when its file is here, or cannot be had.
    """

    def __init__(self, hosts: Hosts, resume: Callable[[Key], object]) -> None:
        self._hosts = hosts
        self._resume = resume
        self._requests: dict[Key, _Request] = {}
        self._waiting: Turns[_Request] = Turns()
        self._taken: Counter[tuple[str, str]] = Counter()

    def address(self, url: str) -> Address:
        """Return where a URL leads.

        Raises:
            UnlistedHostError: not to a named server, or not plainly.
        """
        address = self._hosts.address(url)
        if address is None:
            raise UnlistedHostError(f"the operator fetches by http or https from {self._hosts} and nowhere else")
        return address

    async def fetch(self, key: Key, wanted: Wanted) -> Downloaded:
        """Return a file that a resource wants, to be closed by the caller; ask for it if it is not here.

        A resource has one file at a time: what it asked for before is dropped. No secret of the operator is sent: no
        token and no cookie. No proxy of the environment is used, and no redirect is followed.

        Raises:
            UnderWayError: it is not here yet.
            OversizeError: it is too large.
            DownloadError: it cannot be fetched, now or at all.
        """
        request = self._requests.get(key)
        if request is None or request.wanted != wanted:
            request = self._ask(key, wanted)
            if request.task is not None:
                await asyncio.wait({request.task}, timeout=GRACE_SECONDS)
        if request.outcome is None:
            request.left = True
            raise UnderWayError
        del self._requests[key]
        if isinstance(request.outcome, BaseException):
            raise request.outcome
        return request.outcome

    async def close(self) -> None:
        """Give up whatever is under way, waits or is kept."""
        tasks = [request.task for request in self._requests.values() if request.task is not None]
        for request in list(self._requests.values()):
            self._drop(request)
        await asyncio.gather(*tasks, return_exceptions=True)

    def _ask(self, key: Key, wanted: Wanted) -> _Request:
        if key in self._requests:
            self._drop(self._requests[key])
        request = self._requests[key] = _Request(key, wanted)
        self._waiting.add(key.namespace, request)
        self._begin()
        return request

    def _begin(self) -> None:
        while (request := self._waiting.take(self._has_place)) is not None:
            self._taken.update(request.limits.keys())
            receiving = _receive(request.wanted, partial(self._leave, request))
            # What the logs say of the reconcile that happens to be at work is not about this one.
            request.task = asyncio.create_task(receiving, context=Context())
            request.task.add_done_callback(partial(self._ended, request))

    def _has_place(self, request: _Request) -> bool:
        return all(self._taken[place] < most for place, most in request.limits.items())

    def _leave(self, request: _Request) -> None:
        self._taken.subtract(request.limits.keys())
        self._begin()

    def _ended(self, request: _Request, task: asyncio.Task[Downloaded]) -> None:
        failure = asyncio.CancelledError() if task.cancelled() else task.exception()
        request.outcome = failure or task.result()
        if failure is not None:
            self._leave(request)
        if self._requests.get(request.key) is not request:
            _discard(request)
            return
        if isinstance(failure, DownloadError):
            _tell(request, failure)
        if request.left:
            self._resume(request.key)
        asyncio.get_running_loop().call_later(KEPT_SECONDS, self._drop, request)

    def _drop(self, request: _Request) -> None:
        """Forget a request, unless the resource has its answer, or has asked for something else."""
        if self._requests.get(request.key) is not request:
            return
        del self._requests[request.key]
        self._waiting.discard(request.key.namespace, request)
        if request.task is not None:
            request.task.cancel()
        _discard(request)


def _discard(request: _Request) -> None:
    if isinstance(request.outcome, Downloaded):
        request.outcome.close()


def _tell(request: _Request, failure: DownloadError) -> None:
    """Log what those who only see the resource are not told."""
    cause = failure.__cause__
    told = {} if cause is None else {"cause": type(cause).__name__}
    if isinstance(cause, aiohttp.ClientConnectorError):
        told["error"] = str(cause.os_error)
    log.warning("not fetched", resource=str(request.key), url=request.wanted.address.url, reason=str(failure), **told)


async def _receive(wanted: Wanted, closed: Callable[[], None]) -> Downloaded:
    checksum = hashlib.new(wanted.algorithm)
    with ExitStack() as stack:
        file = stack.enter_context(tempfile.TemporaryFile())

        def take(chunk: bytes) -> None:
            checksum.update(chunk)
            file.write(chunk)

        await _fetch(wanted.address, wanted.bounds, take)
        file.seek(0)
        stack.pop_all()
    return Downloaded(file, checksum.hexdigest(), closed)


async def _fetch(address: Address, bounds: Bounds, take: Callable[[bytes], None]) -> None:
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS)
    headers = {"Accept-Encoding": "identity"}
    try:
        async with (
            asyncio.timeout(bounds.seconds) as whole,
            asyncio.timeout(bounds.paced_seconds) as pace,
            aiohttp.ClientSession(timeout=timeout, headers=headers, auto_decompress=False) as session,
            session.get(address.url, allow_redirects=False) as response,
        ):
            if response.status != OK:
                raise DownloadError(f"the server answered {response.status}")
            await _take_all(response, bounds, take, pace)
    except TimeoutError as error:
        raise _too_slow(bounds, whole, pace) from error
    except aiohttp.ClientPayloadError as error:
        raise DownloadError("the connection was lost before the end of the file") from error
    except aiohttp.ClientConnectionError as error:
        raise DownloadError("the server could not be reached") from error
    except aiohttp.ClientError as error:
        raise DownloadError("the server's answer cannot be understood") from error


async def _take_all(
    response: aiohttp.ClientResponse, bounds: Bounds, take: Callable[[bytes], None], pace: asyncio.Timeout
) -> None:
    """Take the file, and put the end of the pace's time off whenever enough of it has come."""
    _require_size(response.content_length or 0, bounds)
    enough = bounds.pace * bounds.paced_seconds
    size, due = 0, enough
    async for chunk in response.content.iter_chunked(CHUNK):
        size += len(chunk)
        _require_size(size, bounds)
        take(chunk)
        if size >= due:
            due = size + enough
            pace.reschedule(asyncio.get_running_loop().time() + bounds.paced_seconds)


def _too_slow(bounds: Bounds, whole: asyncio.Timeout, pace: asyncio.Timeout) -> DownloadError:
    if pace.expired():
        return DownloadError(f"it came slower than {bounds.pace // KIBIBYTE} KiB/s for {bounds.paced_seconds:g} s")
    if whole.expired():
        return DownloadError(f"it took longer than the limit of {bounds.seconds:g} s")
    return DownloadError("the server could not be reached")


def _require_size(size: int, bounds: Bounds) -> None:
    if size > bounds.size:
        raise OversizeError(f"it is larger than the limit of {bounds.size // MEBIBYTE} MiB")
