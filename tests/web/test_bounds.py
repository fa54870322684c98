"""Nobody keeps the API from answering others: not with waiting, with much, with slow, nor with many requests."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.engine import make_url
from tests.web.answering import Answering
from tests.web.shop import TOKEN, Json, Shop, numbered

from twotier.bss.database import SCHEMA
from twotier.web.api.bodies import LARGEST_BODY
from twotier.web.api.models.dry_runs import MOST_RESTORES
from twotier.web.listener import Listener
from twotier.web.shared.authentication import HEADER
from twotier.web.shared.bounds import Bounds

ADA, BEN, EVA = f"{TOKEN} of Ada", f"{TOKEN} of Ben", f"{TOKEN} of Eva"
MIB = 1 << 20
PATIENCE = 300
STREAM = "/price-lists/retail/revisions/1/offers?format=csv"
SUSPECTS = "/price-lists/retail/suspects"
TENANT = "/tenants/R-contoso"
NO_SUSPECTS = "lock table suspect_offer in access exclusive mode"
"""Have everybody wait who reads suspects."""
NO_IMPORTS = "select from price_list for update"
"""Have every import wait, and nobody who reads."""

Serve = Callable[..., AbstractContextManager[Answering]]


@dataclass(frozen=True)
class Database:
    """The database under the API."""

    url: str

    @contextmanager
    def doing(self, statement: str) -> Iterator[None]:
        """Keep a transaction open that has done something, such as to lock what others need."""
        with self._connected() as connection:
            connection.execute(text(statement))
            yield

    def wait_for(self, count: int) -> None:
        """Wait until so many transactions of the API wait for a lock."""
        deadline = time.monotonic() + PATIENCE
        while self.waiting != count:
            assert time.monotonic() < deadline, f"{self.waiting} wait instead of {count}"
            time.sleep(0.02)

    @property
    def waiting(self) -> int:
        """How many transactions wait for a lock."""
        return self._count("wait_event_type = 'Lock'")

    @property
    def open(self) -> int:
        """How many transactions of the API are open."""
        return self._count("xact_start is not null and application_name = 'twotier viewer'")

    def _count(self, condition: str) -> int:
        with self._connected() as connection:
            counted = text(f"select count(*) from pg_stat_activity where datname = current_database() and {condition}")  # noqa: S608 -- ours
            return int(connection.execute(counted).scalar_one())

    @contextmanager
    def _connected(self) -> Iterator[Any]:
        engine = create_engine(make_url(self.url).set(drivername="postgresql+psycopg"), poolclass=NullPool)
        with engine.begin() as connection:
            connection.execute(text(f"set local search_path = {SCHEMA}"))
            yield connection


class Requests:
    """Requests that are not waited for."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._threads: list[threading.Thread] = []
        self.answers: list[httpx.Response] = []

    def send(self, path: str, token: str, body: Json = None) -> None:
        thread = threading.Thread(target=self._send, args=(path, token, body))
        self._threads.append(thread)
        thread.start()

    def join(self) -> list[int]:
        """Return the statuses of all answers."""
        for thread in self._threads:
            thread.join()
        return sorted(answer.status_code for answer in self.answers)

    def _send(self, path: str, token: str, body: Json) -> None:
        self.answers.append(ask(self._url + path, token, body))


def ask(url: str, token: str = EVA, body: Json = None) -> httpx.Response:
    method = "GET" if body is None else "POST"
    return httpx.request(method, url, headers={HEADER: token}, json=body, timeout=PATIENCE)


def is_ready(served: Answering) -> bool:
    return httpx.get(f"{served.probes}/readyz", timeout=PATIENCE).status_code == 200


def open_requests(served: Answering) -> float:
    figures = httpx.get(f"{served.probes}/metrics", timeout=PATIENCE).text
    (figure,) = (line for line in figures.splitlines() if line.startswith("twotier_http_requests_open "))
    return float(figure.split()[1])


@pytest.fixture(scope="module")
def shop(make_shop: Callable[[], Shop]) -> Shop:
    """A tenant, and a list of more rows than fit between a server and a client who reads nothing."""
    shop = make_shop()
    shop.publish(*numbered(9_999))
    shop.tenant("R-contoso")
    return shop


@pytest.fixture
def database(shared_database_url: str) -> Database:
    return Database(shared_database_url)


@pytest.fixture
def start(serve: Serve, shared_database_url: str) -> Iterator[Callable[..., Answering]]:
    """Serve with bounds of one's own."""
    with ExitStack() as stack:

        def start(listener: type[Listener] = Listener, **bounds: Any) -> Answering:
            return stack.enter_context(serve(shared_database_url, bounds=Bounds(**bounds), listener=listener))

        yield start


