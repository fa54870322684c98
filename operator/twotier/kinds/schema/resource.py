"""A resource kind as the API server knows it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from twotier.kinds.schema.model import Rule
from twotier.kinds.schema.spec import Spec
from twotier.kinds.schema.status import Status


@dataclass(frozen=True, slots=True)
class Column:
    """What `kubectl get` prints of a resource.

    Attributes:
        wide: shown by `-o wide` only.
    """

    name: str
    path: str
    type: Literal["string", "integer", "boolean", "date"] = "string"
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Definition:
    """Everything in the CustomResourceDefinition of a kind.

    Attributes:
        description: one paragraph that `kubectl explain` shows.
        rules: on the whole resource, where a rule needs its name.
        conditions: the kind's own, with what they mean when they are true, in the order in which they are shown.
        measured: those that are also metrics.
        columns: between REASON and AGE.
        selectable: paths of the fields that field selectors may use.
    """

    kind: str
    plural: str
    short_name: str
    description: str
    spec: type[Spec]
    status: type[Status]
    rules: tuple[Rule, ...] = ()
    conditions: Mapping[str, str] = field(default_factory=dict)
    measured: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    selectable: tuple[str, ...] = ()
