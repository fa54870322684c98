"""A resource in its parts, as `status` shows it: what is declared, and what became of it. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from twotier.cli.client.connection import Json
from twotier.kinds.describing import Pair, Shown
from twotier.kinds.registry import Registered
from twotier.kinds.schema.resource import Definition
from twotier.kinds.schema.spec import Spec
from twotier.runtime.resource import describe


@dataclass(frozen=True, slots=True)
class Standing:
    """A resource as the cluster has it.

    Attributes:
        fault: what is wrong with a spec that cannot be used; `shown` then has none but the defaults.
    """

    kind: Registered
    body: Json
    shown: Shown[Any, Any]
    fault: str | None = None

    @classmethod
    def of(cls, kind: Registered, body: Json) -> "Standing":
        """Read a resource; fields of newer versions are ignored."""
        metadata, definition = body["metadata"], kind.definition
        spec, fault = _read(definition.spec, body.get("spec") or {})
        status = definition.status.model_validate(body.get("status") or {})
        return cls(kind, body, Shown(str(metadata["name"]), int(metadata["generation"]), spec, status), fault)

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


def _read(spec: type[Spec], raw: Json) -> tuple[Spec, str | None]:
    try:
        return spec.model_validate(raw), None
    except ValidationError as error:
        return spec.model_construct(), describe(error)


def declared(standing: Standing) -> Iterator[Pair]:
    """Yield what a person declared."""
    if standing.fault is not None:
        yield "Invalid", standing.fault
        return
    yield from standing.kind.description.declared(standing.shown.spec)
    if standing.shown.spec.suspend:
        yield "Suspended", "yes: nothing happens until spec.suspend is false"


def became(standing: Standing) -> Iterator[Pair]:
    """Yield what became of it, except its conditions."""
    yield from standing.kind.description.became(standing.shown.status)
