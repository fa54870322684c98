"""The API server: the few requests that the operator makes, over one pool of connections that Kopf shares."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Final, Self

import aiohttp

from twotier.runtime.api_resource import ApiResource
from twotier.runtime.credentials import Access
from twotier.runtime.metrics import RequestMetrics
from twotier.runtime.resource import FINALIZER, Body, Key

MANAGER: Final = "twotier"
FINALIZER_MANAGER: Final = "twotier-finalizer"
RECORD_MANAGER: Final = "twotier-record"
PAGE: Final = 500
APPLY: Final = "application/apply-patch+yaml"
JSON_PATCH: Final = "application/json-patch+json"
METADATA_LIST: Final = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
TIMEOUT: Final = aiohttp.ClientTimeout(total=30, sock_connect=5)

Object = dict[str, Any]


class ApiError(Exception):
    """A request was refused, or could not be made."""


class ForbiddenError(ApiError):
    """The operator lacks the right."""


class NotFoundError(ApiError):
    """The object does not exist, or no longer exists."""


class ConflictError(ApiError):
    """The object is not the expected one: it has another uid, version or owner."""


class InvalidError(ApiError):
    """The object breaks a rule of its kind, or a policy of the cluster."""


class UnavailableError(ApiError):
    """The API server cannot be reached, or cannot answer now; the same request may succeed later."""


ERRORS: Final[Mapping[int, type[ApiError]]] = {
    403: ForbiddenError,
    404: NotFoundError,
    409: ConflictError,
    422: InvalidError,
    429: UnavailableError,
}
FIRST_SERVER_ERROR: Final = 500


class ApiClient:
    """Requests to one API server. Use as an async context manager; all watches go through `watches()`.

    Args:
        access: where the server is and who asks.
        metrics: counts every request by verb and resource.
        connections: maximum number open at once, apart from those of watches.
    """

    def __init__(self, access: Access, metrics: RequestMetrics, *, connections: int = 64) -> None:
        self.access = access
        self._metrics = metrics
        # Without certificates to check, True is aiohttp's own default.
        trust = access.trust if access.trust is not None else True
        self._connector = aiohttp.TCPConnector(limit=connections, ssl=trust)
        # Each watch keeps a connection for as long as it lasts, and their number is not limited.
        self._watches = aiohttp.TCPConnector(limit=0, ssl=trust)
        self._session = self._open(self._connector)

    def watches(self) -> aiohttp.ClientSession:
        """Return a session for watches, which leave the other connections alone; closing it closes none of them."""
        return self._open(self._watches)

    def _open(self, connector: aiohttp.TCPConnector) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=connector,
            connector_owner=False,
            timeout=TIMEOUT,
            headers={"User-Agent": MANAGER},
            middlewares=(self._authorize,),
        )

    async def _authorize(
        self, request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        token = self.access.token()
        if token is not None:
            request.headers["Authorization"] = f"Bearer {token}"
        response = await handler(request)
        self._metrics.count_request(request.method, request.url.path, response.status)
        return response

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()
        await self._connector.close()
        await self._watches.close()

    async def get(self, resource: ApiResource, namespace: str, name: str) -> Object | None:
        """Return one object, or None if it does not exist."""
        try:
            return await self._request("GET", resource.path(namespace, name))
        except NotFoundError:
            return None

    async def pages(
        self, resource: ApiResource, namespace: str | None, *, selector: str | None = None, page: int = PAGE
    ) -> AsyncIterator[Object]:
        """Yield lists of objects' metadata (their specs are left out), a page at a time."""
        parameters = {"limit": str(page), **({"labelSelector": selector} if selector else {})}
        while True:
            found = await self._request(
                "GET", resource.path(namespace), parameters=parameters, headers={"Accept": METADATA_LIST}
            )
            # The API server writes an empty list of metadata as null.
            yield {**found, "items": found["items"] or []}
            token = found["metadata"].get("continue")
            if not token:
                return
            parameters["continue"] = token

    async def count(self, resource: ApiResource, namespace: str | None, *, selector: str | None = None) -> int:
        """Return how many objects there are.

        Raises:
            NotFoundError: the API server does not know this resource type.
        """
        total = 0
        # The server reports how many remain after a page, except with a selector.
        async for found in self.pages(resource, namespace, selector=selector, page=PAGE if selector else 1):
            total += len(found["items"])
            if "remainingItemCount" in found["metadata"]:
                return total + int(found["metadata"]["remainingItemCount"])
        return total

    async def create(self, resource: ApiResource, namespace: str | None, body: Body) -> Object:
        """Create an object; in no namespace (None) for cluster-scoped resource types.

        Raises:
            ConflictError: one of this name already exists.
        """
        return await self._request("POST", resource.path(namespace), body=body)

    async def replace(
        self, resource: ApiResource, namespace: str, name: str, body: Body, *, dry_run: bool = False
    ) -> Object:
        """Write a whole object, or only find out whether it could be written.

        Raises:
            ConflictError: it has changed since the resourceVersion that the body carries.
        """
        parameters = {"dryRun": "All"} if dry_run else None
        return await self._request("PUT", resource.path(namespace, name), parameters=parameters, body=body)

    async def apply_status(
        self, resource: ApiResource, key: Key, uid: str, status: Mapping[str, Any], *, manager: str = MANAGER
    ) -> Object:
        """Write our whole part of an object's status.

        Args:
            manager: that has the part.

        Raises:
            NotFoundError: the object has vanished.
            ConflictError: another object has its name now.
        """
        path = resource.path(key.namespace, key.name, "status")
        return await self._apply(resource, path, {"metadata": _identity(key, uid), "status": status}, manager)

    async def add_finalizer(self, resource: ApiResource, key: Key, uid: str) -> Object:
        """Keep an object from vanishing before it is finalized.

        Raises:
            ConflictError: the object has vanished, or another one has its name now.
        """
        return await self._apply_finalizers(resource, key, uid, [FINALIZER])

    async def remove_finalizer(self, resource: ApiResource, key: Key, uid: str) -> None:
        """Let an object vanish, even where others have applied our finalizer too."""
        try:
            left = await self._apply_finalizers(resource, key, uid, None)
            finalizers = left["metadata"].get("finalizers", [])
            if FINALIZER in finalizers:
                place = f"/metadata/finalizers/{finalizers.index(FINALIZER)}"
                await self._json_patch(resource, key, [_test(place, FINALIZER), {"op": "remove", "path": place}])
        except (NotFoundError, ConflictError):
            return  # vanished, and perhaps created anew: that one is not ours to touch

    async def _apply_finalizers(
        self, resource: ApiResource, key: Key, uid: str, finalizers: Sequence[str] | None
    ) -> Object:
        metadata = _identity(key, uid) | ({"finalizers": list(finalizers)} if finalizers else {})
        path = resource.path(key.namespace, key.name)
        return await self._apply(resource, path, {"metadata": metadata}, FINALIZER_MANAGER)

    async def _apply(self, resource: ApiResource, path: str, body: Body, manager: str) -> Object:
        return await self._request(
            "PATCH",
            path,
            parameters={"fieldManager": manager, "force": "true"},
            headers={"Content-Type": APPLY},
            body={"apiVersion": resource.api_version, "kind": resource.kind, **body},
        )

    async def _json_patch(self, resource: ApiResource, key: Key, operations: Sequence[Body]) -> Object:
        return await self._request(
            "PATCH", resource.path(key.namespace, key.name), headers={"Content-Type": JSON_PATCH}, body=operations
        )

    async def _request(
        self,
        method: str,
        path: str,
        *,
        parameters: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        body: Body | Sequence[Body] | None = None,
    ) -> Object:
        try:
            async with self._session.request(
                method,
                self.access.server + path,
                params=parameters,
                headers={"Content-Type": "application/json", **(headers or {})},
                data=None if body is None else json.dumps(body, separators=(",", ":")),
            ) as response:
                if response.ok:
                    found: Object = await response.json()
                    return found
                raise _error(response.status, await response.text())
        except (aiohttp.ClientError, TimeoutError) as error:
            raise UnavailableError(f"the API server could not be reached: {type(error).__name__}: {error}") from error


def _identity(key: Key, uid: str) -> Object:
    return {"name": key.name, "namespace": key.namespace, "uid": uid}


def _test(path: str, value: str) -> Object:
    return {"op": "test", "path": path, "value": value}


def _error(code: int, text: str) -> ApiError:
    """Read the Status object of a refusal; a proxy in between may return anything."""
    try:
        answer = json.loads(text)
        reason, message = answer.get("reason", ""), answer.get("message", "")
        wrong = {each.get("field") for each in (answer.get("details") or {}).get("causes", ())}
    except (ValueError, AttributeError):
        reason, message, wrong = "", text[:200], set()
    refusal = ERRORS.get(code, UnavailableError if code >= FIRST_SERVER_ERROR else ApiError)
    if refusal is InvalidError and wrong == {"metadata.uid"}:
        refusal = ConflictError  # so it is told of an object that was created anew while the request was answered
    return refusal(f"the API server answered {code} {reason}: {message}")
