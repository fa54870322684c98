"""A resource in its parts, as `status` shows it: what is declared, and what became of it. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from twotier.cli.client.connection import Json
from twotier.kinds.describing import Pair, Shown
from twotier.kinds.registry import Registered
from twotier.kinds.schema.resource import Definition


@dataclass(frozen=True, slots=True)
class Standing:
    """A resource as the cluster has it."""

    kind: Registered
    body: Json
    shown: Shown[Any, Any]

    @classmethod
    def of(cls, kind: Registered, body: Json) -> "Standing":
        """Read a resource; fields of newer versions are ignored."""
        metadata, definition = body["metadata"], kind.definition
        spec = definition.spec.model_validate(body.get("spec") or {})
        status = definition.status.model_validate(body.get("status") or {})
        return cls(kind, body, Shown(str(metadata["name"]), int(metadata["generation"]), spec, status))

    @property
    def definition(self) -> Definition:
        """What it is."""
        return self.kind.definition

    @property
    def name(self) -> str:
        """Its name."""
        return self.shown.name

    @property
    def called(self) -> str:
        """What `status` calls it, such as pla/meltemi."""
        return f"{self.definition.short_name}/{self.name}"

    @property
    def deleting(self) -> bool:
        """Whether it is being deleted."""
        return "deletionTimestamp" in self.body["metadata"]


def declared(standing: Standing) -> Iterator[Pair]:
    """Yield what a person declared."""
    yield from standing.kind.description.declared(standing.shown.spec)
    if standing.shown.spec.suspend:
        yield "Suspended", "yes: nothing happens until spec.suspend is false"


def became(standing: Standing) -> Iterator[Pair]:
    """Yield what became of it, except its conditions."""
    yield from standing.kind.description.became(standing.shown.status)
