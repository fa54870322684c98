"""Who is let in, by what the API server says of a token; the server here only repeats what it is given."""

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import web
from prometheus_client import CollectorRegistry

from twotier.runtime.api import ApiClient
from twotier.runtime.credentials import Access
from twotier.runtime.metrics import RequestMetrics
from twotier.web.shared.authentication import AUDIENCE, CAPACITY, REFUSED, REMEMBERED, TokenReviewer
from twotier.web.shared.problems import ProblemError

VIEWER = "system:serviceaccount:tools:twotier-viewer"
ADDRESS = "192.0.2.1"
START = datetime(2026, 11, 2, 9, tzinfo=UTC)


def reviewed(
    user: str = VIEWER, *, authenticated: bool = True, audiences: tuple[str, ...] = (AUDIENCE,)
) -> Mapping[str, Any]:
    return {"status": {"authenticated": authenticated, "audiences": list(audiences), "user": {"username": user}}}


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


class Server:
    """Repeats an answer, and keeps what it was asked."""

    def __init__(self, answer: Mapping[str, Any] | int) -> None:
        self.answer = answer
        self.asked: list[dict[str, Any]] = []

    async def handle(self, request: web.Request) -> web.Response:
        assert request.path == "/apis/authentication.k8s.io/v1/tokenreviews"
        self.asked.append(json.loads(await request.text())["spec"])
        if isinstance(self.answer, int):
            return web.Response(status=self.answer)
        return web.json_response(self.answer, status=201)


def play(server: Server, story: Callable[[TokenReviewer, Clock], Awaitable[None]]) -> None:
    """Have a story told beside a server."""

    async def play_it() -> None:
        application = web.Application()
        application.router.add_route("*", "/{path:.*}", server.handle)
        runner = web.AppRunner(application)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            host, port = runner.addresses[0][:2]
            access, clock = Access(f"http://{host}:{port}", None, None, lambda: "ours"), Clock()
            async with ApiClient(access, RequestMetrics(CollectorRegistry())) as api:
                await story(TokenReviewer(api, "tools", clock), clock)
        finally:
            await runner.cleanup()

    asyncio.run(play_it())


@pytest.mark.parametrize("name", ["twotier-viewer", "twotier-admin"])
def test_the_service_accounts_of_our_namespace_are_let_in(name: str) -> None:
    server = Server(reviewed(f"system:serviceaccount:tools:{name}"))

    async def story(reviewer: TokenReviewer, _: Clock) -> None:
        caller = await reviewer.authenticate("theirs", ADDRESS)
        assert caller.user == f"system:serviceaccount:tools:{name}"
        assert "theirs" not in caller.token

    play(server, story)
    assert server.asked == [{"token": "theirs", "audiences": [AUDIENCE]}]


@pytest.mark.parametrize(
    ("answer", "status", "told"),
    [
        pytest.param(reviewed(authenticated=False), 401, "--audience twotier", id="a token of nobody"),
        pytest.param(reviewed(audiences=()), 401, "--audience twotier", id="a server that does not check audiences"),
        pytest.param(reviewed(audiences=("vault",)), 401, "--audience twotier", id="a token for another audience"),
        pytest.param({"status": {}}, 401, "--audience twotier", id="an answer that says nothing"),
        pytest.param(
            reviewed("system:serviceaccount:tools:default"),
            403,
            "system:serviceaccount:tools:default has no access",
            id="another ServiceAccount",
        ),
        pytest.param(
            reviewed("system:serviceaccount:elsewhere:twotier-viewer"),
            403,
            "kubectl create token twotier-viewer --namespace tools --audience twotier",
            id="a ServiceAccount of the same name in another namespace",
        ),
        pytest.param(reviewed("twotier-viewer"), 403, "twotier-viewer has no access", id="a person of the same name"),
        pytest.param(503, 503, "Try again later", id="a server that is away"),
        pytest.param(403, 503, "Try again later", id="a server that does not let us ask"),
    ],
)
def test_others_are_told_what_to_do(answer: Mapping[str, Any] | int, status: int, told: str) -> None:
    async def story(reviewer: TokenReviewer, _: Clock) -> None:
        with pytest.raises(ProblemError) as problem:
            await reviewer.authenticate("theirs", ADDRESS)
        assert problem.value.status == status
        assert told in problem.value.detail
        assert "theirs" not in problem.value.detail

    play(Server(answer), story)


