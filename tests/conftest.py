"""The real parts that tests stand on.

PostgreSQL: one server a session, a fresh database from a template a test. Kubernetes: one control plane a session, a
fresh namespace a test. The operator: a process a test, under its own ServiceAccount with the permissions that are
shipped, on the test's database.
"""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest
from kubernetes import client, config
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.engine import make_url

from twotier.bss import administration
from twotier.dev.cluster import Cluster
from twotier.dev.controlplane.build import control_plane_binaries
from twotier.dev.controlplane.running import ControlPlane, running_control_plane
from twotier.dev.installation import install, operator_kubeconfig, remove_resources
from twotier.dev.operator import Operator
from twotier.dev.output import Output
from twotier.dev.postgres import database_server

# A shell has what it runs in the background ignore Ctrl-C, which the processes that tests interrupt would inherit.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The server's own database, as its superuser."""
    with database_server() as url:
        yield url


@pytest.fixture(scope="session")
def database_names() -> Iterator[str]:
    """Names that no other session uses, should it share the server."""
    return (f"twotier_test_{os.getpid()}_{number}" for number in count())


@pytest.fixture(scope="session")
def template_database(postgres_url: str, database_names: Iterator[str]) -> Iterator[str]:
    """The name of a migrated, empty database."""
    with _database(postgres_url, next(database_names)) as url:
        administration.initialise(url)
        administration.migrate(url)
        yield make_url(url).database or ""


@pytest.fixture
def database_url(postgres_url: str, template_database: str, database_names: Iterator[str]) -> Iterator[str]:
    """A fresh database with the current schema, as the superuser."""
    with _database(postgres_url, next(database_names), template_database) as url:
        yield url


@pytest.fixture(scope="module")
def shared_database_url(postgres_url: str, template_database: str, database_names: Iterator[str]) -> Iterator[str]:
    """A database for all tests of a module, which keep apart by their namespaces."""
    with _database(postgres_url, next(database_names), template_database) as url:
        yield url


@pytest.fixture(scope="session")
def control_plane() -> Iterator[ControlPlane]:
    """A real API server with garbage collection, and nothing in it yet."""
    with running_control_plane(control_plane_binaries(Output.on_standard_error())) as control_plane:
        yield control_plane


@pytest.fixture(scope="session")
def cluster(control_plane: ControlPlane) -> Cluster:
    """The administrator's kubectl."""
    return control_plane.cluster


@pytest.fixture(scope="session")
def kubernetes(cluster: Cluster) -> Iterator[client.ApiClient]:
    """The administrator's client: `client.CoreV1Api(kubernetes)`."""
    connect = config.new_client_from_config
    with connect(str(cluster.kubeconfig)) as api_client:  # type: ignore[no-untyped-call]  # the package is half typed
        yield api_client


@pytest.fixture(scope="session")
def namespace_names() -> Iterator[str]:
    return (f"test-{number}" for number in count())


@pytest.fixture
def namespace(cluster: Cluster, kubernetes: client.ApiClient, namespace_names: Iterator[str]) -> Iterator[str]:
    """A fresh namespace, deleted after the test with all resources of ours in it."""
    name = next(namespace_names)
    core = client.CoreV1Api(kubernetes)
    core.create_namespace(client.V1Namespace(metadata=client.V1ObjectMeta(name=name)))
    yield name
    remove_resources(cluster, name)
    core.delete_namespace(name)


@pytest.fixture(scope="session")
def installed(cluster: Cluster) -> None:
    """The API server serves our kinds, and knows the operator's ServiceAccount and its permissions."""
    install(cluster)


@pytest.fixture
def make_operator(
    installed: None,  # noqa: ARG001 -- it must be there
    cluster: Cluster,
    database_url: str,
    tmp_path: Path,
) -> Iterator[Callable[[], Operator]]:
    """Make operators that work on this test's database; each that still runs at the end has to end well."""
    kubeconfig = operator_kubeconfig(cluster, tmp_path / "operator.kubeconfig")
    made: list[Operator] = []

    def make() -> Operator:
        made.append(Operator(kubeconfig, database_url, tmp_path / f"operator-{len(made)}.log"))
        return made[-1]

    yield make
    statuses = [operator.stop() for operator in made if operator.running]
    for operator in made:
        print(
            f"{operator.log}:", operator.log.read_text(encoding="utf-8"), sep="\n"
        )  # pytest shows it of a failed test
    assert statuses == [0] * len(statuses)


@pytest.fixture
def operator(make_operator: Callable[[], Operator]) -> Operator:
    """A running operator that is ready."""
    operator = make_operator()
    operator.start()
    return operator


@contextmanager
def _database(server_url: str, name: str, template: str = "template1") -> Iterator[str]:
    _execute(server_url, f"create database {name} template {template}")
    yield make_url(server_url).set(database=name).render_as_string(hide_password=False)
    _execute(server_url, f"drop database {name} with (force)")


def _execute(url: str, sql: str) -> None:
    engine = create_engine(
        make_url(url).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT", poolclass=NullPool
    )
    with engine.connect() as connection:
        connection.execute(text(sql))
