"""The connection to a Kubernetes API server, as the user who runs the command."""

import json
import os
from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from twotier.cli.failure import CommandError, unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    import urllib3
    from kubernetes import client

CONNECT_SECONDS: Final = 10
READ_SECONDS: Final = 60
IN_POD: Final = "KUBERNETES_SERVICE_HOST"
POD_NAMESPACE: Final = Path("/var/run/secrets/kubernetes.io/serviceaccount/namespace")
UNAUTHORIZED: Final = 401
FAILURES: Final = 400
OTHER_CLUSTER: Final = (
    "check that it is running and reachable from here, or name another with --context or --kubeconfig"
)

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request to a server.

    Attributes:
        body: sent as JSON.
        headers: in addition to those that authenticate.
        read_seconds: how long to wait for an answer.
    """

    method: str = "GET"
    path: str
    query: Mapping[str, str | int] = field(default_factory=dict)
    body: object = None
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    read_seconds: int = READ_SECONDS

    def target(self, server: str) -> str:
        """Return the whole address."""
        return f"{server}{self.path}{'?' if self.query else ''}{urlencode(self.query)}"


class AnswerError(CommandError):
    """A server refused; the message is its own.

    Attributes:
        status: of HTTP.
        body: what came with it, {} if that was not JSON.
        retry_seconds: when the same may succeed, if the server says so.
    """

    def __init__(self, status: int, body: Json, message: str, retry_seconds: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.body = body
        self.retry_seconds = retry_seconds


class Connection:
    """Talks to one API server."""

    def __init__(self, api_client: "client.ApiClient", namespace: str) -> None:
        """Use a client that knows the server and the user.

        Args:
            namespace: the one that commands work in unless told otherwise.
        """
        self._client = api_client
        self.server = str(api_client.configuration.host)
        self.namespace = namespace

    def json(self, request: Request) -> Json:
        """Return the object that the server answers with.

        Raises:
            CommandError: see `open`.
        """
        with self.open(request) as response:
            return dict(response.json())

    @contextmanager
    def open(self, request: Request) -> "Iterator[urllib3.BaseHTTPResponse]":
        """Give the answer, to be read as it arrives.

        Raises:
            AnswerError: the server refused.
            CommandError: it cannot be reached, or rejects the credentials.
        """
        headers = dict(request.headers)
        self._client.update_params_for_auth(headers, [], ["BearerToken"], request.path, request.method, None)
        pool = self._client.rest_client.pool_manager
        called = f"the cluster at {self.server}"
        with exchange(pool, request, self.server, headers, called=called, advice=OTHER_CLUSTER) as response:
            if response.status == UNAUTHORIZED:
                raise CommandError(
                    f"the cluster at {self.server} rejects your credentials: sign in again, or name others with "
                    "--kubeconfig or --context"
                )
            yield judged(response)


@contextmanager
def exchange(
    pool: "urllib3.PoolManager",
    request: Request,
    server: str,
    headers: Mapping[str, str],
    *,
    called: str,
    advice: str,
) -> "Iterator[urllib3.BaseHTTPResponse]":
    """Send a request, and give the answer.

    Args:
        called: the name of the server in the message if it does not answer.
        advice: what the message advises in that case.

    Raises:
        CommandError: it does not answer.
    """
    import urllib3  # noqa: PLC0415 -- comes with the extra

    sent = {"Accept": "application/json", **headers}
    if request.body is not None:
        sent["Content-Type"] = request.content_type
    try:
        response = pool.request(
            request.method,
            request.target(server),
            body=None if request.body is None else json.dumps(request.body),
            headers=sent,
            timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=request.read_seconds),
            retries=False,
            preload_content=False,
        )
        try:
            yield response
        finally:
            response.release_conn()
    except urllib3.exceptions.HTTPError as error:
        raise CommandError(f"{called} does not answer ({_cause(error)}): {advice}") from error


def judged(response: "urllib3.BaseHTTPResponse") -> "urllib3.BaseHTTPResponse":
    """Return an answer unless it is a failure.

    Raises:
        AnswerError: it is one; the message is that of Kubernetes or TwoTier.
    """
    if response.status < FAILURES:
        return response
    raw = response.read()
    try:
        body = json.loads(raw)
    except ValueError:
        body = {}
    if not isinstance(body, dict):
        body = {}
    told = body.get("detail") or body.get("message") or raw.decode(errors="replace").strip()
    message = " ".join(str(told).split()) or f"HTTP status {response.status}"
    after = response.headers.get("Retry-After", "")
    raise AnswerError(response.status, body, message, int(after) if after.isdecimal() else None)


def connect(kubeconfig: Path | None, context: str | None) -> Connection:
    """Find the cluster as kubectl does: --kubeconfig, else KUBECONFIG, else ~/.kube/config, else the pod around us.

    Raises:
        CommandError: there is no kubeconfig, or it cannot be used; or the package is not installed.
    """
    try:
        from kubernetes import client, config  # noqa: PLC0415 -- slow to import, and not in the operator's image
    except ImportError as error:
        raise CommandError("this needs the Kubernetes client: pip install 'twotier[cli]'") from error

    named = None if kubeconfig is None else str(kubeconfig)
    try:
        contexts, active = config.list_kube_config_contexts(named)  # type: ignore[no-untyped-call]  # half typed
    # The library stumbles over a malformed file with any exception.
    except Exception as error:
        if isinstance(error, config.ConfigException) and named is None and IN_POD in os.environ:
            config.load_incluster_config()  # type: ignore[no-untyped-call]  # half typed
            return Connection(client.ApiClient(), POD_NAMESPACE.read_text(encoding="utf-8").strip())
        why = _cause(error) if isinstance(error, config.ConfigException | OSError) else "it is not a kubeconfig"
        raise CommandError(f"no usable kubeconfig ({why}): name one with --kubeconfig or KUBECONFIG") from error
    known = {str(each["name"]): each for each in contexts}
    if context is not None and context not in known:
        raise unknown("context", context, known, " in the kubeconfig")
    chosen = active if context is None else known[context]
    try:
        api_client = config.new_client_from_config(named, chosen["name"])  # type: ignore[no-untyped-call]  # half typed
    except Exception as error:
        raise CommandError(f"context {chosen['name']} of the kubeconfig cannot be used: {_cause(error)}") from error
    return Connection(api_client, chosen["context"].get("namespace", "default"))


def _cause(error: BaseException) -> str:
    """The innermost cause, in one line."""
    while error.__cause__ is not None:
        error = error.__cause__
    return " ".join(str(error).split()).rstrip(".") or type(error).__name__
