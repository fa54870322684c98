"""Where a tenant is in its life, and where it may go from there."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple


class Phase(StrEnum):
    """A tenant's phase. Failed is shown, and never stored: nothing stands before the tenant's resource is corrected."""

    IN_PROGRESS = "InProgress"
    ACTIVE = "Active"
    SUSPENDED = "Suspended"
    MARKED_AS_DELETED = "MarkedAsDeleted"
    FAILED = "Failed"


FOLLOWING: Final = frozenset({Phase.ACTIVE, Phase.SUSPENDED})
"""Phases of a tenant whose catalogue follows a list; it is updated in the active one alone."""


class Transition(StrEnum):
    """What may happen to a tenant, in words for people: "a tenant cannot be …"."""

    ACTIVATE = "activated"
    SUSPEND = "suspended"
    RESUME = "resumed"
    MARK_DELETED = "marked as deleted"
    READOPT = "readopted"
    READOPT_UNFINISHED = "readopted unfinished"


class Way(NamedTuple):
    """The phases a transition starts from, and the one it leads to."""

    sources: frozenset[Phase]
    target: Phase


WAYS: Final[Mapping[Transition, Way]] = MappingProxyType(
    {
        Transition.ACTIVATE: Way(frozenset({Phase.IN_PROGRESS}), Phase.ACTIVE),
        Transition.SUSPEND: Way(frozenset({Phase.ACTIVE}), Phase.SUSPENDED),
        Transition.RESUME: Way(frozenset({Phase.SUSPENDED}), Phase.ACTIVE),
        Transition.MARK_DELETED: Way(
            frozenset({Phase.IN_PROGRESS, Phase.ACTIVE, Phase.SUSPENDED}), Phase.MARKED_AS_DELETED
        ),
        Transition.READOPT: Way(frozenset({Phase.MARKED_AS_DELETED}), Phase.ACTIVE),
        Transition.READOPT_UNFINISHED: Way(frozenset({Phase.MARKED_AS_DELETED}), Phase.IN_PROGRESS),
    }
)


class PhaseRefusedError(Exception):
    """What was asked for cannot happen to a tenant in its phase."""

    def __init__(self, transition: Transition, found: Phase) -> None:
        sources = " or ".join(sorted(WAYS[transition].sources))
        super().__init__(f"a tenant that is {found} cannot be {transition}: it must be {sources}")
        self.transition = transition
        self.found = found


def phase_after(transition: Transition, found: Phase) -> Phase:
    """Return the phase that a transition leads to; being there already is not an error.

    Raises:
        PhaseRefusedError: the transition does not start from the phase the tenant is in.
    """
    sources, target = WAYS[transition]
    if found != target and found not in sources:
        raise PhaseRefusedError(transition, found)
    return target
