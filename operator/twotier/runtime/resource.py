"""What the operator keeps of a resource: enough to reconcile it, never the raw object."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Generic, Self, TypeVar

from pydantic import BaseModel, ValidationError

GROUP: Final = "twotier.dev"
VERSION: Final = "v1alpha1"
API_VERSION: Final = f"{GROUP}/{VERSION}"
FINALIZER: Final = f"{GROUP}/cleanup"
REQUESTED_AT: Final = "reconcile.fluxcd.io/requestedAt"
OBSERVED_METADATA: Final = (
    "namespace",
    "name",
    "uid",
    "generation",
    "creationTimestamp",
    "deletionTimestamp",
    "finalizers",
    "resourceVersion",
)
MAX_FAULTS: Final = 5
PREFIX: Final = "Value error, "
"""The prefix that Pydantic puts before our own messages."""

Spec = TypeVar("Spec", bound=BaseModel)
Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """The name of one resource in the cluster, whatever its uid."""

    kind: str
    namespace: str
    name: str

    @classmethod
    def of(cls, kind: str, body: Body) -> Self:
        """Return the key of an object of the API server."""
        return cls(kind, body["metadata"]["namespace"], body["metadata"]["name"])

    def __str__(self) -> str:
        return f"{self.kind} {self.namespace}/{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """What is known about a resource apart from its spec.

    Attributes:
        requested_at: the value of the annotation that requests a reconcile now.
        suspended: whether the spec stops reconciling.
        version: the resourceVersion, which grows with every write to the object.
    """

    key: Key
    uid: str
    generation: int
    created_at: datetime
    deleting: bool
    finalizers: frozenset[str]
    status: Mapping[str, Any]
    requested_at: str | None = None
    suspended: bool = False
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource(Observed, Generic[Spec]):
    """A resource whose spec the operator understands."""

    spec: Spec


@dataclass(frozen=True, slots=True, kw_only=True)
class InvalidResource(Observed):
    """A resource whose spec the operator cannot use.

    Attributes:
        fault: which fields are wrong and why, for the person who wrote them.
        written: the spec as the API server shows it.
    """

    fault: str
    written: Mapping[str, Any]


AnyResource = Resource[Any] | InvalidResource


def observe(kind: str, spec: type[Spec], body: Body) -> Resource[Spec] | InvalidResource:
    """Trim an object of the API server to what reconciling needs."""
    metadata = body["metadata"]
    raw_spec = body.get("spec") or {}
    facts: dict[str, Any] = {
        "key": Key.of(kind, body),
        "uid": metadata["uid"],
        "generation": metadata.get("generation", 0),
        "created_at": datetime.fromisoformat(metadata["creationTimestamp"]),
        "deleting": "deletionTimestamp" in metadata,
        "finalizers": frozenset(metadata.get("finalizers", ())),
        "status": body.get("status") or {},
        "requested_at": metadata.get("annotations", {}).get(REQUESTED_AT),
        "suspended": raw_spec.get("suspend") is True,
        "version": int(metadata["resourceVersion"]),
    }
    try:
        return Resource(spec=spec.model_validate(raw_spec, extra="ignore"), **facts)
    except ValidationError as error:
        return InvalidResource(fault=describe(error), written=raw_spec, **facts)


def trim(body: Body) -> Body:
    """Return the parts of an object from which `observe` produces the same."""
    metadata = body["metadata"]
    kept = {field: metadata[field] for field in OBSERVED_METADATA if field in metadata}
    requested_at = metadata.get("annotations", {}).get(REQUESTED_AT)
    if requested_at is not None:
        kept["annotations"] = {REQUESTED_AT: requested_at}
    return {"metadata": kept, "spec": body.get("spec"), "status": body.get("status")}


def describe(error: ValidationError) -> str:
    """Say which fields of a spec are wrong and why, without their values, which may be secret."""
    faults = error.errors(include_url=False, include_context=False, include_input=False)
    shown = [
        f"{'.'.join(('spec', *map(str, fault['loc'])))}: {fault['msg'].removeprefix(PREFIX)}"
        for fault in faults[:MAX_FAULTS]
    ]
    if len(faults) > MAX_FAULTS:
        shown.append(f"and {len(faults) - MAX_FAULTS} more")
    return "; ".join(shown)