@contextmanager
def connected(served: Answering, *, buffer: int | None = None) -> Iterator[socket.socket]:
    """A connection on which nothing was sent yet, with so small a buffer for what is received."""
    host, _, port = served.url.removeprefix("http://").partition(":")
    with socket.socket() as connection:
        if buffer is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        connection.settimeout(PATIENCE)
        connection.connect((host, int(port)))
        yield connection


def head(method: str, path: str, token: str, **headers: str | int) -> bytes:
    """The head of a request."""
    lines = {"Host": "twotier", HEADER: token} | {name.replace("_", "-"): value for name, value in headers.items()}
    return "\r\n".join([f"{method} {path} HTTP/1.1", *(f"{n}: {v}" for n, v in lines.items()), "", ""]).encode()


def received(connection: socket.socket) -> bytes:
    """Everything until the connection ends."""
    parts = []
    try:
        while part := connection.recv(1 << 16):
            parts.append(part)
    except ConnectionResetError:
        pass
    return b"".join(parts)


def test_probes_and_reads_are_answered_while_dry_runs_wait(
    start: Callable[..., Answering], shop: Shop, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("twotier.bss.dry_run._BOUNDS", "set local lock_timeout = '5min'")
    served = start(reads=2, dry_runs=6)
    requests = Requests(served.url + shop.base)
    with database.doing(NO_IMPORTS):
        body = {"priceLists": [_price_list()]}
        for token in (ADA, BEN) * 3:
            requests.send("/dry-runs", token, body)
        _until(lambda: open_requests(served) == 6)
        surplus = ask(f"{served.url}{shop.base}/dry-runs", EVA, body)
        assert is_ready(served)
        assert ask(served.url + shop.base + TENANT).status_code == 200
    assert surplus.status_code == 429
    assert (surplus.headers["retry-after"], "Too many dry runs" in surplus.json()["detail"]) == ("2", True)
    assert requests.join() == [200] * 6
    assert ask(f"{served.url}{shop.base}/dry-runs", EVA, body).status_code == 200


def test_a_caller_whose_requests_wait_leaves_turns_to_others(
    start: Callable[..., Answering], shop: Shop, database: Database
) -> None:
    served = start(reads=3)
    requests = Requests(served.url + shop.base)
    with database.doing(NO_SUSPECTS):
        for _ in range(4):
            requests.send(SUSPECTS, ADA)
        database.wait_for(1)
        assert ask(served.url + shop.base + TENANT, BEN).status_code == 200
    assert requests.join() == [200] * 4


def test_a_caller_has_no_more_than_its_share_of_requests(
    start: Callable[..., Answering], shop: Shop, database: Database
) -> None:
    served = start(requests=2)
    address = served.url + shop.base
    requests = Requests(address)
    with database.doing(NO_SUSPECTS):
        requests.send(SUSPECTS, ADA)
        database.wait_for(1)
        answers = [ask(address + TENANT, token) for token in (ADA, BEN)]
    assert [answer.status_code for answer in answers] == [429, 200]
    assert "with your token: try again in 2 seconds" in answers[0].json()["detail"]
    assert requests.join() == [200]
    assert ask(address + TENANT, ADA).status_code == 200


def test_who_waits_for_a_turn_too_long_is_told_to_come_back(
    start: Callable[..., Answering], shop: Shop, database: Database
) -> None:
    served = start(reads=2, patience=timedelta(milliseconds=1))
    requests = Requests(served.url + shop.base)
    with database.doing(NO_SUSPECTS):
        requests.send(SUSPECTS, ADA)
        database.wait_for(1)
        answer = ask(served.url + shop.base + TENANT, BEN)
    assert (answer.status_code, "Too many requests are reading" in answer.json()["detail"]) == (429, True)
    assert requests.join() == [200]


@pytest.mark.parametrize(
    ("method", "path", "blocking"),
    [
        pytest.param("GET", SUSPECTS, NO_SUSPECTS, id="a read"),
        pytest.param("GET", f"{SUSPECTS}?format=csv", NO_SUSPECTS, id="a stream"),
        pytest.param("POST", "/dry-runs", NO_IMPORTS, id="a dry run"),
    ],
)
def test_what_nobody_waits_for_any_more_is_ended(
    start: Callable[..., Answering],
    shop: Shop,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    *,
    method: str,
    path: str,
    blocking: str,
) -> None:
    monkeypatch.setattr("twotier.bss.dry_run._BOUNDS", "set local lock_timeout = '5min'")
    served = start(reads=2)
    body = httpx.Request("POST", "http://x", json={"priceLists": [_price_list()]}).content
    sent: dict[str, str | int] = {}
    if method == "POST":
        sent = {"Content_Type": "application/json", "Content_Length": len(body)}
    with database.doing(blocking):
        with connected(served) as client:
            client.sendall(head(method, shop.base + path, ADA, **sent) + (body if sent else b""))
            database.wait_for(1)
        database.wait_for(0)
    assert ask(served.url + shop.base + TENANT, ADA).status_code == 200


def test_who_leaves_the_queue_takes_no_turn(start: Callable[..., Answering], shop: Shop, database: Database) -> None:
    served = start(reads=2)
    requests = Requests(served.url + shop.base)
    with database.doing(NO_SUSPECTS):
        requests.send(SUSPECTS, ADA)
        database.wait_for(1)
        for _ in range(5):
            with connected(served) as client:
                client.sendall(head("GET", shop.base + SUSPECTS, BEN))
    assert requests.join() == [200]
    assert ask(served.url + shop.base + TENANT, BEN).status_code == 200


def test_what_takes_too_long_is_ended_by_the_database(
    serve: Serve, shop: Shop, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("twotier.web.shared.databases.LONGEST_READ", timedelta(milliseconds=100))
    with serve(database.url) as served, database.doing(NO_SUSPECTS):
        answer = ask(served.url + shop.base + SUSPECTS)
    assert (answer.status_code, "took too long" in answer.json()["detail"]) == (503, True)
    assert answer.headers["retry-after"] == "5"


def test_slow_readers_of_streams_hold_neither_connections_nor_transactions(
    start: Callable[..., Answering], shop: Shop, database: Database
) -> None:
    served = start(reads=2)
    whole = ask(served.url + shop.base + STREAM).content
    with ExitStack() as stack:
        slow = [stack.enter_context(connected(served, buffer=4096)) for _ in range(8)]
        for number, connection in enumerate(slow):
            connection.sendall(head("GET", shop.base + STREAM, (ADA, BEN)[number % 2], Connection="close"))
        begun = [connection.recv(64) for connection in slow]
        assert database.open == 0
        assert ask(served.url + shop.base + TENANT, ADA).status_code == 200
        assert is_ready(served)
        for beginning, connection in zip(begun, slow, strict=True):
            assert (beginning + received(connection)).partition(b"\r\n\r\n")[2] == whole


def test_pages_are_read_while_all_rows_of_something_are(
    start: Callable[..., Answering], shop: Shop, database: Database
) -> None:
    served = start(reads=2)
    requests = Requests(served.url + shop.base)
    with database.doing(NO_SUSPECTS):
        for token in (ADA, BEN):
            requests.send(f"{SUSPECTS}?format=csv", token)
        database.wait_for(1)
        assert ask(served.url + shop.base + TENANT).status_code == 200
    assert requests.join() == [200, 200]


def test_a_stream_says_how_long_it_is(start: Callable[..., Answering], shop: Shop) -> None:
    answer = ask(start().url + shop.base + STREAM)
    assert int(answer.headers["content-length"]) == len(answer.content) > 500_000


def test_rows_that_wait_for_slow_readers_have_their_limit(start: Callable[..., Answering], shop: Shop) -> None:
    size = len(ask(start().url + shop.base + STREAM).content)
    served = start(spool_bytes=2 * size)
    for _ in range(3):  # what was sent is forgotten
        assert ask(served.url + shop.base + STREAM, ADA).status_code == 200
    with connected(served, buffer=4096) as slow:
        slow.sendall(head("GET", shop.base + STREAM, ADA))
        slow.recv(64)
        answers = [ask(served.url + shop.base + STREAM, token) for token in (ADA, BEN)]
        assert [answer.status_code for answer in answers] == [429, 200]
        assert ask(served.url + shop.base + "/price-lists/retail/revisions/1/offers", ADA).status_code == 200


def test_bodies_wait_outside_if_there_is_no_memory_for_them(start: Callable[..., Answering], shop: Shop) -> None:
    served = start(body_bytes=8 * MIB)
    large = b" " * 4 * MIB
    path = f"{shop.base}/dry-runs"
    with ExitStack() as stack:
        for token in (ADA, BEN):
            connection = stack.enter_context(connected(served))
            connection.sendall(head("POST", path, token, Content_Type="application/json", Content_Length=len(large)))
            connection.sendall(large[1:])
        answer = _refused(lambda: _post(served.url + path, large))
        assert ("Too many large requests" in answer.json()["detail"], answer.headers["retry-after"]) == (True, "2")
        small = ask(served.url + path, EVA, {})
        assert small.status_code == 200, small.text
    deadline = time.monotonic() + PATIENCE
    while (freed := _post(served.url + path, large).status_code) == 429 and time.monotonic() < deadline:
        time.sleep(0.02)
    assert freed == 422


def test_the_rest_of_a_refused_body_is_not_read(start: Callable[..., Answering], shop: Shop) -> None:
    served = start()
    length = LARGEST_BODY + 1
    with connected(served) as connection:
        connection.sendall(
            head("POST", f"{shop.base}/dry-runs", ADA, Content_Type="application/json", Content_Length=length)
        )
        answer = received(connection)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"larger than 64 MiB" in answer


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Transfer_Encoding": "chunked"}, id="in chunks"),
        pytest.param({"Transfer_Encoding": "chunked", "Content_Length": 5}, id="in chunks and with a length"),
    ],
)
def test_a_body_says_how_long_it_is(start: Callable[..., Answering], shop: Shop, headers: dict[str, str | int]) -> None:
    with connected(start()) as connection:
        connection.sendall(head("POST", f"{shop.base}/dry-runs", ADA, Content_Type="application/json", **headers))
        answer = received(connection)
    assert answer.startswith(b"HTTP/1.1 411 ")


