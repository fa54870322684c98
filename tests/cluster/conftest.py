"""One operator and one database for a module, and the API beside it; a namespace for each test."""

from collections.abc import Iterator

import pytest
from kubernetes import client
from tests.shop import Shop

from twotier.dev.cluster import Cluster
from twotier.dev.installation import operator_kubeconfig, serve_kubeconfig
from twotier.dev.operator import Operator
from twotier.dev.server import Server, running_server


@pytest.fixture(scope="module")
def shared_operator(
    installed: None,  # noqa: ARG001 -- it must be there
    cluster: Cluster,
    shared_database_url: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Operator]:
    """A running operator that looks at nothing again unless it is woken."""
    folder = tmp_path_factory.mktemp("operator")
    kubeconfig = operator_kubeconfig(cluster, folder / "kubeconfig")
    operator = Operator(kubeconfig, shared_database_url, folder / "log")
    operator.start({"TWOTIER_SWEEP_INTERVAL": "3600"})
    yield operator
    assert operator.stop() == 0


@pytest.fixture
def shop(
    shared_operator: Operator,  # noqa: ARG001 -- it must be there
    cluster: Cluster,
    kubernetes: client.ApiClient,
    namespace: str,
    shared_database_url: str,
) -> Shop:
    return Shop(cluster, kubernetes, namespace, shared_database_url)


@pytest.fixture(scope="module")
def server(
    installed: None,  # noqa: ARG001 -- it must be there
    cluster: Cluster,
    shared_database_url: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Server]:
    """The API as its own ServiceAccount, with exactly the rights that are shipped."""
    folder = tmp_path_factory.mktemp("serve")
    kubeconfig = serve_kubeconfig(cluster, folder / "kubeconfig")
    settings = {"TWOTIER_HOST": "0.0.0.0"}  # noqa: S104 -- the API server does not connect to a loopback address
    with running_server(kubeconfig, shared_database_url, folder / "log", settings) as running:
        yield running
