"""TwoTier's HTTP API, as platform staff reach it: through the API server with a short-lived token, or directly."""

import codecs
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, TypeVar
from urllib.parse import quote

from twotier.cli.client.connection import AnswerError, Connection, Json, Request, exchange, judged
from twotier.cli.failure import CommandError
from twotier.web.api.models import ApprovalRequest, DryRun, DryRunRequest, Page, Shown, Verdict

if TYPE_CHECKING:
    import urllib3

SERVER_VARIABLE: Final = "TWOTIER_SERVER"
SERVICE: Final = "twotier"
VIEWER: Final = "twotier-viewer"
AUDIENCE: Final = "twotier"
TOKEN_HEADER: Final = "X-TwoTier-Token"  # noqa: S105 -- the name of a header
TOKEN_SECONDS: Final = 600
DRY_RUN_SECONDS: Final = 900
ROWS_SECONDS: Final = 600
"""All rows are read before the first is sent."""
TRIES: Final = 5
LONGEST_WAIT: Final = 10
OTHER_SERVER: Final = (
    f"check that `twotier serve` is running there, or name its address with --server or {SERVER_VARIABLE}; leave both "
    "out to reach it through the cluster"
)
PAGE: Final = 1_000
CHUNK: Final = 1 << 16
FORBIDDEN: Final = 403
NOT_FOUND: Final = 404
UNAVAILABLE: Final = 503
BUSY: Final = frozenset({429, UNAVAILABLE})

Model = TypeVar("Model", bound=Shown)
Answer = TypeVar("Answer")
Query = dict[str, str | int]


@dataclass(frozen=True)
class Api:
    """`twotier serve`, called as its ServiceAccount for viewers.

    Attributes:
        connection: to the cluster that it runs in, and that vouches for us.
        installation: the namespace that it runs in.
        server: its address, if it is reached directly and not through the API server.
    """

    connection: Connection
    installation: str
    server: str | None = None

    def read(self, path: str, model: type[Model], query: Query | None = None) -> Model:
        """Return what a path below /api/v1 shows.

        Raises:
            AnswerError: TwoTier refused; the message says why and what to do.
            CommandError: it cannot be reached, or access is denied.
        """
        with self._open(Request(path=path, query=query or {})) as response:
            return model.model_validate_json(response.read())

    def pages(self, path: str, model: type[Model], query: Query | None = None) -> Iterator[tuple[Model, ...]]:
        """Yield the pages of what a path shows, each one on demand; see `read`."""
        asked: Query = {"limit": PAGE, **(query or {})}
        while True:
            page = self.read(path, Page[model], asked)  # type: ignore[valid-type]  # a class, known when this runs
            yield page.items
            if page.next is None:
                return
            asked = {**asked, "after": page.next}

    def rows(self, path: str, query: Query | None = None) -> Iterator[str]:
        """Yield all rows that a path shows, as CSV, in pieces of text as they arrive; see `read`."""
        decode = codecs.getincrementaldecoder("utf-8")().decode
        asked = Request(path=path, query=query or {}, headers={"Accept": "text/csv"}, read_seconds=ROWS_SECONDS)
        with self._open(asked) as response:
            for chunk in response.stream(CHUNK, decode_content=True):
                yield decode(chunk)

    def dry_run(self, request: DryRunRequest, namespace: str, distributor: str) -> DryRun:
        """Return what a change in declarations would do; see `read`."""
        body = request.model_dump(mode="json", by_alias=True, exclude_none=True)
        path = f"{distributor_path(namespace, distributor)}/dry-runs"
        asked = Request(method="POST", path=path, body=body, read_seconds=DRY_RUN_SECONDS)
        with self._open(asked) as response:
            return DryRun.model_validate_json(response.read())

    def judge_approval(self, tenant: str, plan: str, spec: Json) -> Verdict:
        """Return what would stand in the way of a plan if an assignment approved it; see `read`.

        Args:
            tenant: path of the tenant.
            plan: id of the plan.
            spec: of the assignment.
        """
        body = ApprovalRequest(spec=spec).model_dump(mode="json", by_alias=True)
        asked = Request(method="POST", path=f"{tenant}/plans/{segment(plan)}/approval", body=body)
        with self._open(asked) as response:
            return Verdict.model_validate_json(response.read())

    @contextmanager
    def _open(self, request: Request) -> "Iterator[urllib3.BaseHTTPResponse]":
        with ExitStack() as stack:
            yield _patiently(lambda: stack.enter_context(self._send(request)))

    @contextmanager
    def _send(self, request: Request) -> "Iterator[urllib3.BaseHTTPResponse]":
        headers = {**request.headers, TOKEN_HEADER: self._token}
        below = Request(
            method=request.method,
            path=f"{self._base}/api/v1{request.path}",
            query=request.query,
            body=request.body,
            headers=headers,
            read_seconds=request.read_seconds,
        )
        if self.server is None:
            with _explained(self.installation), self.connection.open(below) as response:
                yield response
            return
        address = _address(self.server)
        called = f"TwoTier at {address}"
        with exchange(self._straight, below, address, headers, called=called, advice=OTHER_SERVER) as response:
            yield judged(response)

    @property
    def _base(self) -> str:
        service = f"/api/v1/namespaces/{self.installation}/services/{SERVICE}/proxy"
        return service if self.server is None else ""

    @cached_property
    def _straight(self) -> "urllib3.PoolManager":
        import urllib3  # noqa: PLC0415 -- comes with the extra

        return urllib3.PoolManager()

    @cached_property
    def _token(self) -> str:
        path = f"/api/v1/namespaces/{self.installation}/serviceaccounts/{VIEWER}/token"
        spec = {"audiences": [AUDIENCE], "expirationSeconds": TOKEN_SECONDS}
        body = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": spec}
        try:
            answer = self.connection.json(Request(method="POST", path=path, body=body))
        except AnswerError as error:
            raise CommandError(_token_refused(error, self.installation)) from error
        return str(answer["status"]["token"])


