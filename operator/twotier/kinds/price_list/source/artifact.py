"""Files of a price list in an artifact that Flux keeps: fetched from source-controller, and checked.

Whoever writes the status of a Flux source says what is fetched. So the address must be a named server's and the path
the source's own, and messages tell nothing of what was found there until it has the digest that is announced.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from twotier.bss.sheets.faults import RefusalReason
from twotier.bss.sheets.files import MEBIBYTE
from twotier.bss.sheets.parsing import Part
from twotier.kinds.price_list.declaration import ArtifactSource, PriceListSpec
from twotier.kinds.price_list.reasons import Reason
from twotier.kinds.price_list.report import refusal
from twotier.kinds.price_list.source.archive import ArchiveRefused, Contents, Limits, extract
from twotier.kinds.price_list.source.flux import FLUX_SOURCES
from twotier.kinds.settings import ARTIFACT_HOSTS
from twotier.runtime.api import ApiClient, ForbiddenError, NotFoundError
from twotier.runtime.cluster import Cluster
from twotier.runtime.downloads import (
    Bounds,
    DownloadError,
    OversizeError,
    UnderWayError,
    UnlistedHostError,
    Wanted,
)
from twotier.runtime.hosts import Address
from twotier.runtime.outcome import Stalled, UnderWay, Waiting
from twotier.runtime.resource import Body, Resource

BOUNDS: Final = Bounds(size=64 * MEBIBYTE, seconds=60)
LIMITS: Final = Limits()
ALGORITHMS: Final = ("sha256", "sha384", "sha512")
LONGEST: Final = 256
"""Characters of what Flux says that a message repeats."""
RETRIED: Final = (Reason.SOURCE_UNREACHABLE, Reason.SOURCE_INCOMPLETE)


@dataclass(frozen=True, slots=True)
class Artifact:
    """What a Flux source holds: a tar.gz at an address.

    Attributes:
        name: for people, with the revision that it is of.
        digest: of the tar.gz, in hexadecimal digits.
    """

    name: str
    url: str
    algorithm: str
    digest: str


async def read_artifact(
    cluster: Cluster,
    resource: Resource[PriceListSpec],
    wanted: ArtifactSource,
    bounds: Bounds = BOUNDS,
    limits: Limits = LIMITS,
) -> tuple[Part, ...]:
    """Return the files of an artifact that a price list consists of, sorted by their paths.

    Raises:
        UnderWay: the artifact is being fetched.
        Waiting: see `artifact_of`; the artifact cannot be fetched, is not what Flux says, or lacks the file.
        Stalled: the artifact is refused, or is elsewhere than Flux keeps it.
    """
    artifact = artifact_of(wanted, await _find(cluster.api, resource.key.namespace, wanted))
    address = _address(cluster, resource.key.namespace, wanted, artifact)
    try:
        with await cluster.downloads.fetch(resource.key, Wanted(address, artifact.algorithm, bounds)) as downloaded:
            _require_digest(artifact, downloaded.digest)
            contents = await asyncio.to_thread(extract, downloaded.file, wanted.path, limits)
    except UnderWayError as under_way:
        raise _under_way(artifact, resource.status) from under_way
    except OversizeError as error:
        raise refusal(RefusalReason.TOO_LARGE, f"{artifact.name} was not fetched: {error}") from error
    except DownloadError as error:
        raise Waiting(
            Reason.SOURCE_UNREACHABLE, f"{artifact.name} was not fetched; the operator retries: {error}"
        ) from error
    except ArchiveRefused as refused:
        raise refusal(refused.reason, f"{artifact.name} {refused}") from refused
    return _parts(artifact, wanted, contents)


def artifact_of(wanted: ArtifactSource, body: Body | None) -> Artifact:
    """Return the artifact that a Flux source holds, as the API server shows it.

    A source that is building its next artifact, failed to build it, or is suspended still has its last one.

    Args:
        body: the source, or None if none has that name.

    Raises:
        Waiting: there is no such source, or it has no artifact for its spec yet.
        Stalled: the artifact cannot be checked.
    """
    source = f"{wanted.kind} {wanted.name}"
    if body is None or "deletionTimestamp" in body["metadata"]:
        raise Waiting(
            Reason.SOURCE_NOT_FOUND, f"{source} does not exist: apply it, or correct its name in spec.source.artifact"
        )
    status: Mapping[str, Any] = body.get("status") or {}
    if not _is_settled(body, status):
        raise _not_ready(source, "has a spec that Flux has not reconciled yet")
    found = status.get("artifact")
    if not found:
        raise _not_ready(source, f"has no artifact yet{_failure(status)}")
    algorithm, _, digest = found["digest"].partition(":")
    if algorithm not in ALGORITHMS:
        raise refusal(
            RefusalReason.UNSAFE_ARCHIVE,
            f"the artifact of {source} has a {algorithm[:LONGEST]} digest, which cannot be verified: "
            f"start Flux's source-controller with --artifact-digest-algo=sha256",
        )
    name = f"the artifact of {source} at {found['revision'][:LONGEST]}"
    return Artifact(name, found["url"], algorithm, digest)


def _address(cluster: Cluster, namespace: str, wanted: ArtifactSource, artifact: Artifact) -> Address:
    """Where Flux keeps the artifact; it keeps those of other sources, and of other namespaces, beside it."""
    try:
        address = cluster.downloads.address(artifact.url)
    except UnlistedHostError as error:
        raise Stalled(
            Reason.SOURCE_NOT_ALLOWED,
            f"{artifact.name} was not fetched from its status.artifact.url: {error}; whoever runs it names the "
            f"addresses in {ARTIFACT_HOSTS}",
        ) from error
    folder, _, _ = address.path.rpartition("/")
    own = f"/{wanted.kind.lower()}/{namespace}/{wanted.name}"
    if folder != own:
        raise Stalled(
            Reason.SOURCE_NOT_ALLOWED,
            f"{artifact.name} was not fetched from its status.artifact.url: Flux keeps the artifacts of this source in "
            f"{own}/; find out with --show-managed-fields who else writes its status",
        )
    return address


def _under_way(artifact: Artifact, status: Mapping[str, Any]) -> UnderWay:
    """An artifact that could not be fetched is shown so until it was tried again, rather than in turns."""
    for shown in status.get("conditions", ()):
        told = shown["type"] == "Ready" and shown["reason"] in RETRIED
        if told and shown["message"].startswith(artifact.name):
            return UnderWay(shown["reason"], shown["message"])
    return UnderWay(Reason.FETCHING, f"{artifact.name} is being fetched")


async def _find(api: ApiClient, namespace: str, wanted: ArtifactSource) -> Body | None:
    resource = FLUX_SOURCES[wanted.kind]
    try:
        found = await api.get(resource, namespace, wanted.name)
        if found is None:
            await api.count(resource, namespace)
    except NotFoundError as error:
        raise Waiting(
            Reason.SOURCE_NOT_FOUND,
            f"this cluster has no {resource.api_version} {wanted.kind}: install Flux, or name another source in "
            "spec.source",
        ) from error
    except ForbiddenError as error:
        raise Waiting(
            Reason.SOURCE_NOT_FOUND,
            f"the operator may not read {wanted.kind} {wanted.name}: grant it the rights in manifests/base/rbac.yaml",
        ) from error
    return found


def _is_settled(body: Body, status: Mapping[str, Any]) -> bool:
    """Whether the artifact is of the source's present spec; Flux does not observe a suspended source."""
    if (body.get("spec") or {}).get("suspend"):
        return True
    return bool(status.get("observedGeneration") == body["metadata"].get("generation"))


def _failure(status: Mapping[str, Any]) -> str:
    failed = (each for each in status.get("conditions") or () if each["type"] == "Ready" and each["status"] == "False")
    return "".join(f" ({each['reason']})" for each in failed)


def _not_ready(source: str, how: str) -> Waiting:
    return Waiting(Reason.SOURCE_NOT_READY, f"{source} {how}: see its condition Ready with kubectl describe")


def _require_digest(artifact: Artifact, digest: str) -> None:
    if digest != artifact.digest:
        raise Waiting(
            Reason.SOURCE_INCOMPLETE,
            f"{artifact.name} is not the one that Flux announces: its {artifact.algorithm} digest differs from "
            "status.artifact.digest; the operator retries",
        )


def _parts(artifact: Artifact, wanted: ArtifactSource, contents: Contents) -> tuple[Part, ...]:
    if not contents.files:
        has = f"; it has {', '.join(contents.others)}" if contents.others else ""
        raise Waiting(
            Reason.SOURCE_NOT_FOUND,
            f"{artifact.name} has no file {wanted.path}: add it, or correct spec.source.artifact.path{has}",
        )
    name = artifact.name.removeprefix("the artifact of ")
    return tuple(Part(f"{path} of {name}", content) for path, content in contents.files.items())
