"""Wait until everything has been seen once: nothing is decided on half a cluster."""

import asyncio
from collections.abc import Sequence
from typing import Any, Final

from twotier.runtime.api import ApiClient, ForbiddenError, NotFoundError
from twotier.runtime.api_resource import ApiResource
from twotier.runtime.caches import Caches
from twotier.runtime.kind import Kind, followed

FIRST_PAUSE_SECONDS: Final = 0.05
LONGEST_PAUSE_SECONDS: Final = 0.25


class KindUnavailableError(Exception):
    """One of our kinds cannot be watched; the message says what to do."""


async def wait_until_listed(
    kinds: Sequence[Kind[Any]], caches: Caches, api: ApiClient, namespaces: Sequence[str | None]
) -> None:
    """Return once the caches hold as many objects as the API server has.

    Args:
        namespaces: the watched ones; None stands for all.

    Raises:
        KindUnavailableError: a kind's CRD is not installed, or its resources may not be listed.
    """
    for kind in kinds:
        for namespace in namespaces:
            await _wait(kind.api_resource, None, caches, api, namespace)
    for foreign in followed(kinds, optional=False):
        for namespace in namespaces:
            await _wait(foreign.resource, foreign.label, caches, api, namespace)


async def _wait(
    resource: ApiResource, selector: str | None, caches: Caches, api: ApiClient, namespace: str | None
) -> None:
    pause = FIRST_PAUSE_SECONDS
    while _known(caches, resource, namespace) < await _count(api, resource, namespace, selector):
        await asyncio.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE_SECONDS)


async def _count(api: ApiClient, resource: ApiResource, namespace: str | None, selector: str | None) -> int:
    try:
        return await api.count(resource, namespace, selector=selector)
    except NotFoundError as error:
        raise KindUnavailableError(
            f"The API server does not know {resource.plural}.{resource.group}: apply the project's crds/ first."
        ) from error
    except ForbiddenError as error:
        raise KindUnavailableError(f"Grant the operator the rights in manifests/: {error}.") from error


def _known(caches: Caches, resource: ApiResource, namespace: str | None) -> int:
    keys = caches.keys(resource.kind)
    return len(keys) if namespace is None else sum(key.namespace == namespace for key in keys)