def test_who_was_let_in_is_remembered_for_a_short_time() -> None:
    server = Server(reviewed())

    async def story(reviewer: TokenReviewer, clock: Clock) -> None:
        await reviewer.authenticate("theirs", ADDRESS)
        clock.now += REMEMBERED - timedelta(seconds=1)
        await reviewer.authenticate("theirs", ADDRESS)
        assert len(server.asked) == 1
        clock.now += timedelta(seconds=1)
        server.answer = reviewed(authenticated=False)
        with pytest.raises(ProblemError):
            await reviewer.authenticate("theirs", ADDRESS)

    play(server, story)


def test_a_refusal_is_remembered_for_a_shorter_time() -> None:
    server = Server(reviewed(authenticated=False))

    async def story(reviewer: TokenReviewer, clock: Clock) -> None:
        for _ in range(3):
            with pytest.raises(ProblemError) as refused:
                await reviewer.authenticate("theirs", ADDRESS)
            assert refused.value.status == 401
        assert len(server.asked) == 1
        server.answer = reviewed()
        clock.now += REFUSED
        assert (await reviewer.authenticate("theirs", ADDRESS)).user == VIEWER

    play(server, story)


def test_an_address_that_sends_many_wrong_tokens_has_few_of_them_checked() -> None:
    server = Server(reviewed(authenticated=False))

    async def story(reviewer: TokenReviewer, clock: Clock) -> None:
        statuses = Counter([await status_of(reviewer, f"made up {number}") for number in range(500)])
        assert (statuses[401], statuses[429]) == (len(server.asked), 500 - len(server.asked))
        assert len(server.asked) < 50
        asked = len(server.asked)
        with pytest.raises(ProblemError) as held_up:
            await reviewer.authenticate("made up", ADDRESS)
        clock.now += timedelta(seconds=int(held_up.value.headers["Retry-After"]))
        assert await status_of(reviewer, "made up") == 401
        assert len(server.asked) == asked + 1

    play(server, story)


def test_wrong_tokens_hold_up_neither_other_addresses_nor_tokens_that_are_known() -> None:
    server = Server(reviewed())

    async def story(reviewer: TokenReviewer, clock: Clock) -> None:
        await reviewer.authenticate("known", ADDRESS)
        server.answer = reviewed(authenticated=False)
        for number in range(3 * CAPACITY):
            await status_of(reviewer, f"made up {number}")
        server.answer = reviewed()
        assert await status_of(reviewer, "new") == 429
        assert await status_of(reviewer, "new", "192.0.2.7") is None
        assert await status_of(reviewer, "known") is None
        clock.now += REMEMBERED  # the token is checked again, and does not wait for it
        await status_of(reviewer, "made up")
        assert await status_of(reviewer, "known") is None

    play(server, story)


def test_however_many_addresses_have_no_more_than_so_many_tokens_checked_at_once() -> None:
    server = Server(reviewed(authenticated=False))

    async def story(reviewer: TokenReviewer, _: Clock) -> None:
        statuses = [await status_of(reviewer, f"{number}", f"192.0.2.{number % 250}") for number in range(300)]
        assert (statuses.count(401), statuses[-1]) == (len(server.asked), 429)
        assert len(server.asked) < 150

    play(server, story)


async def status_of(reviewer: TokenReviewer, token: str, address: str = ADDRESS) -> int | None:
    """Return the status of the refusal; None where there is none."""
    try:
        await reviewer.authenticate(token, address)
    except ProblemError as problem:
        return problem.status
    return None


def test_another_token_is_another_caller() -> None:
    server = Server(reviewed())

    async def story(reviewer: TokenReviewer, _: Clock) -> None:
        await reviewer.authenticate("theirs", ADDRESS)
        server.answer = reviewed(authenticated=False)
        with pytest.raises(ProblemError):
            await reviewer.authenticate("theirs, nearly", ADDRESS)

    play(server, story)
