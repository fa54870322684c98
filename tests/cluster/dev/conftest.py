"""What only these tests look at."""

from pathlib import Path

import pytest

from twotier.dev.cluster import Cluster
from twotier.dev.installation import operator_kubeconfig


@pytest.fixture
def operator_cluster(installed: None, cluster: Cluster, tmp_path: Path) -> Cluster:  # noqa: ARG001 -- it must be there
    """The operator's kubectl."""
    return Cluster(operator_kubeconfig(cluster, tmp_path / "operator.kubeconfig"), cluster.kubectl)