def test_a_body_that_does_not_arrive_is_not_waited_for(start: Callable[..., Answering], shop: Shop) -> None:
    served = start(body_grace=timedelta(milliseconds=50))
    with connected(served) as connection:
        connection.sendall(
            head("POST", f"{shop.base}/dry-runs", ADA, Content_Type="application/json", Content_Length=1000) + b"{"
        )
        answer = received(connection)
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"after 1 bytes" in answer


@pytest.mark.parametrize("spelled", ["restoreRun", "restore_run"])
def test_more_restores_than_one_dry_run_may_have_are_refused_before_any_is_planned(
    start: Callable[..., Answering], shop: Shop, spelled: str
) -> None:
    spec = {"tenant": "contoso", "priceList": "retail", spelled: 1}
    body = {"assignments": [{"account": "R-contoso", "spec": spec}] * (MOST_RESTORES + 1)}
    answer = ask(f"{start().url}{shop.base}/dry-runs", ADA, body)
    assert (answer.status_code, f"at most {MOST_RESTORES} assignments" in answer.json()["detail"]) == (422, True)


class Hasty(Listener):
    """Waits for nobody."""

    head_seconds = 0.1
    write_seconds = 0.1


class Small(Listener):
    """Has few connections."""

    most_connections = 3


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: twotier\r\nX-Slow: ", id="the beginning of a head"),
        pytest.param(b"POST / HTTP/1.1\r\nHost: twotier\r\nContent-Length: 99\r\n\r\n{", id="a body nobody reads"),
    ],
)
def test_a_connection_without_a_request_ends(start: Callable[..., Answering], sent: bytes) -> None:
    with connected(start(listener=Hasty)) as connection:
        connection.sendall(sent)
        if b"POST" in sent:
            assert connection.recv(1 << 16).startswith(b"HTTP/1.1 404 ")
            connection.sendall(b"{")
        received(connection)


