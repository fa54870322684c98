"""Requests that are answered with a problem, what the log says of requests, and what the kubelet asks."""

import json
import time
from collections.abc import Iterator

import httpx
import pytest
import structlog
from fastapi import FastAPI
from structlog.testing import CapturingLogger
from tests.web.shop import TOKEN, Shop

from twotier.runtime.headers import HEADERS
from twotier.web.api.bodies import LARGEST_BODY
from twotier.web.shared.authentication import HEADER

JSON = {"Content-Type": "application/json"}
PATHS = ["/tenants/R-1", "/tenants/R-1/plans", "/price-lists/retail", "/price-lists/retail/held/differences"]


@pytest.fixture
def stranger(url: str) -> Iterator[httpx.Client]:
    """Somebody without a token."""
    with httpx.Client(base_url=url, timeout=30) as client:
        yield client


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("headers", "told"),
    [
        pytest.param({}, "there is none", id="without a token"),
        pytest.param({HEADER: "another"}, "the token is none of this cluster's", id="with another token"),
        pytest.param({"Authorization": f"Bearer {TOKEN}"}, "there is none", id="with a token in another header"),
        pytest.param({HEADER: "x" * 20_000}, "its value is not a token", id="with something long"),
    ],
)
def test_a_stranger_is_told_how_to_get_in(
    stranger: httpx.Client, shop: Shop, path: str, headers: dict[str, str], told: str
) -> None:
    answer = stranger.get(shop.base + path, headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")
    assert told in answer.json()["detail"]
    assert "kubectl create token twotier-viewer --audience twotier" in answer.json()["detail"]


def test_every_path_of_the_api_wants_a_token(stranger: httpx.Client, app: FastAPI) -> None:
    shown = {
        (method, path)
        for path, operations in app.openapi()["paths"].items()
        for method in operations
        if stranger.request(method, path.format_map(_Ones())).status_code != 401
    }
    assert shown == set()


def test_the_body_of_a_stranger_is_not_read(stranger: httpx.Client, shop: Shop) -> None:
    too_large = b" " * (LARGEST_BODY + 1)
    answers = [
        stranger.post(f"{shop.base}/dry-runs", content=too_large, headers=JSON | headers).status_code
        for headers in ({}, {HEADER: TOKEN})
    ]
    assert answers == [401, 413]


@pytest.mark.parametrize(
    ("method", "path", "status", "told"),
    [
        pytest.param("GET", "/api/v1/nothing", 404, "/openapi.json lists all paths", id="a path that leads nowhere"),
        pytest.param("DELETE", "/api/v1/ownership", 405, "DELETE is not allowed", id="a verb that is not there"),
        pytest.param("GET", "/api/v1/ownership/", 404, "/openapi.json", id="a path with a slash too many"),
    ],
)
def test_what_is_not_there_is_a_problem(client: httpx.Client, method: str, path: str, status: int, told: str) -> None:
    answer = client.request(method, path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert told in answer.json()["detail"]
    assert answer.json()["instance"] == path


@pytest.mark.parametrize(
    ("query", "told"),
    [
        pytest.param({"limit": 0}, "query.limit", id="a page of nothing"),
        pytest.param({"limit": 100_000}, "query.limit", id="a page of everything"),
        pytest.param({"limit": "many"}, "query.limit", id="a page of words"),
        pytest.param({"after": "nonsense"}, "Invalid cursor: pass `next`", id="a place that is none"),
        pytest.param({"format": "xml"}, "query.format", id="a form that there is not"),
    ],
)
def test_what_is_wrong_with_a_request_is_named(shop: Shop, query: dict[str, str | int], told: str) -> None:
    shop.declare_list()
    problem = shop.problem("/price-lists/retail/suspects", **query)
    assert (problem["status"], told in problem["detail"]) == (422, True)


def test_who_accepts_nothing_of_ours_is_told_what_there_is(shop: Shop) -> None:
    shop.declare_list()
    answer = shop.client.get(f"{shop.base}/price-lists/retail/suspects", headers={"Accept": "application/pdf"})
    assert (answer.status_code, "text/csv" in answer.json()["detail"]) == (406, True)


def test_the_openapi_is_shown_to_everybody(stranger: httpx.Client) -> None:
    described = stranger.get("/openapi.json").json()
    assert described["info"]["title"] == "TwoTier"
    assert {"Problem", "DryRunRequest", "Plan"} <= set(described["components"]["schemas"])


def test_the_process_tells_that_it_lives_and_is_ready(probes: str) -> None:
    assert httpx.get(f"{probes}/healthz", timeout=30).json() == {"status": "alive"}
    assert httpx.get(f"{probes}/readyz", timeout=30).json() == {"status": "ready"}


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_the_port_of_the_api_tells_nothing_of_the_process(stranger: httpx.Client, path: str) -> None:
    assert stranger.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/openapi.json", "/api/v1/ownership", "/nothing"])
def test_every_answer_is_for_programs_alone(stranger: httpx.Client, client: httpx.Client, path: str) -> None:
    for answer in (stranger.get(path), client.get(path)):
        assert _told(answer) == dict(HEADERS) | {"server": None}


def test_answers_to_probes_are_for_programs_alone(probes: str) -> None:
    for path in ("/healthz", "/readyz", "/metrics", "/nothing"):
        assert _told(httpx.get(probes + path, timeout=30)) == dict(HEADERS) | {"server": None}


def test_requests_are_counted_by_what_they_ask(probes: str, shop: Shop) -> None:
    shop.problem("/tenants/R-1")
    figures = httpx.get(f"{probes}/metrics", timeout=30).text
    assert 'twotier_http_requests_total{code="404",method="GET",operation="tenant"} 1.0' in figures
    assert "R-1" not in figures


def test_the_log_says_who_asked_for_what_and_keeps_tokens_to_itself(
    shop: Shop, stranger: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = CapturingLogger()
    monkeypatch.setattr("twotier.web.shared.access.log", structlog.wrap_logger(written, processors=[]))
    shop.problem("/tenants/R-1?after=secret")
    stranger.get(f"{shop.base}/tenants/R-1", headers={HEADER: "another"})
    deadline = time.monotonic() + 10
    while len(written.calls) < 2 and time.monotonic() < deadline:  # a line is written once its answer is sent
        time.sleep(0.01)
    lines = [call.kwargs for call in written.calls]
    assert [(line["path"], line["status"], line["user"]) for line in lines] == [
        (f"{shop.base}/tenants/R-1", 404, "system:serviceaccount:twotier-system:twotier-viewer"),
        (f"{shop.base}/tenants/R-1", 401, None),
    ]
    assert not {TOKEN, "another", "secret"} & set(json.dumps(lines, default=str).split('"'))


def _told(answer: httpx.Response) -> dict[str, str | None]:
    return {name: answer.headers.get(name) for name, _ in (*HEADERS, ("server", ""))}


class _Ones(dict[str, str]):
    """Has a value for every parameter of a path."""

    def __missing__(self, _: str) -> str:
        return "1"
