"""The API on a database for each module, over HTTP from a thread of the tests; who asks is known without a cluster."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from itertools import count
from pathlib import Path

import httpx
import pytest
import yaml
from fastapi import FastAPI
from tests.web.answering import Answering, answering
from tests.web.shop import TOKEN, Shop

from twotier.bss.database import Database, Role
from twotier.web.shared.authentication import HEADER


def pytest_itemcollected(item: pytest.Item) -> None:
    """Give the test of an operation an id of its own, which schemathesis leaves out of what it names."""
    operation = getattr(item, "operation_label", None)
    if operation is not None and item.id.params is None:
        item._id = item.id.with_params(operation)


@pytest.fixture(scope="module")
def served(shared_database_url: str) -> Iterator[Answering]:
    with answering(shared_database_url) as served:
        yield served


@pytest.fixture(scope="module")
def app(served: Answering) -> FastAPI:
    return served.app


@pytest.fixture(scope="module")
def url(served: Answering) -> str:
    """Where it answers."""
    return served.url


@pytest.fixture(scope="module")
def probes(served: Answering) -> str:
    """Where it tells how it is."""
    return served.probes


@pytest.fixture(scope="module")
def serve() -> Callable[..., AbstractContextManager[Answering]]:
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
