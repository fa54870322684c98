"""What keeps resources from being let go of, and what to do about it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.unit.cli.answering import cluster_with
from typer.testing import CliRunner

from twotier.cli.failure import CommandError
from twotier.cli.main import app

LEASE = "/apis/coordination.k8s.io/v1/namespaces/twotier-system/leases/twotier-operator"
SHOP = "/api/v1/namespaces/shop"


@pytest.mark.parametrize(
    ("namespace", "told"),
    [
        pytest.param("shop", "or end its process if you started it yourself", id="an operator that still runs"),
        pytest.param("nope", "there is no namespace nope: kubectl get namespaces", id="a namespace that there is not"),
    ],
)
def test_why_nothing_is_let_go_of(tmp_path: Path, namespace: str, told: str) -> None:
    renewed = datetime.now(UTC).isoformat()
    lease = {"spec": {"holderIdentity": "laptop", "renewTime": renewed, "leaseDurationSeconds": 600}}
    with cluster_with({LEASE: lease, SHOP: {"kind": "Namespace"}}, tmp_path) as kubeconfig:
        refused = CliRunner().invoke(app, ["uninstall", "-n", namespace, f"--kubeconfig={kubeconfig}"])
    assert isinstance(refused.exception, CommandError)
    assert told in str(refused.exception)
    assert "To remove the rest" not in refused.stdout
