"""One operator and one database for a module; a namespace for each test."""

from collections.abc import Iterator

import pytest
from kubernetes import client
from tests.shop import Shop

from twotier.dev.cluster import Cluster
from twotier.dev.installation import operator_kubeconfig
from twotier.dev.operator import Operator


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
