"""How a resource is described, apart from the layout: that is up to a terminal or a page."""

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
    """A resource as the cluster shows it: its spec and its status."""

    name: str
    generation: int
    spec: S
    status: T

    @property
    def looked_at(self) -> bool:
        """Whether the status is about the present spec."""
        return self.status.speaks_of(self.generation)


@dataclass(frozen=True, slots=True)
class Check:
    """An item of a checklist.

    Attributes:
        remedy: what to do if it failed.
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
        alarming: whether it needs attention.
    """

    text: str
    alarming: bool = False


Part = Values | Rows | Remark | Changes
"""What a section consists of; the counts of an update are laid out as in a plan."""


@dataclass(frozen=True, slots=True)
class Section:
    """A title, and what belongs below it."""

    title: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """Something that a person can do next.

    Attributes:
        what: in words.
        command: to type, or YAML to write, one line each; empty if words are enough.
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
    """How resources of a kind are described. Everything here is pure.

    Attributes:
        declared: what a person declared.
        became: the observed state, apart from conditions.
        checks: what must be true before the resource takes effect.
        sections: anything else to show.
        steps: what a person can do next, the most urgent first; what conditions ask for comes before.
    """

    declared: Callable[[S], Iterator[Pair]] = _scalars
    became: Callable[[T], Iterator[Pair]] = _scalars
    checks: Callable[[T], Iterator[Check]] = _nothing
    sections: Callable[[Shown[S, T]], Iterator[Section]] = _nothing
    steps: Callable[[Shown[S, T]], Iterator[Step]] = _nothing


PLAIN: Final[Description[Any, Any]] = Description()
"""By the names of the fields, unless a kind overrides it."""
