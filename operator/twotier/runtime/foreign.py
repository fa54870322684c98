"""Objects of others that wake ours: which of them are watched, and what of each matters."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import structlog

from twotier.runtime.api import ApiClient, ForbiddenError, NotFoundError
from twotier.runtime.api_resource import CONFIG_MAPS, FLUX_SOURCES, ApiResource
from twotier.runtime.resource import GROUP, Body

PRICE_LIST_LABEL: Final = f"{GROUP}/price-list"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Foreign:
    """A resource type that is not ours.

    Attributes:
        content: what those who refer to an object look at, for JSON; nobody wakes while it stays the same.
        selector: the label that an object must have to be watched; None stands for all objects.
    """

    resource: ApiResource
    content: Callable[[Body], object]
    selector: str | None = None


def _files(body: Body) -> object:
    return [body.get("data"), body.get("binaryData")]


def _artifact(body: Body) -> object:
    status = body.get("status") or {}
    artifact = {**(status.get("artifact") or {})}
    artifact.pop("lastUpdateTime", None)
    ready = [each["status"] for each in status.get("conditions") or () if each["type"] == "Ready"]
    return [artifact, ready, status.get("observedGeneration")]


LABELLED_CONFIG_MAPS: Final = Foreign(CONFIG_MAPS, _files, PRICE_LIST_LABEL)
OPTIONAL: Final = tuple(Foreign(resource, _artifact) for resource in FLUX_SOURCES.values())


async def present(api: ApiClient, namespaces: Sequence[str | None]) -> tuple[Foreign, ...]:
    """Return what can be watched in this cluster: ConfigMaps, and Flux's sources where there are any.

    Args:
        namespaces: to watch; None stands for all.
    """
    return (
        LABELLED_CONFIG_MAPS,
        *[foreign for foreign in OPTIONAL if await _can_be_watched(foreign.resource, api, namespaces)],
    )


async def _can_be_watched(resource: ApiResource, api: ApiClient, namespaces: Sequence[str | None]) -> bool:
    try:
        for namespace in namespaces:
            await api.count(resource, namespace)
    except (NotFoundError, ForbiddenError) as reason:
        log.info("not watched", kind=resource.kind, reason=str(reason))
        return False
    return True
