"""Files from servers that answer well, badly, too much or never."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest
from aiohttp import web

from twotier.runtime.downloads import AT_ONCE, Bounds, DownloadError, Downloads, OversizeError

T = TypeVar("T")
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]
CONTENT = b"prices" * 1000
MEBIBYTE = 1 << 20
BOUNDS = Bounds(size=MEBIBYTE, seconds=20)


def serving(answer: Answer, visit: Callable[[str], Awaitable[T]]) -> T:
    """Visit a server, by its address, that answers so to every request."""

    async def play() -> T:
        application = web.Application()
        application.router.add_get("/{path:.*}", answer)
        runner = web.AppRunner(application, handler_cancellation=True)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            host, port = runner.addresses[0][:2]
            return await visit(f"http://{host}:{port}")
        finally:
            await runner.cleanup()

    return asyncio.run(play())


def fetched(answer: Answer, bounds: Bounds = BOUNDS) -> tuple[bytes, str]:
    """What is fetched from a server, and its digest."""

    async def visit(server: str) -> tuple[bytes, str]:
        async with Downloads().fetch(f"{server}/file", "sha256", bounds) as downloaded:
            return downloaded.file.read(), downloaded.digest

    return serving(answer, visit)


async def whole(_: web.Request) -> web.Response:
    return web.Response(body=CONTENT)


async def said_to_be_compressed(_: web.Request) -> web.Response:
    return web.Response(body=CONTENT, headers={"Content-Encoding": "gzip"})


async def elsewhere_on_the_same_host(request: web.Request) -> web.Response:
    if request.path == "/file":
        raise web.HTTPFound("/there")
    return web.Response(body=CONTENT)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(whole, id="a file"),
        pytest.param(said_to_be_compressed, id="a file that the server calls compressed, as it is"),
        pytest.param(elsewhere_on_the_same_host, id="a file that lies elsewhere on the same host"),
    ],
)
def test_what_is_fetched(answer: Answer) -> None:
    assert fetched(answer) == (CONTENT, hashlib.sha256(CONTENT).hexdigest())


async def missing(_: web.Request) -> web.Response:
    return web.Response(status=404)


async def to_another_host(_: web.Request) -> web.Response:
    raise web.HTTPFound("http://169.254.169.254/secrets?token=1")


async def to_another_scheme(request: web.Request) -> web.Response:
    raise web.HTTPFound(f"ftp://{request.host}/file")


async def round_and_round(_: web.Request) -> web.Response:
    raise web.HTTPFound("/file")


async def too_large(_: web.Request) -> web.Response:
    return web.Response(body=bytes(MEBIBYTE + 1))


async def large_without_end(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    response.enable_chunked_encoding()
    await response.prepare(request)
    while True:
        await response.write(bytes(MEBIBYTE // 4))


async def cut_off(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": "100"})
    await response.prepare(request)
    await response.write(CONTENT[:50])
    assert request.transport is not None
    request.transport.close()
    return response


async def never(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    await asyncio.Event().wait()
    return response


@pytest.mark.parametrize(
    ("answer", "bounds", "error", "message"),
    [
        pytest.param(missing, BOUNDS, DownloadError, "the server answered 404 Not Found", id="there is none"),
        pytest.param(
            to_another_host,
            BOUNDS,
            DownloadError,
            "the server redirects to another host, http://169.254.169.254, which is not followed",
            id="it is said to lie on another host",
        ),
        pytest.param(
            to_another_scheme,
            BOUNDS,
            DownloadError,
            "the server redirects to another host, ftp://127.0.0.1, which is not followed",
            id="it is said to lie behind another protocol",
        ),
        pytest.param(
            round_and_round, BOUNDS, DownloadError, "the server redirects more than 3 times", id="it lies nowhere"
        ),
        pytest.param(too_large, BOUNDS, OversizeError, "it is larger than the limit of 1 MiB", id="it is too large"),
        pytest.param(
            large_without_end,
            BOUNDS,
            OversizeError,
            "it is larger than the limit of 1 MiB",
            id="it has no end",
        ),
        pytest.param(
            never,
            Bounds(size=MEBIBYTE, seconds=0.2),
            DownloadError,
            "it took longer than the limit of 0.2 s",
            id="it does not come",
        ),
        pytest.param(
            cut_off, BOUNDS, DownloadError, "the connection was lost before the end of the file", id="it is cut off"
        ),
    ],
)
def test_why_a_file_is_not_fetched(answer: Answer, bounds: Bounds, error: type[DownloadError], message: str) -> None:
    with pytest.raises(error) as failed:
        fetched(answer, bounds)
    assert (type(failed.value), str(failed.value)) == (error, message)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/file", "ftp://127.0.0.1/file", "file:///etc/passwd", "nonsense"])
def test_what_is_no_server_is_told(url: str) -> None:
    async def visit() -> None:
        async with Downloads().fetch(url, "sha256", BOUNDS):
            raise AssertionError("there is nothing")

    with pytest.raises(DownloadError, match=r"."):
        asyncio.run(visit())


def test_nothing_of_the_operator_is_told_to_the_server() -> None:
    told: dict[str, str] = {}

    async def listen(request: web.Request) -> web.Response:
        told.update({name.lower(): value for name, value in request.headers.items()})
        return web.Response()

    fetched(listen)
    assert set(told) == {"host", "accept", "accept-encoding", "user-agent"}


def test_few_files_are_fetched_at_once() -> None:
    together, here, most = asyncio.Barrier(AT_ONCE), 0, 0

    async def wait_for_company(_: web.Request) -> web.Response:
        nonlocal here, most
        here += 1
        most = max(most, here)
        await together.wait()
        here -= 1
        return web.Response(body=CONTENT)

    async def visit(server: str) -> list[bytes]:
        downloads = Downloads()

        async def fetch(number: int) -> bytes:
            async with downloads.fetch(f"{server}/{number}", "sha256", BOUNDS) as downloaded:
                return downloaded.file.read()

        return await asyncio.gather(*(fetch(number) for number in range(2 * AT_ONCE)))

    assert serving(wait_for_company, visit) == [CONTENT] * 2 * AT_ONCE
    assert most == AT_ONCE
