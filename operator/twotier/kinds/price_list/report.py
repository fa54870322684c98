"""What is said of a price list after its source was read."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from twotier.bss.price_lists.guarding.held import Held
from twotier.bss.price_lists.guarding.vendor_flags import FlagAudit
from twotier.bss.price_lists.importing import ImportResult
from twotier.bss.price_lists.revisions import Differences, Revision
from twotier.bss.sheets.faults import PriceListRefused
from twotier.kinds.price_list.declaration import ACCEPTED, FRESH, PriceListSpec
from twotier.kinds.price_list.reasons import Reason
from twotier.runtime.outcome import Condition, Done, Stalled

SHOWN_FLAGS: Final = 5
SEE_HELD: Final = "what the source says now is held, see condition Accepted"


@dataclass(frozen=True, slots=True)
class Freshness:
    """Whether the last good import is young enough, and until when if it is."""

    condition: Condition
    until: datetime | None


def decide(spec: PriceListSpec, imported: ImportResult, *, now: datetime) -> Done | Stalled:
    """Return what to report of an import; a list without an accepted revision is stalled while its source is held."""
    accepted = _acceptance(spec, imported)
    status, again_at = _status(imported), imported.next_boundary
    conditions: tuple[Condition, ...] = (accepted,)
    if spec.max_age is not None:
        fresh = freshness(spec.max_age, imported.good_import_at, now=now)
        conditions, again_at = (accepted, fresh.condition), earliest(again_at, fresh.until)
    if imported.head is None:
        return Stalled(Reason.HELD, accepted.message, status=status, conditions=conditions, again_at=again_at)
    if imported.held is not None:
        message = f"{_revision(imported.head)} and still serves; {SEE_HELD}"
        return Done(Reason.HELD, message, status, conditions, again_at)
    return Done(Reason.IMPORTED, accepted.message, status, conditions, again_at)


def refusal(refused: PriceListRefused) -> Stalled:
    """Return what to report of a source with faults; what was accepted before still serves, and stays shown."""
    # The first fault stands on the first line, which is all that a table of resources has room for.
    message = f"Nothing was imported; correct the source: {refused}"
    return Stalled(Reason.SOURCE_REFUSED, message, conditions=(Condition(ACCEPTED, "False", refused.reason, message),))


def freshness(max_age: timedelta, good_import_at: datetime | None, *, now: datetime) -> Freshness:
    """Tell whether the last good import is young enough.

    Args:
        max_age: how old it may be.
        good_import_at: the last time that new files were let through; None if never.
        now: aware.
    """
    if good_import_at is None:
        return _stale(Reason.NEVER_IMPORTED, "No file was let through yet: see condition Accepted")
    until = good_import_at + max_age
    if until <= now:
        return _stale(
            Reason.OLDER_THAN_MAX_AGE,
            "No new file was let through for longer than spec.maxAge: see condition Accepted, "
            "and whether the source is still delivered",
        )
    message = "The last good import is younger than spec.maxAge"
    return Freshness(Condition(FRESH, "True", Reason.WITHIN_MAX_AGE, message), until)


def earliest(*moments: datetime | None) -> datetime | None:
    """Return the first of some moments, those that never come left aside."""
    return min((moment for moment in moments if moment is not None), default=None)


def _stale(reason: Reason, message: str) -> Freshness:
    return Freshness(Condition(FRESH, "False", reason, message), None)


def _acceptance(spec: PriceListSpec, imported: ImportResult) -> Condition:
    if imported.held is not None:
        message = _held(imported.held, spec.accepted_digest)
        return Condition(ACCEPTED, "False", imported.held.reasons[0].reason, message)
    if imported.head is None:
        raise LookupError("an import has neither made a revision nor held one")
    message = _revision(imported.head)
    if imported.suspects:
        message += f"; the source lacks {imported.suspects:,} of them, which are still sold"
    return Condition(ACCEPTED, "True", Reason.IMPORTED, message)


def _revision(head: Revision) -> str:
    return f"Revision {head.revision} has {_counted(head.offers, 'offer')} of {_counted(head.products, 'product')}"


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _held(held: Held, accepted_digest: str | None) -> str:
    found = "; ".join(each.message for each in held.reasons)
    let_through = f"set spec.acceptedDigest to {held.digest} to let just this through"
    # An acceptance that is good would have let it through.
    if accepted_digest == held.digest:
        let_through = (
            "take spec.acceptedDigest away and set it again to let just this through: it names "
            f"{held.digest}, but another revision was published since it did"
        )
    return f"What the source says is held: {found}. Correct the source, or {let_through}"


def _status(imported: ImportResult) -> Mapping[str, Any]:
    since = imported.good_import_at
    return {
        **({} if imported.head is None else _head(imported.head)),
        **({} if since is None else {"lastGoodImportAt": _time(since)}),
        "suspects": imported.suspects,
        **({} if imported.held is None else {"held": _held_status(imported.held)}),
        **({} if imported.flags is None else {"vendorFlags": _flags(imported.flags)}),
    }


def _head(head: Revision) -> Mapping[str, Any]:
    return {
        "revision": head.revision,
        "digest": head.digest,
        "offers": head.offers,
        "products": head.products,
        "lastImportedAt": _time(head.imported_at),
        "differences": _differences(head.differences),
    }


def _held_status(held: Held) -> Mapping[str, Any]:
    return {
        "digest": held.digest,
        "offers": held.offers,
        "products": held.products,
        "differences": _differences(held.differences),
    }


def _differences(differences: Differences) -> Mapping[str, int]:
    return {
        "added": differences.added,
        "removed": differences.removed,
        "priceChanged": differences.price_changed,
        "otherChanged": differences.other_changed,
    }


def _flags(flags: FlagAudit) -> Mapping[str, Any]:
    return {
        "flagged": flags.flagged,
        "wrong": flags.count,
        "examples": [asdict(each) for each in flags.examples[:SHOWN_FLAGS]],
    }


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
