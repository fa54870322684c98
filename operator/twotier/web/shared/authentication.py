"""The caller: a ServiceAccount of the cluster, identified by a token that the API server checks (TokenReview).

The token has a header of its own, because the API server's service proxy drops `Authorization`. It is never logged
and never stored: only its SHA-256 is remembered.
"""

import hashlib
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Annotated, Any, Final, Protocol, TypeVar

import structlog
from fastapi import Depends, Request, Security
from fastapi.security import APIKeyHeader

from twotier.runtime.api import ApiClient, ApiError
from twotier.runtime.api_resource import ApiResource
from twotier.web.shared.addresses import client_of
from twotier.web.shared.attempts import Attempts
from twotier.web.shared.bounds import Limits
from twotier.web.shared.problems import ProblemError, unavailable

AUDIENCE: Final = "twotier"
HEADER: Final = "X-TwoTier-Token"
ACCOUNTS: Final = ("twotier-viewer", "twotier-admin")
"""The ServiceAccounts that have access: RBAC decides who may request their tokens."""
REMEMBERED: Final = timedelta(seconds=30)
REFUSED: Final = timedelta(seconds=10)
CAPACITY: Final = 1024
LARGEST_TOKEN: Final = 16_384
TOKEN_REVIEWS: Final = ApiResource("authentication.k8s.io", "v1", "tokenreviews", "TokenReview")

T = TypeVar("T")

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Caller:
    """The caller of a request.

    Attributes:
        user: its name to Kubernetes, such as system:serviceaccount:twotier-system:twotier-viewer.
        token: what tells its token from others, and not the token itself.
    """

    user: str
    token: str


class Authenticator(Protocol):
    """Identifies the caller by a token."""

    async def authenticate(self, token: str, address: str) -> Caller:
        """Return who it is.

        Args:
            token: as it was sent.
            address: where it was sent from.

        Raises:
            ProblemError: the caller is unknown or has no access, or this cannot be checked now.
        """


class TokenReviewer:
    """Asks the API server whose a token is, and briefly remembers the answer.

    A token that had access is checked again without delay. How many others are checked is limited, so that whoever
    sends made-up tokens keeps neither this process nor the API server from their work.

    Args:
        api: may create TokenReviews.
        namespace: of the ServiceAccounts that have access.
        clock: the time, aware.
    """

    def __init__(self, api: ApiClient, namespace: str, clock: Callable[[], datetime]) -> None:
        self._api = api
        self._clock = clock
        self._namespace = namespace
        self._users = frozenset(f"system:serviceaccount:{namespace}:{name}" for name in ACCOUNTS)
        self._attempts = Attempts(clock())
        # Apart, so that however many made-up tokens do not displace true ones.
        self._known: OrderedDict[str, tuple[datetime, Caller]] = OrderedDict()
        self._refused: OrderedDict[str, tuple[datetime, ProblemError]] = OrderedDict()

    async def authenticate(self, token: str, address: str) -> Caller:
        """Return who it is; see `Authenticator`."""
        key = hashlib.sha256(token.encode()).hexdigest()
        now = self._clock()
        until, known = self._known.get(key, (now, None))
        if known is not None and now < until:
            return known
        until, refusal = self._refused.get(key, (now, None))
        if refusal is not None and now < until:
            raise refusal.with_traceback(None)
        if known is None:
            self._attempts.require(address, now)
        return await self._check(token, key, address)

    async def _check(self, token: str, key: str, address: str) -> Caller:
        status = await self._review(token)
        now = self._clock()
        try:
            caller = Caller(self._user(status), key)
        except ProblemError as refusal:
            self._known.pop(key, None)
            self._attempts.refused(address, now)
            _remember(self._refused, key, (now + REFUSED, refusal))
            raise
        _remember(self._known, key, (now + REMEMBERED, caller))
        return caller

    async def _review(self, token: str) -> Mapping[str, Any]:
        body = {
            "apiVersion": TOKEN_REVIEWS.api_version,
            "kind": TOKEN_REVIEWS.kind,
            "spec": {"token": token, "audiences": [AUDIENCE]},
        }
        try:
            answer = await self._api.create(TOKEN_REVIEWS, None, body)
        except ApiError as error:
            log.warning("a token could not be checked", reason=str(error))
            raise unavailable(
                "Your token cannot be checked at present, because the Kubernetes API server does not answer "
                "`twotier serve`. Try again later; its log says why."
            ) from error
        status: Mapping[str, Any] = answer.get("status", {})
        return status

    def _user(self, status: Mapping[str, Any]) -> str:
        # A server without support for audiences does not report them, so its answer cannot be relied on.
        if not status.get("authenticated") or AUDIENCE not in status.get("audiences", ()):
            raise unauthenticated("the token has expired, is for another audience, or is not from this cluster")
        user = str(status.get("user", {}).get("username", ""))
        if user not in self._users:
            raise ProblemError(
                HTTPStatus.FORBIDDEN,
                f"{user or 'This user'} has no access: use a token of {' or '.join(ACCOUNTS)}, such as "
                f"{self._how_to_get_a_token()} creates, or ask your administrator for permission to create one.",
            )
        return user

    def _how_to_get_a_token(self) -> str:
        return f"`kubectl create token {ACCOUNTS[0]} --namespace {self._namespace} --audience {AUDIENCE}`"


def _remember(memory: OrderedDict[str, T], key: str, what: T) -> None:
    memory[key] = what
    memory.move_to_end(key)
    if len(memory) > CAPACITY:
        memory.popitem(last=False)


def unauthenticated(what: str) -> ProblemError:
    """Return the problem of a request without a valid token."""
    return ProblemError(
        HTTPStatus.UNAUTHORIZED,
        f"This needs a token in the header {HEADER}, but {what}. Create one with `kubectl create token {ACCOUNTS[0]} "
        f"--audience {AUDIENCE}` in TwoTier's namespace, or use the command `twotier`, which does so.",
        {"WWW-Authenticate": f'{HEADER} audience="{AUDIENCE}"'},
    )


_token = APIKeyHeader(
    name=HEADER,
    scheme_name="token",
    description=f"A token of the ServiceAccount {' or '.join(ACCOUNTS)} for the audience `{AUDIENCE}`.",
    auto_error=False,
)


async def caller(request: Request, token: Annotated[str | None, Security(_token)]) -> AsyncIterator[Caller]:
    """Authenticate the caller, or answer why it has no access; it has the request open until the response is sent."""
    if not token:
        raise unauthenticated("there is none")
    if len(token) > LARGEST_TOKEN or not token.isascii():
        raise unauthenticated("its value is not a token")
    authenticator: Authenticator = request.app.state.authenticator
    limits: Limits = request.app.state.limits
    found = await authenticator.authenticate(token, client_of(request, request.app.state.trusted_proxies))
    request.scope["twotier.user"] = found.user
    with limits.requests.held(found.token):
        yield found


LetIn = Depends(caller)
"""For routers: only authenticated callers get an answer."""
