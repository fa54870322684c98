"""The workflow that is there to be copied: it comments what a change would do, and fails what would not work."""

import os
import subprocess
from pathlib import Path

import pytest
import yaml
from tests.cluster.docs.conftest import Reader

BEFORE, AFTER = "examples/why-this-price/before", "examples/why-this-price/after"


@pytest.fixture
def checkout_of_a_pull_request(reader: Reader) -> Reader:
    """A shop that sells, and the ServiceAccount of the check."""
    kubectl = reader.shop.kubectl
    kubectl("apply", "--server-side", f"--kustomize={reader.folder / BEFORE}")
    kubectl("wait", "--for=condition=Ready", "pricelistassignment/skagen", "--timeout=40s")
    access = reader.folder / "examples/approve-in-git/pull-requests.yaml"
    reader.shop.cluster.run("apply", "--server-side", f"--filename={access}")
    return reader


def compare(reader: Reader, folder: str) -> tuple[int, str]:
    """Run the step that compares, as GitHub runs a step in bash; return its status and the comment."""
    workflow = yaml.safe_load((reader.folder / "examples/approve-in-git/workflow.yaml").read_text(encoding="utf-8"))
    (step,) = (each for each in workflow["jobs"]["diff"]["steps"] if each.get("name") == "Compare")
    access = reader.shop.cluster.service_account_kubeconfig(
        reader.namespace, "pull-requests", reader.folder / "pull-requests.kubeconfig"
    )
    given = {
        "ACCESS": access.read_text(encoding="utf-8"),
        "KUBECONFIG": str(reader.folder / "kubeconfig-of-the-check"),
        "FOLDER": folder,
        "NAMESPACE": reader.namespace,
        "GITHUB_STEP_SUMMARY": str(reader.folder / "summary.md"),
    }
    ran = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=reader.folder,
        env={**os.environ, **reader.environment, **given},
        check=False,
    )
    comment = (reader.folder / "comment.md").read_text(encoding="utf-8")
    assert (reader.folder / "summary.md").read_text(encoding="utf-8").endswith(comment)
    return ran.returncode, comment


def test_it_passes_what_can_be_applied_and_fails_what_cannot(checkout_of_a_pull_request: Reader) -> None:
    reader = checkout_of_a_pull_request
    unchanged, nothing = compare(reader, BEFORE)
    assert (unchanged, "No changes." in nothing) == (0, True)
    changed, told = compare(reader, AFTER)
    assert (changed, "1 to change (! 1 below cost)" in told) == (0, True), told

    prices = reader.folder / AFTER / "prices.yaml"
    prices.write_text(prices.read_text(encoding="utf-8").replace("11.00", "eleven"), encoding="utf-8")
    broken, said = compare(reader, AFTER)
    assert (broken, 'price "eleven" is not a number' in said) == (1, True)
    _, unusable = compare(reader, str(Path("examples", "nowhere")))
    assert "nowhere" in unusable
