"""The state of a price list after its source was read: decided from facts alone."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from twotier.bss.price_lists.guarding.held import Held
from twotier.bss.price_lists.importing import ImportResult
from twotier.bss.price_lists.revisions import Revision
from twotier.kinds.price_list.declaration import PriceListSpec
from twotier.kinds.price_list.reasons import Reason


@dataclass(frozen=True, slots=True)
class Freshness:
    """Whether the last good import is young enough.

    Attributes:
        reason: WITHIN_MAX_AGE if it is.
        until: when it will be too old; None if it already is, or if there has been none.
    """

    reason: Reason
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """The content of the source is the newest revision."""

    head: Revision


@dataclass(frozen=True, slots=True)
class HeldBack:
    """The guards hold the content of the source.

    Attributes:
        head: the last accepted revision, which stays in force; None if there is none.
        acceptance_is_used_up: a person accepted exactly this content, but another revision has been published since.
    """

    held: Held
    head: Revision | None
    acceptance_is_used_up: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """The state of a list.

    Attributes:
        fresh: None where no age is declared.
        again_at: when the mere passing of time changes something.
    """

    content: Accepted | HeldBack
    fresh: Freshness | None
    again_at: datetime | None


def decide(spec: PriceListSpec, imported: ImportResult, *, now: datetime) -> Verdict:
    """Return the state of a list after an import.

    Args:
        now: aware.
    """
    fresh = None if spec.max_age is None else freshness(spec.max_age, imported.good_import_at, now=now)
    again_at = earliest(imported.next_boundary, None if fresh is None else fresh.until)
    return Verdict(_content(spec, imported), fresh, again_at)


def freshness(max_age: timedelta, good_import_at: datetime | None, *, now: datetime) -> Freshness:
    """Return whether the last good import is young enough.

    Args:
        max_age: how old it may be.
        good_import_at: the last time that new files were accepted; None if never.
        now: aware.
    """
    if good_import_at is None:
        return Freshness(Reason.NEVER_IMPORTED)
    until = good_import_at + max_age
    return Freshness(Reason.OLDER_THAN_MAX_AGE) if until <= now else Freshness(Reason.WITHIN_MAX_AGE, until)


def earliest(*moments: datetime | None) -> datetime | None:
    """Return the first of some moments, ignoring those that never come."""
    return min((moment for moment in moments if moment is not None), default=None)


def _content(spec: PriceListSpec, imported: ImportResult) -> Accepted | HeldBack:
    if imported.held is not None:
        # A valid acceptance would have published it.
        used_up = spec.accepted_digest == imported.held.digest
        return HeldBack(imported.held, imported.head, acceptance_is_used_up=used_up)
    if imported.head is None:
        raise LookupError("an import has neither published a revision nor held one")
    return Accepted(imported.head)
