"""The API and its probes, each served by a thread of the tests; who asks is known without a cluster."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread
from uuid import uuid4

from fastapi import FastAPI
from prometheus_client import CollectorRegistry
from tests.postgres.tenants.world import NOW
from tests.web.shop import TOKEN

from twotier.kinds.dry_run import declared_assignment, declared_list
from twotier.limits import Limits
from twotier.web.api.declarations import Declarations
from twotier.web.app import Parts, create_app, create_probes
from twotier.web.listener import Listener
from twotier.web.serving import Server, configured, listening
from twotier.web.shared.authentication import Authenticator, Caller, unauthenticated
from twotier.web.shared.bounds import Bounds
from twotier.web.shared.databases import Databases
from twotier.web.shared.metrics import ServeMetrics

BOUNDS = Bounds(reads=4)


@dataclass(frozen=True)
class AnyOfOurs:
    """Knows the callers of the tests; the API server tells true ones apart, see the tests on a cluster."""

    async def authenticate(self, token: str, address: str) -> Caller:  # noqa: ARG002 -- of no interest here
        if not token.startswith(TOKEN):
            raise unauthenticated("the token is none of this cluster's")
        return Caller("system:serviceaccount:twotier-system:twotier-viewer", token)


@dataclass(frozen=True)
class Answering:
    """The API and its probes, as a process has them."""

    app: FastAPI
    url: str
    probes: str


@contextmanager
def answering(
    database_url: str,
    read_url: str | None = None,
    bounds: Bounds = BOUNDS,
    authenticator: Authenticator | None = None,
    listener: type[Listener] = Listener,
) -> Iterator[Answering]:
    """The API on a database, and where it answers."""
    databases = Databases.at(database_url, bounds.reads, read_url)
    declarations = Declarations(declared_list, declared_assignment, clock=lambda: NOW, ids=uuid4, limits=Limits())
    metrics = ServeMetrics(CollectorRegistry())
    parts = Parts(databases, authenticator or AnyOfOurs(), declarations, metrics, bounds)
    app = create_app(parts)
    with _served(app, listener) as url, _served(create_probes(parts), Listener) as probes:
        yield Answering(app, url, probes)
    databases.dispose()


@contextmanager
def _served(app: FastAPI, protocol: type[Listener]) -> Iterator[str]:
    with listening("127.0.0.1", 0) as listener:
        config = configured(app, grace=1)
        config.http = protocol
        server = Server(config)
        thread = Thread(target=server.run, args=([listener],))
        thread.start()
        yield "http://{}:{}".format(*listener.getsockname())
        server.should_exit = True
        thread.join()
