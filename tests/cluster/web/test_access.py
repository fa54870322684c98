"""Who gets to the API of a real cluster, with the permissions that are shipped: through the API server, or straight."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from kubernetes import client

from twotier.dev.cluster import Cluster, KubectlError
from twotier.dev.installation import NAMESPACE
from twotier.dev.server import Server
from twotier.web.shared.authentication import AUDIENCE, HEADER

SERVICE = "twotier"
PROXY = f"/api/v1/namespaces/{NAMESPACE}/services/{SERVICE}/proxy"
OWNERSHIP = "/api/v1/ownership"


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any


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


def test_whoever_has_the_role_may_ask_for_a_dry_run(cluster: Cluster, ask: Callable[..., Answer], anna: str) -> None:
    token = token_of(cluster, "twotier-viewer", user=anna)
    answer = ask(anna, "/api/v1/distributors/nowhere/nobody/dry-runs", method="POST", token=token, body={})
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
