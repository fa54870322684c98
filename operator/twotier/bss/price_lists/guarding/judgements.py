"""What became of the files that a list's source had last, so that the same files need not be read again."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final, cast

from sqlalchemy import Connection

from twotier.bss.price_lists.guarding.guards import Guards
from twotier.bss.price_lists.guarding.suspects import suspects_of
from twotier.bss.price_lists.guarding.vendor_flags import FlagAudit, WrongFlag
from twotier.bss.sql import statements

_SQL: Final = statements(__name__)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was found of a source.

    Attributes:
        source_digest: of the files and the format.
        judged_at: when.
        guards: fingerprint of those it was judged under.
        revision: the head after it, 0 for none.
        held_digest: what of it is held; None if it was accepted.
        next_boundary: the next moment at which the same files say something else; None if that never happens.
        flags: how the publisher's flags fit; None where there are none.
        good_import_at: the last time that new files were accepted, these or earlier ones; None if never.
    """

    source_digest: str
    judged_at: datetime
    guards: str
    revision: int
    held_digest: str | None
    next_boundary: datetime | None
    flags: FlagAudit | None
    good_import_at: datetime | None


def recall(connection: Connection, price_list_id: int) -> Judgement | None:
    """Return what was found last, or None if nothing was judged yet."""
    row = connection.execute(_SQL["find_judgement"], {"price_list_id": price_list_id}).one_or_none()
    if row is None:
        return None
    return Judgement(
        source_digest=row.digest,
        judged_at=row.judged_at,
        guards=row.guards,
        revision=row.revision,
        held_digest=row.held_digest,
        next_boundary=row.next_boundary,
        flags=None if row.flags is None else _flags(row.flags),
        good_import_at=row.good_import_at,
    )


def remember(connection: Connection, price_list_id: int, judgement: Judgement) -> None:
    """Replace what was found last."""
    connection.execute(
        _SQL["replace_judgement"],
        {
            "price_list_id": price_list_id,
            "digest": judgement.source_digest,
            "judged_at": judgement.judged_at,
            "guards": judgement.guards,
            "revision": judgement.revision,
            "held_digest": judgement.held_digest,
            "next_boundary": judgement.next_boundary,
            "flags": None if judgement.flags is None else json.dumps(asdict(judgement.flags)),
            "good_import_at": judgement.good_import_at,
        },
    )


def remember_acceptance(
    connection: Connection, price_list_id: int, held_digest: str, revision: int, *, now: datetime
) -> None:
    """Note that held content became a revision; if the source says just that, it need not be judged again."""
    connection.execute(
        _SQL["note_publication"],
        {"price_list_id": price_list_id, "held_digest": held_digest, "revision": revision, "now": now},
    )


def stands(
    connection: Connection, price_list_id: int, last: Judgement, source_digest: str, guards: Guards, *, now: datetime
) -> bool:
    """Tell whether judging a source again would find the same.

    It is judged anew under other guards, after another revision was published, when the same files say something else,
    and when a suspect is due.

    Args:
        connection: of a transaction that holds the list.
        price_list_id: the list.
        last: what was found last.
        source_digest: of the files and the format as they are now.
        guards: as they are now.
        now: aware.
    """
    # A held source lets no suspect go; what was due already when it was judged is not a reason to look again.
    due = suspects_of(connection, price_list_id, later_than=last.judged_at if last.held_digest else None)
    moments = (last.next_boundary, due.next_discontinued_at)
    return (
        last.source_digest == source_digest
        and last.guards == guards.fingerprint()
        and all(moment is None or now < moment for moment in moments)
    )


def good_import_at(connection: Connection, price_list_id: int) -> datetime | None:
    """Return the last time that new files of a list were accepted, changed or not; None if never."""
    found = connection.execute(_SQL["find_good_import"], {"price_list_id": price_list_id}).scalar_one()
    return cast("datetime | None", found)


def _flags(stored: Mapping[str, Any]) -> FlagAudit:
    examples = tuple(WrongFlag(**each) for each in stored["examples"])
    return FlagAudit(stored["flagged"], stored["count"], examples)
