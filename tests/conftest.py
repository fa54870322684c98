"""The real parts that tests stand on.

PostgreSQL: one server a session, a fresh database from a template a test. Kubernetes: one control plane a session, a
fresh namespace a test.
"""

from collections.abc import Iterator
from itertools import count

import pytest
from kubernetes import client, config
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.engine import make_url

from twotier.bss import administration
from twotier.dev.cluster import Cluster
from twotier.dev.controlplane.build import control_plane_binaries
from twotier.dev.controlplane.running import ControlPlane, running_control_plane
from twotier.dev.output import Output
from twotier.dev.postgres import database_server

TEMPLATE = "twotier_template"


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The server's own database, as its superuser."""
    with database_server() as url:
        yield url


@pytest.fixture(scope="session")
def template_database(postgres_url: str) -> str:
    """The name of a migrated, empty database."""
    _execute(postgres_url, f"create database {TEMPLATE}")
    url = _database_url(postgres_url, TEMPLATE)
    administration.initialise(url)
    administration.migrate(url)
    return TEMPLATE


@pytest.fixture(scope="session")
def database_names() -> Iterator[str]:
    return (f"test_{number}" for number in count())


@pytest.fixture
def database_url(postgres_url: str, template_database: str, database_names: Iterator[str]) -> Iterator[str]:
    """A fresh database with the current schema, as the superuser."""
    name = next(database_names)
    _execute(postgres_url, f"create database {name} template {template_database}")
    yield _database_url(postgres_url, name)
    _execute(postgres_url, f"drop database {name} with (force)")


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
def namespace(kubernetes: client.ApiClient, namespace_names: Iterator[str]) -> Iterator[str]:
    """A fresh namespace, deleted after the test."""
    name = next(namespace_names)
    core = client.CoreV1Api(kubernetes)
    core.create_namespace(client.V1Namespace(metadata=client.V1ObjectMeta(name=name)))
    yield name
    core.delete_namespace(name)


def _database_url(server_url: str, name: str) -> str:
    return make_url(server_url).set(database=name).render_as_string(hide_password=False)


def _execute(url: str, sql: str) -> None:
    engine = create_engine(
        make_url(url).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT", poolclass=NullPool
    )
    with engine.connect() as connection:
        connection.execute(text(sql))
