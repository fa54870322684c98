"""The real parts that tests stand on.

PostgreSQL: one server a session, a fresh database from a template a test. Kubernetes: one control plane a session (a
worker, where several run the tests), a fresh namespace a test. The operator: a process a test, under its own
ServiceAccount with the permissions that are shipped, on the test's database.
"""

import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from kubernetes import client, config
from tests.databases import Databases, fresh_database
from tests.parallel import ADDRESS, DatabasesOfAnother, FromBothEnds, OwnDatabases
from tests.resources import admit_tenants, remove_all

from twotier.dev.cluster import Cluster
from twotier.dev.controlplane.build import control_plane_binaries
from twotier.dev.controlplane.running import ControlPlane, running_control_plane
from twotier.dev.installation import install, operator_kubeconfig
from twotier.dev.operator import Operator
from twotier.dev.output import Output

# A shell has what it runs in the background ignore Ctrl-C, which the processes that tests interrupt would inherit.
signal.signal(signal.SIGINT, signal.default_int_handler)

# How long an example takes is no property of the code: other tests run beside it.
settings.register_profile("twotier", deadline=None)
settings.load_profile("twotier")

# A worker of pytest-xdist has the width of a terminal, but what the tests run prints into pipes, which have none.
os.environ.pop("COLUMNS", None)

DATABASES = pytest.StashKey[OwnDatabases | DatabasesOfAnother]()


def pytest_configure(config: pytest.Config) -> None:
    """Make the databases known to this process, and to those that it starts."""
    worker = getattr(config, "workerinput", None)
    known = OwnDatabases() if worker is None else DatabasesOfAnother(worker[ADDRESS])
    config.stash[DATABASES] = known
    config.pluginmanager.register(known)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> FromBothEnds:
    """Decide which worker runs what."""
    return FromBothEnds(config, log)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Run one worker more than there are cores: a good part of the tests wait for other processes."""
    return len(os.sched_getaffinity(0)) + 1


def pytest_collection_finish(session: pytest.Session) -> None:
    """Refuse tests of the same id: workers are given tests by their ids, so all but one would not be run."""
    twice = [id_ for id_, times in Counter(item.nodeid for item in session.items).items() if times > 1]
    if twice:
        raise pytest.UsageError(f"give each test an id of its own; several have {', '.join(twice)}")


@pytest.fixture(scope="session")
def postgres(pytestconfig: pytest.Config) -> Databases:
    """The server, and a template on it."""
    return pytestconfig.stash[DATABASES].made


@pytest.fixture(scope="session")
def postgres_url(postgres: Databases) -> str:
    """The server's own database, as its superuser."""
    return postgres.url


@pytest.fixture(scope="session")
def template_database(postgres: Databases) -> str:
    """The name of a migrated, empty database."""
    return postgres.template


@pytest.fixture(scope="session")
def database_names() -> Iterator[str]:
    """Names that no other process uses on the server."""
    return (f"twotier_test_{os.getpid()}_{number}" for number in count())


@pytest.fixture
def database_url(postgres_url: str, template_database: str, database_names: Iterator[str]) -> Iterator[str]:
    """A fresh database with the current schema, as the superuser."""
    with fresh_database(postgres_url, next(database_names), template_database) as url:
        yield url


@pytest.fixture(scope="module")
def shared_database_url(postgres_url: str, template_database: str, database_names: Iterator[str]) -> Iterator[str]:
    """A database for all tests of a module, which keep apart by their namespaces."""
    with fresh_database(postgres_url, next(database_names), template_database) as url:
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
def namespace(kubernetes: client.ApiClient, namespace_names: Iterator[str]) -> Iterator[str]:
    """A fresh namespace that may have tenants, deleted after the test with all resources of ours in it."""
    with _fresh_namespace(kubernetes, next(namespace_names)) as name:
        yield name


@pytest.fixture
def other_namespace(kubernetes: client.ApiClient, namespace_names: Iterator[str]) -> Iterator[str]:
    """A fresh namespace beside the test's own."""
    with _fresh_namespace(kubernetes, next(namespace_names)) as name:
        yield name


@contextmanager
def _fresh_namespace(kubernetes: client.ApiClient, name: str) -> Iterator[str]:
    core = client.CoreV1Api(kubernetes)
    core.create_namespace(client.V1Namespace(metadata=client.V1ObjectMeta(name=name)))
    admit_tenants(kubernetes, name)
    yield name
    remove_all(kubernetes, name)
    core.delete_namespace(name)


@pytest.fixture(scope="session")
def installed(cluster: Cluster) -> None:
    """The API server serves our kinds, and knows the operator's ServiceAccount and its permissions."""
    install(cluster)


@pytest.fixture(scope="session")
def operator_access(installed: None, cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Path:  # noqa: ARG001 -- it must be there
    """A kubeconfig with which a process is the operator, and may do what is shipped and no more."""
    return operator_kubeconfig(cluster, tmp_path_factory.mktemp("operator") / "kubeconfig")


@pytest.fixture
def make_operator(operator_access: Path, database_url: str, tmp_path: Path) -> Iterator[Callable[[], Operator]]:
    """Make operators that work on this test's database; each that still runs at the end has to end well."""
    made: list[Operator] = []

    def make() -> Operator:
        made.append(Operator(operator_access, database_url, tmp_path / f"operator-{len(made)}.log"))
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
