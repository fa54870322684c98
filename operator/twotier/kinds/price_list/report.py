"""What a price list reports: status, conditions and their messages."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from twotier.bss.price_lists.guarding.held import Held
from twotier.bss.price_lists.guarding.vendor_flags import FlagAudit
from twotier.bss.price_lists.importing import ImportResult
from twotier.bss.price_lists.revisions import Differences, Revision, is_confidential
from twotier.bss.sheets.faults import RefusalReason
from twotier.kinds.price_list.decide import Accepted, Freshness, HeldBack, Verdict
from twotier.kinds.price_list.declaration import ACCEPTED, FRESH
from twotier.kinds.price_list.reasons import Reason
from twotier.runtime.outcome import Condition, ConditionStatus, Done, Stalled
from twotier.runtime.resource import GROUP
from twotier.words import counted

SHOWN_FLAGS: Final = 5
DISCLOSE: Final = f"ask somebody who may read the ConfigMaps of the list to label them {GROUP}/price-list"
SEE_HELD: Final = "the source's present content is held, see condition Accepted"
FRESHNESS: Final = {
    Reason.NEVER_IMPORTED: "No file has been accepted yet: see condition Accepted",
    Reason.OLDER_THAN_MAX_AGE: (
        "No new file has been accepted for longer than spec.maxAge: see condition Accepted, "
        "and check that the source is still delivered"
    ),
    Reason.WITHIN_MAX_AGE: "The last good import is younger than spec.maxAge",
}


def report(imported: ImportResult, verdict: Verdict) -> Done | Stalled:
    """Return the report of an import; a list without an accepted revision is stalled while its source is held."""
    status, again_at = _status(imported), verdict.again_at
    accepted = _acceptance(verdict.content, imported.suspects)
    conditions = (accepted,) if verdict.fresh is None else (accepted, fresh(verdict.fresh))
    match verdict.content:
        case HeldBack(head=None):
            return Stalled(Reason.HELD, accepted.message, status=status, conditions=conditions, again_at=again_at)
        case HeldBack(head=Revision() as head):
            return Done(
                Reason.HELD, f"{_revision(head)} and remains in force; {SEE_HELD}", status, conditions, again_at
            )
        case _:
            return Done(Reason.IMPORTED, accepted.message, status, conditions, again_at)


def refusal(reason: RefusalReason, faults: str, *, confidential: bool = False) -> Stalled:
    """Return the report of a source with faults; the last accepted revision stays in force, and stays shown.

    Args:
        confidential: nothing in the files is quoted.
    """
    # The first fault is on the first line: a table of resources has no room for more.
    message = f"Nothing was imported; correct the source: {faults}"
    if confidential:
        message += f"\nTo have the values shown, {DISCLOSE}"
    return Stalled(Reason.SOURCE_REFUSED, message, conditions=(Condition(ACCEPTED, "False", reason, message),))


def fresh(freshness: Freshness) -> Condition:
    """Return the condition that says whether the last good import is young enough."""
    status: ConditionStatus = "True" if freshness.reason is Reason.WITHIN_MAX_AGE else "False"
    return Condition(FRESH, status, freshness.reason, FRESHNESS[freshness.reason])


def _acceptance(content: Accepted | HeldBack, suspects: int) -> Condition:
    match content:
        case HeldBack(held=held):
            return Condition(ACCEPTED, "False", held.reasons[0].reason, _held(content))
        case Accepted(head=head):
            lacking = f"; the source lacks {suspects:,} of them, which are still sold" if suspects else ""
            return Condition(ACCEPTED, "True", Reason.IMPORTED, _revision(head) + lacking)


def _revision(head: Revision) -> str:
    return f"Revision {head.revision} has {counted(head.offers, 'offer')} of {counted(head.products, 'product')}"


def _held(content: HeldBack) -> str:
    held = content.held
    found = "; ".join(each.message for each in held.reasons)
    acceptance = f"set spec.acceptedDigest to {held.digest} to accept exactly this content"
    if is_confidential(held.source):
        acceptance = f"{DISCLOSE}: then its digest is shown, by which it can be accepted"
    elif content.acceptance_is_used_up:
        acceptance = (
            "remove spec.acceptedDigest and set it again to accept exactly this content: it names "
            f"{held.digest}, but another revision has been published since"
        )
    return f"The content of the source is held: {found}. Correct the source, or {acceptance}"


def _status(imported: ImportResult) -> Mapping[str, Any]:
    since, held = imported.good_import_at, imported.held
    return {
        **({} if imported.head is None else _head(imported.head)),
        **({} if since is None else {"lastGoodImportAt": _time(since)}),
        "suspects": imported.suspects,
        **({} if held is None or is_confidential(held.source) else {"held": _held_status(held)}),
        **({} if imported.flags is None else {"vendorFlags": _flags(imported.flags)}),
    }


def _head(head: Revision) -> Mapping[str, Any]:
    return {
        "revision": head.revision,
        # Whoever guesses what is in a file could tell by its digest whether they are right.
        **({} if is_confidential(head.source) else {"digest": head.digest}),
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
