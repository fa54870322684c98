"""Files from servers that answer well, badly, too much, too slowly or never; some want them, some no longer do."""

import asyncio
import hashlib
import io
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeVar

import pytest
import structlog
from aiohttp import web
from structlog.testing import capture_logs

from twotier.runtime import downloads as module
from twotier.runtime.downloads import (
    FOR_A_NAMESPACE,
    FROM_A_HOST,
    IN_ALL,
    Bounds,
    Downloaded,
    DownloadError,
    Downloads,
    OversizeError,
    UnderWayError,
    UnlistedHostError,
    Wanted,
)
from twotier.runtime.hosts import Hosts
from twotier.runtime.resource import Key

T = TypeVar("T")
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]
CONTENT = b"prices" * 1000
MEBIBYTE = 1 << 20
BOUNDS = Bounds(size=MEBIBYTE, seconds=20)
A, B, C = (Key("Toy", "north", name) for name in "abc")
D = Key("Toy", "south", "d")


def serving(answer: Answer, visit: Callable[[str], Awaitable[T]]) -> T:
    """Visit a server, by its name and port, that answers so to every request."""

    async def play() -> T:
        application = web.Application()
        application.router.add_get("/{path:.*}", answer)
        runner = web.AppRunner(application, handler_cancellation=True)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            host, port = runner.addresses[0][:2]
            return await visit(f"{host}:{port}")
        finally:
            await runner.cleanup()

    return asyncio.run(play())


@dataclass
class Desk:
    """Resources that want files, and those that were woken."""

    server: str
    hosts: str = ""
    woken: asyncio.Queue[Key] = field(default_factory=asyncio.Queue)
    bounds: Bounds = BOUNDS

    def __post_init__(self) -> None:
        self.downloads = Downloads(Hosts.read(self.hosts or self.server), self.woken.put_nowait)

    def wanted(self, path: str = "/file") -> Wanted:
        return Wanted(self.downloads.address(f"http://{self.server}{path}"), "sha256", self.bounds)

    async def take(self, key: Key, path: str = "/file") -> bytes:
        """What is fetched, at once or after waking."""
        with await self.hold(key, path) as downloaded:
            return downloaded.file.read()

    async def hold(self, key: Key, path: str = "/file") -> Downloaded:
        while True:
            with suppress(UnderWayError):
                return await self.downloads.fetch(key, self.wanted(path))
            while await self.woken.get() != key:
                pass

    async def ask(self, key: Key, path: str = "/file") -> None:
        """Ask for a file that is not here yet."""
        with pytest.raises(UnderWayError):
            await self.downloads.fetch(key, self.wanted(path))


@pytest.fixture
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """No reconcile stays for a file."""
    monkeypatch.setattr(module, "GRACE_SECONDS", 0)


def fetched(answer: Answer, bounds: Bounds = BOUNDS) -> tuple[bytes, str]:
    """What is fetched from a server, and its digest."""

    async def visit(server: str) -> tuple[bytes, str]:
        with await Desk(server, bounds=bounds).hold(A) as downloaded:
            return downloaded.file.read(), downloaded.digest

    return serving(answer, visit)


async def whole(_: web.Request) -> web.Response:
    return web.Response(body=CONTENT)


async def said_to_be_compressed(_: web.Request) -> web.Response:
    return web.Response(body=CONTENT, headers={"Content-Encoding": "gzip"})


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(whole, id="a file"),
        pytest.param(said_to_be_compressed, id="a file that the server calls compressed, as it is"),
    ],
)
def test_what_is_fetched(answer: Answer) -> None:
    assert fetched(answer) == (CONTENT, hashlib.sha256(CONTENT).hexdigest())


async def missing(_: web.Request) -> web.Response:
    return web.Response(status=404)


async def elsewhere(_: web.Request) -> web.Response:
    raise web.HTTPFound("http://169.254.169.254/secrets?token=1")


async def with_a_word_of_its_own(_: web.Request) -> web.Response:
    return web.Response(status=403, reason="the password is hunter2", text="hunter2")


