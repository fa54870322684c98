"""Objects of others that wake ours: which of them are watched, and what of each matters."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from twotier.runtime.api_resource import CONFIG_MAPS, FLUX_SOURCES, ApiResource
from twotier.runtime.resource import GROUP, Body

PRICE_LIST_LABEL: Final = f"{GROUP}/price-list"


@dataclass(frozen=True, slots=True)
class Foreign:
    """A resource type that is not ours.

    Attributes:
        content: what those who refer to an object look at, for JSON; nobody wakes while it stays the same.
    """

    resource: ApiResource
    content: Callable[[Body], object]


def _files(body: Body) -> object:
    return [body.get("data"), body.get("binaryData")]


def _artifact(body: Body) -> object:
    status = body.get("status") or {}
    artifact = {**(status.get("artifact") or {})}
    artifact.pop("lastUpdateTime", None)
    ready = [each["status"] for each in status.get("conditions") or () if each["type"] == "Ready"]
    return [artifact, ready, status.get("observedGeneration")]


LABELLED_CONFIG_MAPS: Final = Foreign(CONFIG_MAPS, _files)
"""Those with PRICE_LIST_LABEL; there are too many others."""
OPTIONAL: Final = tuple(Foreign(resource, _artifact) for resource in FLUX_SOURCES.values())
"""Types that a cluster may not have, or not yet."""
