"""What people are told of a resource, apart from how it is set out: a terminal does that, or a page."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from pydantic import BaseModel

from twotier.bss.catalogue.runs.changes import Changes
from twotier.kinds.schema.spec import Spec
from twotier.kinds.schema.status import Status

S = TypeVar("S", bound=Spec)
T = TypeVar("T", bound=Status)

Pair = tuple[str, str]
"""A name and a value; one without a value is not shown."""


@dataclass(frozen=True, slots=True)
class Shown(Generic[S, T]):
    """A resource as the cluster shows it: what is declared, and what became of it."""

    name: str
    generation: int
    spec: S
    status: T

    @property
    def looked_at(self) -> bool:
        """Whether the status speaks of the spec as it is now."""
        return self.status.speaks_of(self.generation)


@dataclass(frozen=True, slots=True)
class Check:
    """An item of a checklist.

    Attributes:
        remedy: what to do where it failed.
    """

    item: str
    passed: bool
    remedy: str | None = None


@dataclass(frozen=True, slots=True)
class Values:
    """Names and values, one below the other."""

    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """A table."""

    titles: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence.

    Attributes:
        alarming: whether a person should look at it.
    """

    text: str
    alarming: bool = False


Part = Values | Rows | Remark | Changes
"""What a section consists of; the counts of an update are set out as in a plan."""


@dataclass(frozen=True, slots=True)
class Section:
    """What belongs together, below its title."""

    title: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """Something that a person can do next.

    Attributes:
        what: in words.
        command: to type, or YAML to write, a line each; none where the words say it all.
    """

    what: str
    command: tuple[str, ...] = ()


def _nothing(_: object) -> Iterator[Any]:
    return iter(())


def _scalars(model: BaseModel) -> Iterator[Pair]:
    for name, value in model.model_dump(mode="json", by_alias=True, exclude={"suspend"}).items():
        if isinstance(value, str | int) and name not in _OF_EVERY_STATUS:
            yield name, str(value)


_OF_EVERY_STATUS: Final = frozenset({"observedGeneration", "lastHandledReconcileAt"})


@dataclass(frozen=True, slots=True)
class Description(Generic[S, T]):
    """How people are told of the resources of a kind. All of it is pure.

    Attributes:
        declared: what a person declared.
        became: what became of it, apart from conditions.
        checks: what has to be before the resource has its effect.
        sections: what else is to be seen.
        steps: what a person can do next, the most urgent first; what conditions ask for is told before.
    """

    declared: Callable[[S], Iterator[Pair]] = _scalars
    became: Callable[[T], Iterator[Pair]] = _scalars
    checks: Callable[[T], Iterator[Check]] = _nothing
    sections: Callable[[Shown[S, T]], Iterator[Section]] = _nothing
    steps: Callable[[Shown[S, T]], Iterator[Step]] = _nothing


PLAIN: Final[Description[Any, Any]] = Description()
"""By the names of the fields, until a kind says more."""
