"""The demo tells its story on any pair of real lists, ends well or says why not, and leaves no process behind."""

import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
import pytest

from twotier.dev.cluster import Cluster
from twotier.dev.datasets import DATASETS
from twotier.dev.demo import run_demo
from twotier.dev.demo.catalogue import read_catalogue
from twotier.dev.installation import checkout

DEMO = [str(Path(sys.executable).with_name("twotier")), "demo"]
DATA = checkout() / "tests" / "data"
PAIRS: Mapping[tuple[str, str], Mapping[str, Any]] = {
    (pair["old"], pair["new"]): pair for pair in json.loads((DATA / "expected_diffs.json").read_text())
}
QUICKSTART_PAIR = (
    "azure-retail/vm-eu-west.2026-07-15T1741Z.25ddcc8.json.gz",
    "azure-retail/vm-eu-west.2026-08-01T0542Z.c06e72a.json.gz",
)
ANOTHER_PAIR = (
    "azure-retail/vm-eu-west.2026-08-19T1540Z.76d23d6.json.gz",
    "azure-retail/vm-eu-west.2026-08-19T2103Z.8be40fb.json.gz",
)


@pytest.fixture
def temporary() -> Iterator[Path]:
    """A folder for all temporary files of a demo; not below pytest's, whose names are too long for a socket."""
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def test_the_quickstart_runs_on_parts_of_its_own_and_ends_by_itself(temporary: Path) -> None:
    with started_demo("--once", TMPDIR=str(temporary)) as demo:
        printed, errors = demo.communicate()
    assert (demo.returncode, errors) == (0, ""), printed
    assert summary(QUICKSTART_PAIR) in printed
    assert_nothing_left(temporary)
    assert not list(temporary.iterdir())


def test_another_pair_of_lists_on_a_cluster_and_a_database_of_the_users_own(
    cluster: Cluster,
    database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("TWOTIER_DATABASE_URL", database_url)
    examples = examples_with(ANOTHER_PAIR, tmp_path)
    status = run_demo(kubeconfig=cluster.kubeconfig, once=True, examples=examples)
    printed = capsys.readouterr().out
    assert status == 0, printed
    assert summary(ANOTHER_PAIR) in printed
    assert "136 offers are suspect, and meltemi still sells 8,667" in printed
    assert "3,467 of 8,667, more than the 25 % of maxRemovedPercent" in printed
    assert "kubectl delete --kustomize manifests/base" in printed
    with psycopg.connect(database_url) as connection:
        row = connection.execute("select id from twotier.organization where account_number = 'R-1001'").fetchone()
    assert row is not None
    offers = read_catalogue(database_url, row[0])
    assert {sku: offer.cost for (sku, _), offer in offers.items()} == prices(ANOTHER_PAIR[1])
    cluster.run("wait", "--for=delete", "--timeout=120s", "namespace/twotier-demo")


@pytest.mark.parametrize(
    ("moment", "number", "status"),
    [
        pytest.param("PostgreSQL is running", signal.SIGINT, 130, id="Ctrl-C while the control plane starts"),
        pytest.param("The operator is running", signal.SIGKILL, -signal.SIGKILL, id="SIGKILL in the story"),
        pytest.param("Everything is running", signal.SIGTERM, 0, id="SIGTERM at the end"),
    ],
)
def test_no_process_stays_behind(moment: str, number: signal.Signals, status: int, temporary: Path) -> None:
    with started_demo(TMPDIR=str(temporary)) as demo:
        assert demo.stdout is not None
        assert any(moment in line for line in demo.stdout)
        demo.send_signal(number)
        _, errors = demo.communicate()
    assert (demo.returncode, errors) == (status, "")
    assert_nothing_left(temporary)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        pytest.param(
            {"TWOTIER_DATABASE_URL": "postgresql://anna@127.0.0.1:9/shop"},
            "✗ the database shop at 127.0.0.1 that TWOTIER_DATABASE_URL names cannot be reached",
            id="an unreachable database",
        ),
        pytest.param(
            {"KUBEBUILDER_ASSETS": "/nonexistent"},
            "✗ KUBEBUILDER_ASSETS is /nonexistent, which has no etcd and no kube-apiserver and no kubectl",
            id="binaries that are not there",
        ),
    ],
)
def test_what_is_missing_is_said_without_a_traceback(
    settings: Mapping[str, str], message: str, temporary: Path
) -> None:
    with started_demo("--once", TMPDIR=str(temporary), **settings) as demo:
        printed, errors = demo.communicate()
    assert (demo.returncode, errors) == (1, "")
    assert message in printed
    assert_nothing_left(temporary)


