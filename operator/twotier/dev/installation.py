"""TwoTier on a cluster, as shipped but without the workloads: the operator runs as a process beside it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import yaml

from twotier.dev.cluster import Cluster
from twotier.dev.failure import EnvironmentUnfitError
from twotier.runtime.resource import GROUP
from twotier.runtime.settings import INSTALLATION

NAMESPACE: Final = INSTALLATION
SERVICE_ACCOUNT: Final = "twotier-operator"
SERVE_ACCOUNT: Final = "twotier-serve"
USER: Final = f"system:serviceaccount:{NAMESPACE}:{SERVICE_ACCOUNT}"
"""The operator's user name at the API server, and in its audit log."""
NO_FINALIZERS: Final = '{"metadata": {"finalizers": null}}'
WORKLOADS: Final = frozenset({"Deployment", "Job"})


def checkout() -> Path:
    """The folder with crds/, manifests/ and examples/.

    Raises:
        EnvironmentUnfitError: the program was installed without them.
    """
    folder = Path(__file__).parents[3]
    if not (folder / "manifests" / "base").is_dir():
        raise EnvironmentUnfitError(
            f"{folder} has no manifests: the demo needs a clone of the repository; run `make demo` in one"
        )
    return folder


def install(cluster: Cluster) -> None:
    """Apply the CRDs and the operator's permissions, and wait until the API server serves the kinds."""
    definitions = [item for item in apply_shipped(cluster, checkout() / "manifests" / "base") if _is_definition(item)]
    names = [f"crd/{item['metadata']['name']}" for item in definitions]
    cluster.run("wait", "--for=condition=Established", "--timeout=60s", *names)


def admit_tenants(cluster: Cluster, namespace: str) -> None:
    """Let the operator keep the credentials of tenants in a namespace."""
    cluster.run(
        "apply", "--server-side", f"--kustomize={checkout() / 'manifests' / 'namespace'}", f"--namespace={namespace}"
    )


def apply_shipped(cluster: Cluster, kustomization: Path) -> Sequence[Mapping[str, Any]]:
    """Apply the resources of a kustomization, without the workloads, and return all of them."""
    shipped = [item for item in yaml.safe_load_all(cluster.render(kustomization)) if item]
    cluster.apply(yaml.safe_dump_all(item for item in shipped if item["kind"] not in WORKLOADS))
    return shipped


def operator_kubeconfig(cluster: Cluster, path: Path, namespace: str = NAMESPACE) -> Path:
    """Write a kubeconfig with which a process has the operator's permissions, and no others.

    Args:
        path: of the new file.
        namespace: that TwoTier is installed in.
    """
    return cluster.service_account_kubeconfig(namespace, SERVICE_ACCOUNT, path)


def serve_kubeconfig(cluster: Cluster, path: Path, namespace: str = NAMESPACE) -> Path:
    """Write a kubeconfig with the permissions of the HTTP API; see `operator_kubeconfig`."""
    return cluster.service_account_kubeconfig(namespace, SERVE_ACCOUNT, path)


def remove_resources(cluster: Cluster, namespace: str) -> None:
    """Remove all TwoTier resources from a namespace, without any cleanup of what they represent."""
    kinds = cluster.run("api-resources", f"--api-group={GROUP}", "--output=name").split()
    for found in cluster.get(",".join(kinds), f"--namespace={namespace}")["items"] if kinds else ():
        name, kind = found["metadata"]["name"], found["kind"]
        cluster.run("patch", kind, name, f"--namespace={namespace}", "--type=merge", f"--patch={NO_FINALIZERS}")
    if kinds:
        cluster.run("delete", ",".join(kinds), "--all", f"--namespace={namespace}")


def _is_definition(item: Mapping[str, Any]) -> bool:
    return bool(item["kind"] == "CustomResourceDefinition")
