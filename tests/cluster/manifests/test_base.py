"""The shipped manifests: what the API server makes of them, and what they let the operator do."""

import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import yaml
from kubernetes import client

from twotier.dev.cluster import Cluster
from twotier.dev.installation import NAMESPACE, USER

BASE = Path(__file__).parents[3] / "manifests" / "base"
WORKLOADS = ["migration", "operator", "serve"]
OURS = "twotier.dev"
FLUX = "source.toolkit.fluxcd.io"


@pytest.fixture(scope="module")
def shipped(cluster: Cluster, installed: None) -> dict[str, dict[str, Any]]:  # noqa: ARG001 -- it must be there
    """The workloads by what they are for."""
    resources = [item for item in yaml.safe_load_all(cluster.render(BASE)) if item]
    workloads = [item for item in resources if item["kind"] in {"Deployment", "Job"}]
    return {item["metadata"]["labels"]["app.kubernetes.io/component"]: item for item in workloads}


@pytest.mark.usefixtures("installed")
def test_one_command_installs_everything_and_changes_nothing_that_is_installed(cluster: Cluster) -> None:
    # By another manager than before: a field that the API server kept otherwise than it was written is a conflict.
    answer = cluster.run("apply", "--server-side", "--dry-run=server", f"--kustomize={BASE}")
    assert {line.split()[0] for line in answer.splitlines()} >= {
        f"namespace/{NAMESPACE}",
        f"serviceaccount/{USER.rpartition(':')[2]}",
        "deployment.apps/twotier-operator",
        "deployment.apps/twotier-serve",
        "service/twotier",
        "customresourcedefinition.apiextensions.k8s.io/pricelists.twotier.dev",
    }


@pytest.mark.parametrize("component", WORKLOADS)
def test_pods_pass_the_restricted_level_that_the_namespace_enforces(
    cluster: Cluster, shipped: dict[str, dict[str, Any]], component: str
) -> None:
    pod = {"apiVersion": "v1", "kind": "Pod", "spec": shipped[component]["spec"]["template"]["spec"]}
    pod["metadata"] = {"name": component, "namespace": NAMESPACE}
    answer = cluster.run("create", "--dry-run=server", "--filename=-", standard_input=json.dumps(pod))
    assert answer == f"pod/{component} created (server dry run)\n"


@pytest.mark.parametrize("component", WORKLOADS)
def test_no_variable_of_a_service_is_taken_for_a_setting(shipped: dict[str, dict[str, Any]], component: str) -> None:
    # The Service twotier would make TWOTIER_PORT an address such as tcp://10.0.0.1:80.
    assert shipped[component]["spec"]["template"]["spec"]["enableServiceLinks"] is False


def test_an_operator_has_a_name_without_a_user_of_the_image(shipped: dict[str, dict[str, Any]]) -> None:
    (operator,) = shipped["operator"]["spec"]["template"]["spec"]["containers"]
    assert {"name": "POD_ID", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}} in operator["env"]


def test_the_image_and_the_migration_have_the_version_of_the_program(shipped: dict[str, dict[str, Any]]) -> None:
    pods = [shipped[component]["spec"]["template"]["spec"] for component in WORKLOADS]
    images = {each["image"] for pod in pods for each in pod.get("initContainers", []) + pod["containers"]}
    assert images == {f"ghcr.io/twotier/twotier:{version('twotier')}"}
    assert shipped["migration"]["metadata"]["name"] == f"twotier-migration-v{version('twotier').replace('.', '-')}"


@pytest.mark.parametrize(
    ("allowed", "verb", "group", "resource", "namespace", "name"),
    [
        pytest.param(True, "watch", OURS, "pricelists", None, None, id="it sees resources of all namespaces"),
        pytest.param(True, "patch", OURS, "pricelists/status", "shop", "a", id="it says what became of them"),
        pytest.param(False, "update", OURS, "pricelists/status", "shop", "a", id="it says so by applying alone"),
        pytest.param(False, "patch", OURS, "pricelists", "shop", "a", id="it does not touch what users declare"),
        pytest.param(False, "delete", OURS, "pricelists", "shop", "a", id="it deletes nothing that users declare"),
        pytest.param(False, "create", OURS, "tenantresellers", "shop", None, id="it declares nothing itself"),
        pytest.param(True, "patch", OURS, "tenantresellers", "shop", "a", id="it holds a tenant by its finalizer"),
        pytest.param(True, "watch", "", "configmaps", None, None, id="it sees the files of price lists"),
        pytest.param(False, "patch", "", "configmaps", "shop", "a", id="it does not change them"),
        pytest.param(True, "watch", FLUX, "gitrepositories", None, None, id="it sees what Flux keeps in Git"),
        pytest.param(True, "get", FLUX, "ocirepositories", "shop", "a", id="it sees what Flux keeps in a registry"),
        pytest.param(True, "list", FLUX, "buckets", None, None, id="it sees what Flux keeps in a bucket"),
        pytest.param(False, "patch", FLUX, "gitrepositories/status", "shop", "a", id="it leaves them to Flux"),
        pytest.param(False, "create", "", "secrets", "shop", None, id="it makes credentials only where it is let"),
        pytest.param(True, "create", "", "events", "shop", None, id="it tells people what happened"),
        pytest.param(
            True,
            "update",
            "coordination.k8s.io",
            "leases",
            NAMESPACE,
            "twotier-operator",
            id="it renews its Lease",
        ),
        pytest.param(
            False, "update", "coordination.k8s.io", "leases", NAMESPACE, "other", id="it leaves other Leases alone"
        ),
        pytest.param(
            False,
            "update",
            "coordination.k8s.io",
            "leases",
            "kube-system",
            "twotier-operator",
            id="it has no Lease in another namespace",
        ),
        pytest.param(False, "list", "", "namespaces", None, None, id="it need not know the namespaces"),
        pytest.param(
            False,
            "list",
            "apiextensions.k8s.io",
            "customresourcedefinitions",
            None,
            None,
            id="it need not know the definitions",
        ),
        pytest.param(
            False, "escalate", "rbac.authorization.k8s.io", "clusterroles", None, None, id="it gives itself no rights"
        ),
    ],
)
@pytest.mark.usefixtures("installed")
def test_the_operator_has_the_rights_it_needs_and_no_others(
    kubernetes: client.ApiClient,
    *,
    allowed: bool,
    verb: str,
    group: str,
    resource: str,
    namespace: str | None,
    name: str | None,
) -> None:
    resource, _, subresource = resource.partition("/")
    attributes = client.V1ResourceAttributes(
        verb=verb, group=group, resource=resource, subresource=subresource, namespace=namespace, name=name
    )
    spec = client.V1SubjectAccessReviewSpec(user=USER, resource_attributes=attributes)
    review = client.AuthorizationV1Api(kubernetes).create_subject_access_review(client.V1SubjectAccessReview(spec=spec))
    assert review.status is not None
    assert review.status.allowed is allowed