def test_who_reads_nothing_is_cut_off(start: Callable[..., Answering], shop: Shop) -> None:
    served = start(listener=Hasty)
    whole = ask(served.url + shop.base + STREAM).content
    with connected(served, buffer=4096) as slow:
        slow.sendall(head("GET", shop.base + STREAM, ADA))
        slow.recv(64)
        _until(lambda: open_requests(served) == 0)
        assert len(received(slow)) < len(whole)


def test_idle_connections_make_room_for_new_ones(start: Callable[..., Answering], shop: Shop) -> None:
    served = start(listener=Small)
    with ExitStack() as stack:
        idle = [stack.enter_context(connected(served)) for _ in range(6)]
        assert ask(served.url + shop.base + TENANT).status_code == 200
        assert received(idle[0]) == b""


def test_connections_that_come_at_once_are_no_more_than_there_may_be(start: Callable[..., Answering]) -> None:
    served = start(listener=Small)
    with ExitStack() as stack:
        many = [stack.enter_context(connected(served)) for _ in range(40)]
        ended = [each for each in many[:-3] if received(each) == b""]
        assert len(ended) == len(many) - 3


def _post(url: str, content: bytes) -> httpx.Response:
    return httpx.post(url, content=content, headers={HEADER: EVA, "Content-Type": "application/json"}, timeout=PATIENCE)


def _refused(send: Callable[[], httpx.Response]) -> httpx.Response:
    """Send until it is refused: what fills the places may still be on its way."""
    answers: list[httpx.Response] = []

    def is_refused() -> bool:
        answers.append(send())
        return answers[-1].status_code == 429

    _until(is_refused)
    return answers[-1]


def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _price_list() -> Json:
    """A list whose import has to wait for a lock."""
    spec = {"distributor": "northwind", "currency": "EUR", "source": {"inline": "-"}}
    return {"name": "retail", "spec": spec, "files": [{"name": "prices.csv", "content": "c2t1LHVuaXQscHJpY2UK"}]}
