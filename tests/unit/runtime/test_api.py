"""Answers of an API server, good and bad, as the operator takes them; the server here only repeats what it is given."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

import pytest
from aiohttp import web
from prometheus_client import CollectorRegistry

from twotier.runtime.api import (
    ApiClient,
    ApiError,
    ConflictError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    Object,
    UnavailableError,
)
from twotier.runtime.api_resource import CONFIG_MAPS
from twotier.runtime.credentials import Access
from twotier.runtime.metrics import Metrics

T = TypeVar("T")
Answer = Callable[[web.Request], web.Response]
HTML = "<html><body>502 Bad Gateway</body></html>"


@asynccontextmanager
async def serving(handle: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> AsyncIterator[Access]:
    """Answer requests in this way, and tell where."""
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", handle)
    runner = web.AppRunner(application)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        yield Access(f"http://{host}:{port}", None, None, lambda: "secret")
    finally:
        await runner.cleanup()


def ask(answer: Answer, question: Callable[[ApiClient], Awaitable[T]]) -> T:
    """Ask a server that gives this answer to every request."""

    async def handle(request: web.Request) -> web.Response:
        return answer(request)

    async def play() -> T:
        async with serving(handle) as access, ApiClient(access, Metrics(CollectorRegistry())) as api:
            return await question(api)

    return asyncio.run(play())


async def get(api: ApiClient) -> Object | None:
    return await api.get(CONFIG_MAPS, "north", "words")


@pytest.mark.parametrize(
    ("status", "error"),
    [
        pytest.param(403, ForbiddenError, id="a missing right"),
        pytest.param(409, ConflictError, id="another uid or version"),
        pytest.param(422, InvalidError, id="an object that breaks a rule"),
        pytest.param(415, ApiError, id="a refusal of another kind"),
        pytest.param(429, UnavailableError, id="too many requests"),
        pytest.param(500, UnavailableError, id="an error of the server's"),
        pytest.param(503, UnavailableError, id="a server that starts"),
    ],
)
def test_a_refusal_is_told_by_its_kind_and_in_the_server_s_words(status: int, error: type[ApiError]) -> None:
    def refuse(_: web.Request) -> web.Response:
        return web.json_response({"kind": "Status", "reason": "Why", "message": "because"}, status=status)

    with pytest.raises(ApiError) as refused:
        ask(refuse, get)

    assert type(refused.value) is error
    assert str(refused.value) == f"the API server answered {status} Why: because"


def test_an_object_that_was_created_anew_meanwhile_is_a_conflict() -> None:
    def refuse(_: web.Request) -> web.Response:
        causes = [{"field": "metadata.uid", "message": "field is immutable"}]
        return web.json_response({"reason": "Invalid", "message": "no", "details": {"causes": causes}}, status=422)

    with pytest.raises(ConflictError):
        ask(refuse, get)


def test_a_gateway_s_page_is_an_answer_too() -> None:
    with pytest.raises(UnavailableError, match="502 : <html>"):
        ask(lambda _: web.Response(status=502, text=HTML, content_type="text/html"), get)


def test_a_server_that_is_not_there_is_unavailable() -> None:
    async def play() -> None:
        access = Access("http://127.0.0.1:9", None, None, lambda: None)
        async with ApiClient(access, Metrics(CollectorRegistry())) as api:
            await get(api)

    with pytest.raises(UnavailableError, match="could not be reached"):
        asyncio.run(play())


def test_what_is_not_there_is_nothing() -> None:
    assert ask(lambda _: web.json_response({"message": "no"}, status=404), get) is None


def test_what_is_to_be_replaced_must_be_there() -> None:
    with pytest.raises(NotFoundError):
        ask(lambda _: web.json_response({}, status=404), lambda api: api.replace(CONFIG_MAPS, "north", "words", {}))


def test_a_watch_takes_no_connection_from_requests() -> None:
    async def play() -> Object | None:
        begun, let_go = asyncio.Semaphore(0), asyncio.Event()

        async def handle(request: web.Request) -> web.Response:
            if "watch" in request.query:
                begun.release()
                await let_go.wait()
            return web.json_response({})

        async with serving(handle) as access, ApiClient(access, Metrics(CollectorRegistry()), connections=1) as api:
            async with api.watches() as session:
                watches = [asyncio.ensure_future(session.get(access.server, params={"watch": "1"})) for _ in range(3)]
                for _ in watches:
                    await begun.acquire()
                found = await get(api)
                let_go.set()
                for each in await asyncio.gather(*watches):
                    each.close()
            return found

    assert asyncio.run(play()) == {}


def test_every_request_shows_the_token() -> None:
    shown = ask(lambda request: web.json_response({"shown": request.headers["Authorization"]}), get)

    assert shown == {"shown": "Bearer secret"}


@pytest.mark.parametrize(
    ("selector", "pages", "total"),
    [
        pytest.param(None, [{"items": None, "metadata": {}}], 0, id="none, which the server writes as null"),
        pytest.param(
            None,
            [{"items": [{}], "metadata": {"continue": "next", "remainingItemCount": 9_999}}],
            10_000,
            id="one page is enough where the server tells how many remain",
        ),
        pytest.param(
            "label",
            [{"items": [{}, {}], "metadata": {"continue": "next"}}, {"items": [{}], "metadata": {}}],
            3,
            id="with a selector it does not, and all pages are read",
        ),
    ],
)
def test_counting(selector: str | None, pages: list[Object], total: int) -> None:
    remaining = iter(pages)

    counted = ask(
        lambda _: web.json_response(next(remaining)), lambda api: api.count(CONFIG_MAPS, "north", selector=selector)
    )

    assert counted == total
