"""Foreign files, fetched over HTTP: bounded in size and time, and only from the named host."""

import asyncio
import hashlib
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import IO, Final
from urllib.parse import urljoin, urlsplit

import aiohttp

# Each takes up to its maximum size of the pod's volume for temporary files.
AT_ONCE: Final = 2
REDIRECTS: Final = 3
CHUNK: Final = 1 << 18
CONNECT_SECONDS: Final = 5
MEBIBYTE: Final = 1 << 20
OK: Final = 200
REDIRECTED: Final = (301, 302, 303, 307, 308)


class DownloadError(Exception):
    """A file was not fetched; the message says why."""


class OversizeError(DownloadError):
    """The file is larger than the limit."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Limits on fetching a file.

    Attributes:
        size: in bytes.
        seconds: from the first connection to the last byte.
    """

    size: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Downloaded:
    """A whole file, as received: a compressed one stays compressed.

    Attributes:
        file: temporary, removed when the download is closed.
        digest: of its bytes, in hexadecimal digits.
    """

    file: IO[bytes]
    digest: str


class Downloads:
    """Fetches a few files at once; further ones wait for their turn."""

    def __init__(self) -> None:
        self._turns = asyncio.Semaphore(AT_ONCE)

    @asynccontextmanager
    async def fetch(self, url: str, algorithm: str, bounds: Bounds) -> AsyncIterator[Downloaded]:
        """Fetch a file, and keep it until the end of the `async with`.

        No secret of the operator is sent: no token and no cookie. No proxy of the environment is used.

        Args:
            algorithm: of the digest, as hashlib calls it.

        Raises:
            OversizeError: the file is too large.
            DownloadError: it cannot be fetched, now or at all.
        """
        checksum = hashlib.new(algorithm)
        async with self._turns:
            with tempfile.TemporaryFile() as file:

                def take(chunk: bytes) -> None:
                    checksum.update(chunk)
                    file.write(chunk)

                await _fetch(url, bounds, take)
                file.seek(0)
                yield Downloaded(file, checksum.hexdigest())


async def _fetch(url: str, bounds: Bounds, take: Callable[[bytes], None]) -> None:
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS)
    headers = {"Accept-Encoding": "identity"}
    try:
        async with (
            asyncio.timeout(bounds.seconds),
            aiohttp.ClientSession(timeout=timeout, headers=headers, auto_decompress=False) as session,
            _answer(session, url) as response,
        ):
            _require_size(response.content_length or 0, bounds)
            size = 0
            async for chunk in response.content.iter_chunked(CHUNK):
                size += len(chunk)
                _require_size(size, bounds)
                take(chunk)
    except TimeoutError:
        raise DownloadError(f"it took longer than the limit of {bounds.seconds:g} s") from None
    except aiohttp.ClientPayloadError as error:
        raise DownloadError("the connection was lost before the end of the file") from error
    except aiohttp.ClientError as error:
        raise DownloadError(str(error) or type(error).__name__) from error


@asynccontextmanager
async def _answer(session: aiohttp.ClientSession, url: str) -> AsyncIterator[aiohttp.ClientResponse]:
    """The response with the file; redirects are followed only on the same host."""
    address = url
    for _ in range(REDIRECTS + 1):
        async with session.get(address, allow_redirects=False) as response:
            if response.status == OK:
                yield response
                return
            if response.status not in REDIRECTED:
                raise DownloadError(f"the server answered {response.status} {response.reason}")
            address = _on_the_same_host(address, response.headers.get("Location", ""))
    raise DownloadError(f"the server redirects more than {REDIRECTS} times")


def _on_the_same_host(address: str, location: str) -> str:
    target = urljoin(address, location)
    here, there = urlsplit(address), urlsplit(target)
    if (here.scheme, here.netloc) != (there.scheme, there.netloc):
        raise DownloadError(
            f"the server redirects to another host, {there.scheme}://{there.hostname}, which is not followed"
        )
    return target


def _require_size(size: int, bounds: Bounds) -> None:
    if size > bounds.size:
        raise OversizeError(f"it is larger than the limit of {bounds.size // MEBIBYTE} MiB")