async def with_no_http(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.write(b"SSH-2.0-OpenSSH_9.2\r\n")
    request.transport.close()
    return web.Response()


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


async def in_drops(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": str(MEBIBYTE)})
    await response.prepare(request)
    while True:
        await response.write(b"x")
        await asyncio.sleep(0.01)


async def never(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    await asyncio.Event().wait()
    return response


@pytest.mark.parametrize(
    ("answer", "bounds", "error", "message"),
    [
        pytest.param(missing, BOUNDS, DownloadError, "the server answered 404", id="there is none"),
        pytest.param(elsewhere, BOUNDS, DownloadError, "the server answered 302", id="it is said to lie elsewhere"),
        pytest.param(
            with_a_word_of_its_own,
            BOUNDS,
            DownloadError,
            "the server answered 403",
            id="the server has words of its own for it",
        ),
        pytest.param(
            with_no_http,
            BOUNDS,
            DownloadError,
            "the server's answer cannot be understood",
            id="the server speaks something else",
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
            in_drops,
            Bounds(size=MEBIBYTE, seconds=20, pace=64 << 10, paced_seconds=0.25),
            DownloadError,
            "it came slower than 64 KiB/s for 0.25 s",
            id="it comes in drops",
        ),
        pytest.param(
            never,
            Bounds(size=MEBIBYTE, seconds=20, pace=64 << 10, paced_seconds=0.25),
            DownloadError,
            "it came slower than 64 KiB/s for 0.25 s",
            id="it begins and does not go on",
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


def test_a_server_that_is_not_there_is_told_of_without_what_the_network_says() -> None:
    async def visit() -> None:
        desk = Desk("127.0.0.1:1")
        with pytest.raises(DownloadError) as failed:
            await desk.take(A)
        assert str(failed.value) == "the server could not be reached"

    with capture_logs() as logged:
        asyncio.run(visit())
    (each,) = logged
    assert each["url"] == "http://127.0.0.1:1/file"
    assert each["error"].endswith("Connect call failed ('127.0.0.1', 1)")


def test_what_is_not_on_a_named_server_is_not_asked_for() -> None:
    asked: list[str] = []

    async def listen(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response()

    async def visit(server: str) -> None:
        desk = Desk(server, hosts="flux.example, flux.example:8443")
        with pytest.raises(UnlistedHostError) as refused:
            desk.wanted()
        assert str(refused.value) == (
            "the operator fetches by http or https from flux.example, flux.example:8443 and nowhere else"
        )

    serving(listen, visit)
    assert asked == []


def test_nothing_of_the_operator_is_told_to_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    told: dict[str, str] = {}
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")

    async def listen(request: web.Request) -> web.Response:
        told.update({name.lower(): value for name, value in request.headers.items()})
        return web.Response()

    fetched(listen)
    assert set(told) == {"host", "accept", "accept-encoding", "user-agent"}


class Turnstile:
    """Answers when it is told to, and knows how many wait for that."""

    def __init__(self) -> None:
        self.waiting: Counter[str] = Counter()
        self.came: asyncio.Queue[str] = asyncio.Queue()
        self.open = asyncio.Event()

    async def answer(self, request: web.Request) -> web.Response:
        whose = request.path.split("/")[1]
        self.waiting[whose] += 1
        self.came.put_nowait(whose)
        await self.open.wait()
        self.waiting[whose] -= 1
        return web.Response(body=CONTENT)

    async def wait_for(self, *whose: str) -> None:
        for _ in whose:
            await self.came.get()
        assert self.waiting == Counter(whose)


@pytest.mark.usefixtures("_hurried")
@pytest.mark.parametrize(
    ("namespaces", "at_once"),
    [
        pytest.param(["north"], ["north"] * FOR_A_NAMESPACE, id="for a namespace"),
        pytest.param(["north", "south", "west"], ["north", "north", "south"], id="from a host"),
    ],
)
def test_few_files_are_fetched_at_once(namespaces: list[str], at_once: list[str]) -> None:
    turnstile = Turnstile()
    keys = [Key("Toy", namespace, str(number)) for namespace in namespaces for number in range(5)]

    async def visit(server: str) -> list[bytes]:
        desk = Desk(server)
        for key in keys:
            await desk.ask(key, f"/{key.namespace}/{key.name}")
        await turnstile.wait_for(*at_once)
        turnstile.open.set()
        taken = []
        for _ in keys:
            key = await desk.woken.get()
            with await desk.downloads.fetch(key, desk.wanted(f"/{key.namespace}/{key.name}")) as downloaded:
                taken.append(downloaded.file.read())
        return taken

    assert serving(turnstile.answer, visit) == [CONTENT] * len(keys)


@pytest.mark.usefixtures("_hurried")
def test_one_host_leaves_room_for_another() -> None:
    turnstile = Turnstile()

    async def visit(server: str) -> None:
        other = server.replace("127.0.0.1", "localhost")
        desk = Desk(server, hosts=f"{server}, {other}")
        for key in [Key("Toy", namespace, name) for name in "abc" for namespace in ("north", "south")]:
            await desk.ask(key, f"/here/{key.namespace}{key.name}")
        await turnstile.wait_for(*["here"] * FROM_A_HOST)
        desk.server = other
        await desk.ask(Key("Toy", "west", "d"), "/there/d")
        assert await turnstile.came.get() == "there"
        await desk.downloads.close()

    serving(turnstile.answer, visit)
    assert FOR_A_NAMESPACE < FROM_A_HOST < IN_ALL


@pytest.mark.usefixtures("_hurried")
def test_a_namespace_that_asks_for_much_does_not_go_before_one_that_asks_later() -> None:
    turnstile = Turnstile()

    async def visit(server: str) -> None:
        desk = Desk(server)
        for number in range(20):
            await desk.ask(Key("Toy", "north", str(number)), f"/north/{number}")
        await turnstile.wait_for(*["north"] * FOR_A_NAMESPACE)
        await desk.ask(D, "/south/d")
        assert await turnstile.came.get() == "south"
        await desk.downloads.close()

    serving(turnstile.answer, visit)


@pytest.mark.usefixtures("_hurried")
def test_a_file_that_is_kept_takes_its_place_until_it_is_closed() -> None:
    async def visit(server: str) -> None:
        desk = Desk(server)
        held = [await desk.hold(key) for key in (A, B)]
        await desk.ask(C)
        await asyncio.sleep(0.05)
        assert desk.woken.empty()
        held[0].close()
        assert await desk.take(C) == CONTENT
        held[1].close()

    serving(whole, visit)


def test_a_file_that_comes_at_once_wakes_nobody() -> None:
    async def visit(server: str) -> None:
        desk = Desk(server)
        with await desk.downloads.fetch(A, desk.wanted()) as downloaded:
            assert downloaded.file.read() == CONTENT
        assert desk.woken.empty()

    serving(whole, visit)


@pytest.mark.usefixtures("_hurried")
@pytest.mark.parametrize("answer", [pytest.param(whole, id="is here"), pytest.param(missing, id="cannot be had")])
def test_who_did_not_stay_for_its_file_is_woken_once_when_it(answer: Answer) -> None:
    async def visit(server: str) -> None:
        desk = Desk(server)
        await desk.ask(A)
        assert await desk.woken.get() == A
        with suppress(DownloadError):
            (await desk.downloads.fetch(A, desk.wanted())).close()
        assert desk.woken.empty()

    serving(answer, visit)


@pytest.mark.usefixtures("_hurried")
def test_what_cannot_be_had_is_asked_for_anew() -> None:
    answers = iter([missing, whole])

    async def answer(request: web.Request) -> web.StreamResponse:
        return await next(answers)(request)

    async def visit(server: str) -> None:
        desk = Desk(server)
        with pytest.raises(DownloadError):
            await desk.take(A)
        assert await desk.take(A) == CONTENT

    serving(answer, visit)


@pytest.mark.usefixtures("_hurried")
def test_who_asks_for_another_file_does_not_get_the_first_and_leaves_its_place() -> None:
    turnstile = Turnstile()

    async def visit(server: str) -> None:
        desk = Desk(server)
        for number in range(10):
            await desk.ask(A, f"/{number}")
        await turnstile.came.get()
        turnstile.open.set()
        assert await desk.take(A, "/9") == CONTENT
        assert await desk.take(B) == CONTENT

    serving(turnstile.answer, visit)


@pytest.mark.usefixtures("_hurried")
def test_a_file_that_nobody_wants_any_longer_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEPT_SECONDS", 0.05)

    async def visit(server: str) -> None:
        desk = Desk(server)
        for key in (A, B):
            await desk.ask(key)
        await desk.woken.get()
        await desk.woken.get()
        assert await desk.take(C) == CONTENT, "their places are free"

    serving(whole, visit)


@pytest.mark.usefixtures("_hurried")
def test_at_the_end_nothing_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    files: list[io.BytesIO] = []

    def temporary() -> io.BytesIO:
        files.append(io.BytesIO())
        return files[-1]

    monkeypatch.setattr(tempfile, "TemporaryFile", temporary)

    async def answer(request: web.Request) -> web.StreamResponse:
        return await (whole if request.path == "/whole" else never)(request)

    async def visit(server: str) -> None:
        desk = Desk(server)
        await desk.ask(A, "/whole")
        await desk.woken.get()
        for key in (B, C, D):
            await desk.ask(key)
        await asyncio.sleep(0.05)
        await desk.downloads.close()
        assert desk.woken.empty()
        assert asyncio.all_tasks() - {asyncio.current_task()} <= {
            task for task in asyncio.all_tasks() if "aiohttp" in repr(task) or "RequestHandler" in repr(task)
        }

    serving(answer, visit)
    assert files
    assert all(file.closed for file in files)


@pytest.mark.usefixtures("_hurried")
def test_a_disk_that_is_full_is_not_the_server_s_fault_and_frees_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.BytesIO):
        def write(self, _: object) -> int:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", Full)

    async def visit(server: str) -> None:
        desk = Desk(server)
        for _ in range(2 * IN_ALL):
            with pytest.raises(OSError, match="No space left"):
                await desk.take(A)

    serving(whole, visit)


def test_a_failure_is_logged_with_its_own_resource() -> None:
    async def visit(server: str) -> None:
        structlog.contextvars.bind_contextvars(namespace="another")
        with pytest.raises(DownloadError):
            await Desk(server).take(A)

    with capture_logs() as logged:
        serving(missing, visit)
    (each,) = logged
    assert (each["resource"], each["reason"]) == ("Toy north/a", "the server answered 404")
