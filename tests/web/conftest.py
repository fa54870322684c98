"""The API on a database for each module, over HTTP from a thread of the tests; who asks is known without a cluster."""

import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from threading import Thread
from uuid import uuid4

import httpx
import pytest
import uvicorn
import yaml
from fastapi import FastAPI
from prometheus_client import CollectorRegistry
from tests.postgres.tenants.world import NOW
from tests.web.shop import TOKEN, Shop

from twotier.bss.database import Database, Role
from twotier.kinds.dry_run import declared_assignment, declared_list
from twotier.web.api.declarations import Declarations
from twotier.web.app import Parts, create_app
from twotier.web.shared.authentication import HEADER, Caller, unauthenticated
from twotier.web.shared.databases import Databases
from twotier.web.shared.metrics import ServeMetrics


def pytest_itemcollected(item: pytest.Item) -> None:
    """Give the test of an operation an id of its own, which schemathesis leaves out of what it names."""
    operation = getattr(item, "operation_label", None)
    if operation is not None and item.id.params is None:
        item._id = item.id.with_params(operation)


@dataclass(frozen=True)
class OneToken:
    """Knows the callers of the tests; the API server tells true ones apart, see the tests on a cluster."""

    async def authenticate(self, token: str) -> Caller:
        if token != TOKEN:
            raise unauthenticated("the token is none of this cluster's")
        return Caller("system:serviceaccount:twotier-system:twotier-viewer")


@contextmanager
def answering(database_url: str, read_url: str | None = None) -> Iterator[tuple[FastAPI, str]]:
    """The API on a database, and where it answers."""
    databases = Databases.at(database_url, 4, read_url)
    declarations = Declarations(declared_list, declared_assignment, clock=lambda: NOW, ids=uuid4)
    app = create_app(Parts(databases, OneToken(), declarations, ServeMetrics(CollectorRegistry())))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="off"))
        thread = Thread(target=server.run, args=([listener],))
        thread.start()
        yield app, "http://{}:{}".format(*listener.getsockname())
        server.should_exit = True
        thread.join()
    databases.dispose()


@pytest.fixture(scope="module")
def served(shared_database_url: str) -> Iterator[tuple[FastAPI, str]]:
    with answering(shared_database_url) as served:
        yield served


@pytest.fixture(scope="module")
def app(served: tuple[FastAPI, str]) -> FastAPI:
    return served[0]


@pytest.fixture(scope="module")
def url(served: tuple[FastAPI, str]) -> str:
    """Where it answers."""
    return served[1]


@pytest.fixture(scope="module")
def serve() -> Callable[..., AbstractContextManager[tuple[FastAPI, str]]]:
    """Serve another database, or the same as somebody else."""
    return answering


@pytest.fixture
def kubeconfig(tmp_path: Path) -> Path:
    """Leads to an API server that is away."""
    path = tmp_path / "kubeconfig"
    content = {
        "current-context": "away",
        "contexts": [{"name": "away", "context": {"cluster": "away", "user": "us", "namespace": "tools"}}],
        "clusters": [{"name": "away", "cluster": {"server": "http://127.0.0.1:9"}}],
        "users": [{"name": "us", "user": {"token": "ours"}}],
    }
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def client(url: str) -> Iterator[httpx.Client]:
    """A caller with access."""
    with httpx.Client(base_url=url, headers={HEADER: TOKEN}, timeout=30) as client:
        yield client


@pytest.fixture(scope="module")
def operator(shared_database_url: str) -> Iterator[Database]:
    database = Database(shared_database_url, Role.OPERATOR)
    yield database
    database.dispose()


@pytest.fixture(scope="module")
def make_shop(operator: Database, client: httpx.Client) -> Callable[[], Shop]:
    """Make distributors, each in its own namespace."""
    numbers = count()

    def make() -> Shop:
        shop = Shop(operator, client, f"sales-{next(numbers)}")
        shop.declare()
        return shop

    return make


@pytest.fixture
def shop(make_shop: Callable[[], Shop]) -> Shop:
    """A distributor for one test."""
    return make_shop()
