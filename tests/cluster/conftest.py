"""One operator and one database for a module, and the API beside it; a namespace for each test."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from kubernetes import client
from tests.flux import Artifacts, serving_artifacts
from tests.shop import Shop

from twotier.dev.cluster import Cluster
from twotier.dev.installation import NAMESPACE, checkout, serve_kubeconfig
from twotier.dev.operator import Operator
from twotier.dev.server import Server, running_server

SERVICE, POD = "twotier", "twotier-serve-0"


@pytest.fixture(scope="module")
def artifacts() -> Iterator[Artifacts]:
    """The only server that the operator fetches artifacts from."""
    with serving_artifacts() as artifacts:
        yield artifacts


@pytest.fixture(scope="module")
def shared_operator(
    operator_access: Path, shared_database_url: str, artifacts: Artifacts, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Operator]:
    """A running operator that looks at nothing again unless it is woken."""
    operator = Operator(operator_access, shared_database_url, tmp_path_factory.mktemp("operator") / "log")
    operator.start({"TWOTIER_SWEEP_INTERVAL": "3600", "TWOTIER_ARTIFACT_HOSTS": artifacts.host})
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


@pytest.fixture(scope="module")
def proxied(server: Server, cluster: Cluster, kubernetes: client.ApiClient) -> Iterator[None]:
    """The shipped Service leads to the process, as it would to its pods: the API server proxies to pods alone."""
    _pretend_pod(cluster, kubernetes)
    port = int(server.url.rpartition(":")[2])
    target = {"kind": "Pod", "name": POD, "namespace": NAMESPACE}
    endpoints = {
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "metadata": {"name": SERVICE, "labels": {"kubernetes.io/service-name": SERVICE}},
        "addressType": "IPv4",
        "endpoints": [{"addresses": [_own_address()], "conditions": {"ready": True}, "targetRef": target}],
        "ports": [{"name": "", "port": port}],
    }
    cluster.apply(json.dumps(endpoints), NAMESPACE)
    yield
    cluster.run("delete", "endpointslice", SERVICE, f"--namespace={NAMESPACE}")
    cluster.run("delete", "pod", POD, f"--namespace={NAMESPACE}", "--grace-period=0", "--force")


def _pretend_pod(cluster: Cluster, kubernetes: client.ApiClient) -> None:
    """Make the pod that the process stands for; nothing runs it, and its address is ours."""
    shipped = yaml.safe_load_all(cluster.render(checkout() / "manifests" / "base"))
    deployment = next(
        item for item in shipped if item and item["metadata"]["name"] == "twotier-serve" and "spec" in item
    )
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": POD}, "spec": deployment["spec"]["template"]["spec"]}
    cluster.run("create", f"--namespace={NAMESPACE}", "--filename=-", standard_input=json.dumps(pod))
    status = {"status": {"podIP": _own_address(), "podIPs": [{"ip": _own_address()}]}}
    client.CoreV1Api(kubernetes).patch_namespaced_pod_status(POD, NAMESPACE, status)


def _own_address() -> str:
    """An address of this machine that is not the loopback's; nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as prober:
        prober.connect(("192.0.2.1", 9))
        return str(prober.getsockname()[0])
