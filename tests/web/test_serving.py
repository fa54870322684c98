"""The process: it comes and goes as Kubernetes asks, says what it lacks, and needs few rights in the database."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import httpx
import pytest
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.engine import make_url
from tests.web.answering import Answering
from tests.web.shop import TOKEN, Shop

from twotier.bss.database import Role
from twotier.dev.server import running_server
from twotier.web.shared.authentication import HEADER

Serve = Callable[[str], AbstractContextManager[Answering]]
NOBODY = "postgresql://nobody@127.0.0.1:9/nothing"


@pytest.fixture
def viewer_url(shared_database_url: str) -> Iterator[str]:
    """A login that is a member of the viewer's role, and of no other."""
    url = make_url(shared_database_url)
    login = f"people_of_{url.database}"
    _execute(shared_database_url, f"create role {login} login in role {Role.VIEWER}")
    yield url.set(username=login).render_as_string(hide_password=False)
    _execute(shared_database_url, f"drop role {login}")


def test_it_ends_well_when_it_is_told_to(kubeconfig: Path, shared_database_url: str, tmp_path: Path) -> None:
    with running_server(kubeconfig, shared_database_url, tmp_path / "log") as server:
        status = server.process.stop()
    assert status == 0, (tmp_path / "log").read_text(encoding="utf-8")


def test_nobody_is_let_in_while_the_api_server_is_away(
    kubeconfig: Path, shared_database_url: str, tmp_path: Path
) -> None:
    with running_server(kubeconfig, shared_database_url, tmp_path / "log") as server:
        answer = httpx.get(f"{server.url}/api/v1/ownership", headers={HEADER: "theirs"})
        assert httpx.get(f"{server.probes}/healthz").status_code == 200
    assert (answer.status_code, "API server does not answer" in answer.json()["detail"]) == (503, True)
    log = (tmp_path / "log").read_text(encoding="utf-8")
    assert ("a token could not be checked" in log, "theirs" in log) == (True, False)


def test_without_a_database_it_lives_and_is_not_ready(serve: Serve) -> None:
    with serve(NOBODY) as served:
        ready = httpx.get(f"{served.probes}/readyz", timeout=30)
        assert (ready.status_code, ready.json()["reason"]) == (503, "the database does not answer")
        assert httpx.get(f"{served.probes}/healthz").status_code == 200
        path = "/api/v1/distributors/sales/northwind/tenants/R-1"
        answer = httpx.get(served.url + path, headers={HEADER: TOKEN}, timeout=30)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "127.0.0.1" not in answer.text


def test_a_login_that_may_only_view_reads_everything_and_tries_nothing(
    serve: Serve, shop: Shop, viewer_url: str
) -> None:
    shop.publish("MAIL,month,4.20,Mail,6.00,")
    shop.tenant("R-contoso")
    with serve(viewer_url) as served, httpx.Client(base_url=served.url, headers={HEADER: TOKEN}, timeout=30) as client:
        assert client.get(f"{served.probes}/readyz").status_code == 200
        assert client.get(f"{shop.base}/tenants/R-contoso/catalogue").status_code == 200
        answer = client.post(f"{shop.base}/dry-runs", json={})
    assert answer.status_code == 501
    assert f"grant {Role.OPERATOR} to" in answer.json()["detail"]


def _execute(url: str, sql: str) -> None:
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"), poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text(sql))