def _address(server: str) -> str:
    address = server.rstrip("/")
    if not address.lower().startswith(("http://", "https://")):
        raise CommandError(
            f"{server} is not the address of a server: give --server or {SERVER_VARIABLE} one such as "
            "https://twotier.example.com, or leave both out to reach TwoTier through the cluster"
        )
    return address


def distributor_path(namespace: str, distributor: str) -> str:
    """Return the path of a distributor."""
    return f"/distributors/{segment(namespace)}/{segment(distributor)}"


def segment(text: str) -> str:
    """Return text as one segment of a path, whatever is in it."""
    return quote(text, safe="")


def _token_refused(error: AnswerError, installation: str) -> str:
    match error.status:
        case 403:
            return (
                f"you may not sign in to TwoTier: ask your cluster administrator to bind Role {VIEWER} of namespace "
                f"{installation} to you"
            )
        case 404:
            return (
                f"namespace {installation} has no ServiceAccount {VIEWER}: install TwoTier there (kubectl apply "
                "--server-side --kustomize manifests/base), or name its namespace with --installation"
            )
        case _:
            return f"the cluster issued no token for ServiceAccount {VIEWER}: {error}"


def _patiently(ask: Callable[[], Answer]) -> Answer:
    """Ask again, a few times, if the server is busy and says when to. Nothing that is asked here changes anything."""
    for _ in range(TRIES - 1):
        try:
            return ask()
        except AnswerError as error:
            if error.status not in BUSY or error.retry_seconds is None:
                raise
            time.sleep(min(error.retry_seconds, LONGEST_WAIT))
    return ask()


@contextmanager
def _explained(installation: str) -> Iterator[None]:
    """Say what to do if the API server refused, and not TwoTier behind it."""
    try:
        yield
    except AnswerError as error:
        if error.body.get("kind") != "Status":
            raise
        if error.status == FORBIDDEN:
            raise CommandError(
                f"you may not reach TwoTier through the API server: ask your cluster administrator to bind Role "
                f"{VIEWER} of namespace {installation} to you, or name its own address with --server"
            ) from error
        if error.status in {NOT_FOUND, UNAVAILABLE}:
            raise CommandError(
                f"Service {SERVICE} in namespace {installation} does not answer ({error}): start `twotier serve` "
                "there, or say where it runs with --installation or --server"
            ) from error
        raise
