"""Flux sources: what each keeps as an artifact, and which part of it matters."""

from typing import Final

from twotier.runtime.api_resource import ApiResource
from twotier.runtime.foreign import Foreign
from twotier.runtime.resource import Body

FLUX_SOURCES: Final = {
    kind: ApiResource("source.toolkit.fluxcd.io", "v1", plural, kind)
    for kind, plural in (
        ("GitRepository", "gitrepositories"),
        ("OCIRepository", "ocirepositories"),
        ("Bucket", "buckets"),
    )
}
"""The resource types, by kind."""


def _artifact(body: Body) -> object:
    status = body.get("status") or {}
    artifact = {**(status.get("artifact") or {})}
    artifact.pop("lastUpdateTime", None)
    ready = [each["status"] for each in status.get("conditions") or () if each["type"] == "Ready"]
    return [artifact, ready, status.get("observedGeneration")]


ARTIFACTS: Final = tuple(Foreign(resource, _artifact, optional=True) for resource in FLUX_SOURCES.values())
"""A cluster may not have Flux, or get it later."""
