"""Who gets to the API of a real cluster, with the permissions that are shipped: through the API server, or straight."""

import json
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from kubernetes import client

from twotier.dev.cluster import Cluster, KubectlError
from twotier.dev.installation import NAMESPACE, checkout
from twotier.dev.server import Server, running_server
from twotier.web.authentication import AUDIENCE, HEADER

SERVICE, POD = "twotier", "twotier-serve-0"
PROXY = f"/api/v1/namespaces/{NAMESPACE}/services/{SERVICE}/proxy"
OWNERSHIP = "/api/v1/ownership"


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any


@pytest.fixture(scope="module")
def server(
    installed: None,  # noqa: ARG001 -- it must be there
    cluster: Cluster,
    shared_database_url: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Server]:
    """The API as its own ServiceAccount, with exactly the rights that are shipped."""
    folder = tmp_path_factory.mktemp("serve")
    kubeconfig = cluster.service_account_kubeconfig(NAMESPACE, "twotier-serve", folder / "kubeconfig")
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


@pytest.fixture(scope="module")
def ask(kubernetes: client.ApiClient, proxied: None) -> Callable[..., Answer]:  # noqa: ARG001 -- it must be there
    """Ask the API through the API server, as somebody."""

    def run(user: str, path: str, *, method: str = "GET", token: str | None = None, body: object = None) -> Answer:
        headers = {"Impersonate-User": user, "Content-Type": "application/json"}
        sign_in = kubernetes.update_params_for_auth
        sign_in(headers, [], ["BearerToken"], PROXY + path, method, None)
        answer = kubernetes.rest_client.pool_manager.request(
            method,
            kubernetes.configuration.host + PROXY + path,
            headers=headers | ({HEADER: token} if token else {}),
            body=None if body is None else json.dumps(body),
        )
        return Answer(answer.status, answer.json())

    return run


@pytest.fixture(scope="module")
def anna(cluster: Cluster, installed: None) -> Iterator[str]:  # noqa: ARG001 -- it must be there
    """A person to whom the shipped Role is bound."""
    binding = ("rolebinding", "anna", f"--namespace={NAMESPACE}")
    cluster.run("create", *binding, "--role=twotier-viewer", "--user=anna")
    yield "anna"
    cluster.run("delete", *binding)


def token_of(cluster: Cluster, account: str, *, user: str | None = None, audience: str | None = AUDIENCE) -> str:
    """Ask for a token of a ServiceAccount, as somebody, or as the administrator."""
    options = [*([f"--as={user}"] if user else []), *([f"--audience={audience}"] if audience else [])]
    return cluster.run("create", "token", account, f"--namespace={NAMESPACE}", *options).strip()


def test_whoever_has_the_role_gets_in_through_the_api_server(
    cluster: Cluster, ask: Callable[..., Answer], anna: str
) -> None:
    answer = ask(anna, OWNERSHIP, token=token_of(cluster, "twotier-viewer", user=anna))
    assert answer.status == 200, answer.body
    assert (answer.status, len(answer.body["properties"]) > 20) == (200, True)


def test_whoever_has_the_role_may_rehearse(cluster: Cluster, ask: Callable[..., Answer], anna: str) -> None:
    token = token_of(cluster, "twotier-viewer", user=anna)
    answer = ask(anna, "/api/v1/distributors/nowhere/nobody/rehearsals", method="POST", token=token, body={})
    assert (answer.status, answer.body["detail"]) == (
        404,
        "There is no distributor nobody in namespace nowhere: check both names.",
    )


def test_a_sku_with_slashes_and_colons_comes_through_the_api_server(
    cluster: Cluster, ask: Callable[..., Answer], anna: str
) -> None:
    token = token_of(cluster, "twotier-viewer", user=anna)
    path = "/api/v1/distributors/shop/aegean/tenants/R-1/offers/DZH318Z0BQ35%2F0001%3A%2A%7C/explanation"
    answer = ask(anna, path, token=token)
    assert (answer.status, "no distributor aegean" in answer.body["detail"]) == (404, True)


def test_whoever_has_no_role_gets_neither_a_token_nor_through(cluster: Cluster, ask: Callable[..., Answer]) -> None:
    with pytest.raises(KubectlError, match="cannot create resource"):
        token_of(cluster, "twotier-viewer", user="berta")
    answer = ask("berta", OWNERSHIP, token=token_of(cluster, "twotier-viewer"))
    assert (answer.status, answer.body["kind"]) == (403, "Status")


def test_a_viewer_gets_no_token_of_an_administrator(cluster: Cluster, anna: str) -> None:
    with pytest.raises(KubectlError, match="cannot create resource"):
        token_of(cluster, "twotier-admin", user=anna)


@pytest.mark.parametrize(
    ("account", "audience", "status"),
    [
        pytest.param("twotier-admin", AUDIENCE, 200, id="the administrator gets in"),
        pytest.param("twotier-viewer", None, 401, id="a token for the API server is none for us"),
        pytest.param("twotier-viewer", "vault", 401, id="a token for somebody else is none for us"),
        pytest.param("twotier-operator", AUDIENCE, 403, id="another ServiceAccount does not get in"),
    ],
)
def test_the_api_server_tells_tokens_apart(
    cluster: Cluster,
    ask: Callable[..., Answer],
    anna: str,
    *,
    account: str,
    audience: str | None,
    status: int,
) -> None:
    answer = ask(anna, OWNERSHIP, token=token_of(cluster, account, audience=audience))
    assert answer.status == status, answer.body


def test_the_log_holds_no_token(cluster: Cluster, ask: Callable[..., Answer], anna: str, server: Server) -> None:
    token = token_of(cluster, "twotier-viewer", user=anna)
    assert ask(anna, OWNERSHIP, token=token).status == 200
    log = Path(server.log).read_text(encoding="utf-8")
    assert f"system:serviceaccount:{NAMESPACE}:twotier-viewer" in log
    assert token.rpartition(".")[2] not in log


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