def test_an_unreachable_cluster_is_named_with_its_kubeconfig(
    database_url: str,
    cluster: Cluster,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("TWOTIER_DATABASE_URL", database_url)
    monkeypatch.setenv("PATH", str(cluster.kubectl.parent), prepend=os.pathsep)
    kubeconfig = tmp_path / "kubeconfig"
    kubeconfig.write_text(
        "{clusters: [{name: gone, cluster: {server: 'https://127.0.0.1:9'}}], current-context: gone,"
        " contexts: [{name: gone, context: {cluster: gone}}]}"
    )
    assert run_demo(kubeconfig=kubeconfig, once=True) == 1
    printed = capsys.readouterr().out
    assert "✗ the cluster that --kubeconfig names cannot be used" in printed
    assert f"correct {kubeconfig}, or leave --kubeconfig out" in printed


def test_a_namespace_of_that_name_is_left_alone(
    database_url: str, cluster: Cluster, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TWOTIER_DATABASE_URL", database_url)
    cluster.run("create", "namespace", "twotier-demo")
    assert run_demo(kubeconfig=cluster.kubeconfig, once=True) == 1
    assert "`kubectl delete namespace twotier-demo` if it is left over from an earlier demo" in capsys.readouterr().out
    cluster.run("delete", "namespace", "twotier-demo", "--timeout=120s")


def test_the_example_lists_are_columns_of_the_original_files() -> None:
    for folder, original in zip(("quickstart", "quickstart-next"), QUICKSTART_PAIR, strict=True):
        shown = gzip.decompress((checkout() / "examples" / folder / "prices.csv.gz").read_bytes()).decode()
        header, *rows = shown.splitlines()
        assert header == "skuId,productName,skuName,unitOfMeasure,retailPrice"
        assert {row.split(",")[0]: Decimal(row.split(",")[-1]) for row in rows} == prices(original)


def started_demo(*arguments: str, **settings: str) -> subprocess.Popen[str]:
    """Run the demo as a person in another folder does."""
    return subprocess.Popen(
        [*DEMO, *arguments],
        env={**os.environ, **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def assert_nothing_left(folder: Path) -> None:
    """No process has anything to do with a demo whose temporary files are in the folder."""
    deadline = time.monotonic() + 60
    while left := [line for line in command_lines() if str(folder) in line]:
        assert time.monotonic() < deadline, left
        time.sleep(0.1)


def command_lines() -> list[str]:
    listing = subprocess.run(["ps", "-ww", "-A", "-o", "args"], capture_output=True, text=True, check=True)
    return listing.stdout.splitlines()


def summary(pair: tuple[str, str]) -> str:
    """What the demo has to say of a pair, by counts that were found without it."""
    found = PAIRS[pair]
    return f"{found['added']} offers added, {found['removed']} discontinued, {found['price_changed']} with a new cost"


def prices(original: str) -> dict[str, Decimal]:
    offers = json.loads(gzip.decompress((DATA / original).read_bytes()), parse_float=Decimal, parse_int=Decimal)
    return {key.split("|")[0]: offer["retailPrice"] for key, offer in offers.items()}


def examples_with(pair: tuple[str, str], folder: Path) -> Path:
    """Copy the examples, with other lists in them."""
    for name in ("examples", "manifests"):
        shutil.copytree(checkout() / name, folder / name)
    for name, original in zip(("quickstart", "quickstart-next"), pair, strict=True):
        converted = DATASETS["azure-retail"].to_csv((DATA / original).read_bytes())
        (folder / "examples" / name / "prices.csv.gz").write_bytes(gzip.compress(converted))
    return folder / "examples"
