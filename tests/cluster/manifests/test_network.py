"""The optional network policies: each pod has one, and the API server takes them."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from twotier.dev.cluster import Cluster
from twotier.dev.installation import NAMESPACE

OVERLAYS = Path(__file__).parent
WORKLOADS = {"Deployment", "Job"}
METRICS = {"namespaceSelector": {"matchLabels": {"metrics": "enabled"}}}


def rendered(cluster: Cluster, overlay: str) -> list[dict[str, Any]]:
    return [item for item in yaml.safe_load_all(cluster.render(OVERLAYS / overlay)) if item]


def policies(cluster: Cluster, overlay: str) -> dict[str, dict[str, Any]]:
    """Those of our own namespace, by name."""
    found = (item for item in rendered(cluster, overlay) if item["kind"] == "NetworkPolicy")
    return {item["metadata"]["name"]: item for item in found if item["metadata"]["namespace"] != "flux-system"}


def test_each_pod_has_a_policy_for_both_directions(cluster: Cluster) -> None:
    made = policies(cluster, "network").values()
    workloads = [item for item in rendered(cluster, "network") if item["kind"] in WORKLOADS]
    for workload in workloads:
        labels = workload["spec"]["template"]["metadata"]["labels"].items()
        (own,) = (each for each in made if each["spec"]["podSelector"]["matchLabels"].items() <= labels)
        assert own["spec"]["policyTypes"] == ["Ingress", "Egress"]
    assert len(workloads) == len(made)


@pytest.mark.parametrize(
    ("name", "ports"),
    [
        pytest.param("twotier-operator", [{53}, {443, 6443}, {5432}, {9090}], id="the operator"),
        pytest.param("twotier-serve", [{53}, {443, 6443}, {5432}], id="the API"),
        pytest.param("twotier-migration", [{53}, {5432}], id="the migration"),
    ],
)
def test_nothing_can_be_reached_but_what_is_needed_by(cluster: Cluster, name: str, ports: list[set[int]]) -> None:
    rules = policies(cluster, "network")[name]["spec"]["egress"]
    assert [{port["port"] for port in rule["ports"]} for rule in rules] == ports


def test_of_flux_the_operator_reaches_what_keeps_the_artifacts_alone(cluster: Cluster) -> None:
    *_, rule = policies(cluster, "network")["twotier-operator"]["spec"]["egress"]
    (peer,) = rule["to"]
    assert peer["namespaceSelector"]["matchLabels"] == {"kubernetes.io/metadata.name": "flux-system"}
    assert peer["podSelector"]["matchLabels"] == {"app": "source-controller"}


def test_metrics_are_for_namespaces_with_the_label_and_the_api_is_for_everybody(cluster: Cluster) -> None:
    ways_in = {
        name: [(rule.get("from"), port["port"]) for rule in policy["spec"].get("ingress", []) for port in rule["ports"]]
        for name, policy in policies(cluster, "network").items()
    }
    assert ways_in == {
        "twotier-operator": [([METRICS], "http")],
        "twotier-serve": [(None, "http"), ([METRICS], "metrics")],
        "twotier-migration": [],
    }


def test_addresses_that_are_known_narrow_the_rules_as_the_component_says(cluster: Cluster) -> None:
    said = (OVERLAYS.parents[2] / "manifests" / "network" / "kustomization.yaml").read_text(encoding="utf-8")
    for line in (OVERLAYS / "network" / "kustomization.yaml").read_text(encoding="utf-8").splitlines():
        assert "op: add" not in line or line.strip() in said
    rules = policies(cluster, "network")["twotier-operator"]["spec"]["egress"]
    assert [rule.get("to", [{}])[0].get("ipBlock") for rule in rules[1:3]] == [
        {"cidr": "192.0.2.10/32"},
        {"cidr": "192.0.2.20/32"},
    ]


def test_the_policies_of_a_cell_are_in_its_namespace(cluster: Cluster) -> None:
    in_cell = policies(cluster, "network-cell")
    assert in_cell.keys() == policies(cluster, "network").keys()
    assert {policy["metadata"]["namespace"] for policy in in_cell.values()} == {"twotier-aegean"}


@pytest.mark.usefixtures("installed")
def test_the_api_server_takes_them(cluster: Cluster) -> None:
    made = yaml.safe_dump_all(policies(cluster, "network").values())
    answer = cluster.run("apply", "--server-side", "--dry-run=server", "--filename=-", standard_input=made)
    assert len(answer.splitlines()) == len(policies(cluster, "network"))
    assert NAMESPACE in made
