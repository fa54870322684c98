"""Without a cluster that answers, a person is told in a line what to do."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.unit.cli.answering import Busy, cluster_with, kubeconfig_of

TOKEN = "/api/v1/namespaces/twotier-system/serviceaccounts/twotier-viewer/token"  # noqa: S105 -- where it is had

OWNERSHIP = "/api/v1/namespaces/twotier-system/services/twotier/proxy/api/v1/ownership"


@pytest.fixture
def kubeconfig(tmp_path: Path) -> Path:
    path = tmp_path / "config"
    path.write_text(kubeconfig_of("http://127.0.0.1:1"), encoding="utf-8")
    return path


def twotier(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from twotier.cli.main import main; main()", *arguments],
        env={**os.environ, "HOME": "/nonexistent", "KUBECONFIG": "", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_kubeconfig_is_asked_for_where_there_is_none() -> None:
    refused = twotier("status", "--kubeconfig", "/nonexistent/config")
    assert refused.returncode == 1
    assert refused.stderr.startswith("twotier: no usable kubeconfig")
    assert refused.stderr.endswith("name one with --kubeconfig or KUBECONFIG\n")
    assert refused.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="an empty file"),
        pytest.param(b"root:x:0:0\n", id="another text"),
        pytest.param(b"contexts: [", id="half a file"),
        pytest.param(b"contexts: 3\n", id="other types"),
        pytest.param(b"\xff\x00\xfe", id="bytes"),
        pytest.param(
            b"current-context: a\ncontexts: [{name: a}]\nclusters: []\nusers: []\n", id="a context without parts"
        ),
        pytest.param(
            b"current-context: a\ncontexts: [{name: a, context: {cluster: x, user: y}}]\nclusters: []\nusers: []\n",
            id="a cluster that there is not",
        ),
    ],
)
def test_a_file_that_is_no_kubeconfig_is_refused_in_a_line(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "config"
    path.write_bytes(content)
    refused = twotier("status", "--kubeconfig", str(path))
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1), refused.stderr
    assert refused.stderr.startswith("twotier: no usable kubeconfig (")


@pytest.mark.parametrize("server", ["twotier.example.com", "ftp://twotier.example.com", "https://"])
def test_a_server_is_asked_for_with_its_scheme(server: str, tmp_path: Path) -> None:
    with cluster_with({TOKEN: {"status": {"token": "s3cret"}}}, tmp_path) as path:
        refused = twotier("explain", "ownership", "--server", server, KUBECONFIG=str(path))
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1), refused.stderr
    assert refused.stderr.startswith(f"twotier: {server} is not the address of a server")


def test_a_context_that_is_nearly_right_is_suggested(kubeconfig: Path) -> None:
    refused = twotier("status", "--kubeconfig", str(kubeconfig), "--context", "wrok")
    assert (refused.returncode, refused.stderr) == (
        1,
        "twotier: there is no context wrok in the kubeconfig: did you mean work?\n",
    )


def test_a_cluster_that_does_not_answer_is_named_and_no_secret_is(kubeconfig: Path) -> None:
    refused = twotier("status", KUBECONFIG=str(kubeconfig))
    assert refused.returncode == 1
    assert refused.stderr.startswith("twotier: the cluster at http://127.0.0.1:1 does not answer (")
    assert refused.stderr.endswith("or name another with --context or --kubeconfig\n")
    assert refused.stderr.count("\n") == 1
    assert "s3cret" not in refused.stdout + refused.stderr


def test_a_twotier_that_does_not_answer_is_named_with_what_to_do(tmp_path: Path) -> None:
    with cluster_with({TOKEN: {"status": {"token": "s3cret"}}}, tmp_path) as path:
        refused = twotier("explain", "ownership", "--server", "http://127.0.0.1:1/", KUBECONFIG=str(path))
    assert refused.returncode == 1
    assert refused.stderr.startswith("twotier: TwoTier at http://127.0.0.1:1 does not answer (")
    assert "name its address with --server or TWOTIER_SERVER" in refused.stderr
    assert refused.stderr.count("\n") == 1
    assert "s3cret" not in refused.stdout + refused.stderr


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_twotier_is_asked_again(status: int, tmp_path: Path) -> None:
    busy = Busy(3, status, {"properties": []})
    with cluster_with({TOKEN: {"status": {"token": "s3cret"}}, OWNERSHIP: busy}, tmp_path) as path:
        answered = twotier("explain", "ownership", KUBECONFIG=str(path))
    assert (answered.returncode, busy.asked) == (0, 4), answered.stderr


def test_a_twotier_that_stays_busy_is_left_alone(tmp_path: Path) -> None:
    busy = Busy(99, 429, {"properties": []})
    with cluster_with({TOKEN: {"status": {"token": "s3cret"}}, OWNERSHIP: busy}, tmp_path) as path:
        refused = twotier("explain", "ownership", KUBECONFIG=str(path))
    assert (refused.returncode, refused.stderr) == (1, "twotier: Too many requests: try again.\n")
    assert busy.asked == 5
