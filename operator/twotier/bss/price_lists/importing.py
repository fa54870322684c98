"""Import of a price list: all of it becomes the next revision or is held, or nothing changes.

The files are streamed into a temporary table, judged and normalised there, compared with the head, and only the rows
that differ are written. The same row given twice, word for word after normalisation, counts once: exports that overlap
are common and do no harm. The same key with other content is refused.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from twotier.bss.price_lists.digests import Content
from twotier.bss.price_lists.guarding import judgements, suspects
from twotier.bss.price_lists.guarding.findings import find
from twotier.bss.price_lists.guarding.guards import UNGUARDED, Guards, Suspicion, judge, without_prices
from twotier.bss.price_lists.guarding.held import Held, accept_held, current, hold
from twotier.bss.price_lists.guarding.judgements import Judgement
from twotier.bss.price_lists.guarding.vendor_flags import FlagAudit, audit
from twotier.bss.price_lists.publishing import PriceList, lock, publish
from twotier.bss.price_lists.refusals import Refusals
from twotier.bss.price_lists.revisions import Revision, has_confidential, head, is_confidential, source_name
from twotier.bss.price_lists.staging.comparison import Comparison, compare_again, compare_with_head
from twotier.bss.price_lists.staging.reading import planned_for_whole_lists, read_price_list
from twotier.bss.price_lists.writing import write
from twotier.bss.sheets.faults import PriceListRefused
from twotier.bss.sheets.format import Format
from twotier.bss.sheets.parsing import Part, are_within
from twotier.fault_points import fault_point
from twotier.limits import MEBIBYTE, Limits

# Raised when the same bytes would be read differently than before, so that they are read again.
READING_VERSION: Final = 1
# Files within these take less than a second, whatever is in them.
_SMALL: Final = Limits(rows=2_000, total=4 * MEBIBYTE)


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did.

    Attributes:
        head: the newest revision now; None while nothing was accepted.
        changed: whether this import made it; otherwise its content was the head's, or is held.
        held: what the guards hold of this source; None if nothing.
        suspects: offers of the head that the source lacks and that are still sold.
        next_boundary: the next moment, aware and in UTC, at which the same files lead to something else, because rows
            begin or end to be valid or a suspect is discontinued; None if that never happens.
        flags: how the publisher's own flags fit; None where the format has none.
        good_import_at: the last time that new files were accepted, changed or not; None if never.
    """

    head: Revision | None
    changed: bool
    held: Held | None = None
    suspects: int = 0
    next_boundary: datetime | None = None
    flags: FlagAudit | None = None
    good_import_at: datetime | None = None


class LargeImportError(Exception):
    """The import takes long, so it was not begun: its caller sees to it that there are few such imports at once."""


@dataclass(frozen=True, slots=True)
class _Source:
    """Where content comes from; equal digests mean that it need not be read again."""

    names: str
    digest: str

    @property
    def is_confidential(self) -> bool:
        return is_confidential(self.names)

    @classmethod
    def of(cls, parts: Sequence[Part], format_: Format) -> "_Source":
        digest = hashlib.sha256(f"{READING_VERSION}\n{format_.fingerprint()}\n".encode())
        for part in parts:
            digest.update(hashlib.sha256(part.content).digest())
            if part.confidential:
                digest.update(b"confidential")  # what was held or refused without a word of it is then told anew
        return cls(", ".join(map(source_name, parts)), digest.hexdigest())


def import_price_list(
    connection: Connection,
    price_list_id: int,
    parts: Sequence[Part],
    format_: Format,
    *,
    guards: Guards = UNGUARDED,
    accepted_digest: str | None = None,
    now: datetime,
    limits: Limits | None = None,
    refusals: Refusals | None = None,
    even_if_large: bool = True,
) -> ImportResult:
    """Import files as the next revision of a price list, unless their content is the head's or the guards hold it.

    Imports of one list are serial: the list's row is locked until the transaction ends.

    Args:
        connection: of a transaction that may write price lists. After a refusal it can be used on.
        price_list_id: the list.
        parts: complete files, at least one; the list is all of them together.
        format_: how they are read.
        guards: what may be published without review.
        accepted_digest: the content that a person accepts, see `accept_held`. If it is held, it is published
            first, and the files are judged against it.
        now: time of the import, aware.
        limits: how much is read at most.
        refusals: those that stand; the same files are refused again without being read.
        even_if_large: whether the files are read if that takes long.

    Raises:
        LargeImportError: that takes long.
        PriceListRefused: the content is not a price list in this format and the list's currency; nothing changed.
        LookupError: there is no such list.
    """
    if not even_if_large and _accepts_much(connection, price_list_id, accepted_digest):
        raise LargeImportError
    released = accept_held(connection, price_list_id, accepted_digest, now=now)
    run = _Import(
        connection=connection,
        price_list=lock(connection, price_list_id),
        source=_Source.of(parts, format_),
        guards=guards,
        last=judgements.recall(connection, price_list_id),
        now=now,
    )
    found = run.found_before()
    if found is None:
        found = run.judge_unless_refused(parts, format_, limits, refusals or Refusals(), even_if_large=even_if_large)
    changed = released is not None or found.revision > run.price_list.head
    fault_point("price_list.import.before_commit")
    return _result(connection, price_list_id, found, changed=changed, now=now)


def _accepts_much(connection: Connection, price_list_id: int, accepted_digest: str | None) -> bool:
    """Whether a person accepts held content that takes long to publish."""
    held = None if accepted_digest is None else current(connection, price_list_id)
    return held is not None and held.digest == accepted_digest and held.offers > _SMALL.lines


def _result(
    connection: Connection, price_list_id: int, found: Judgement, *, changed: bool, now: datetime
) -> ImportResult:
    suspected = suspects.suspects_of(connection, price_list_id, later_than=now)
    moments = (found.next_boundary, suspected.next_discontinued_at)
    return ImportResult(
        head=head(connection, price_list_id),
        changed=changed,
        held=current(connection, price_list_id),
        suspects=suspected.count,
        next_boundary=min((moment for moment in moments if moment is not None), default=None),
        flags=found.flags,
        good_import_at=found.good_import_at,
    )


@dataclass(frozen=True, slots=True)
class _Import:
    """One import on its way.

    Attributes:
        last: what was found of the list's source the last time.
    """

    connection: Connection
    price_list: PriceList
    source: _Source
    guards: Guards
    last: Judgement | None
    now: datetime

    def found_before(self) -> Judgement | None:
        """Return what judging the files would find, where that is known without reading them."""
        if self.last is None or self.last.revision != self.price_list.head:
            return None
        stands = judgements.stands(
            self.connection, self.price_list.id, self.last, self.source.digest, self.guards, now=self.now
        )
        return self.last if stands else None

    def judge_unless_refused(
        self,
        parts: Sequence[Part],
        format_: Format,
        limits: Limits | None,
        refusals: Refusals,
        *,
        even_if_large: bool,
    ) -> Judgement:
        """Judge the files, unless they were refused before or take too long."""
        source = f"{self.price_list.currency} {self.source.digest} {self.source.names}"
        refusals.require_none(self.price_list.id, source, now=self.now)
        if not even_if_large and self._is_large(parts):
            raise LargeImportError
        try:
            found = self.judge(parts, format_, limits)
        except PriceListRefused as refused:
            told = refused.without_values(format_.names) if self.source.is_confidential else refused
            refusals.remember(self.price_list.id, source, told)
            raise told from None
        refusals.forget(self.price_list.id)
        return found

    def _is_large(self, parts: Sequence[Part]) -> bool:
        """The head counts as well: all of it may be compared, and end."""
        return self.price_list.offers > _SMALL.lines or not are_within(parts, _SMALL)

    def judge(self, parts: Sequence[Part], format_: Format, limits: Limits | None) -> Judgement:
        """Publish what the files say, or hold it."""
        with planned_for_whole_lists(self.connection):
            reading = read_price_list(
                self.connection,
                parts,
                format_,
                currency=self.price_list.currency,
                head_of=self.price_list.id if self.price_list.head else None,
                now=self.now,
                limits=limits,
            )
            compared = compare_with_head(self.connection, self.price_list.id, many=reading.many)
            flags = self._flags(format_)
            held_digest = self._publish_or_hold(compared, many=reading.many)
        found = Judgement(
            source_digest=self.source.digest,
            judged_at=self.now,
            guards=self.guards.fingerprint(),
            revision=lock(self.connection, self.price_list.id).head,
            held_digest=held_digest,
            next_boundary=reading.next_boundary,
            flags=flags,
            good_import_at=self._good_import_at(held=held_digest is not None),
        )
        judgements.remember(self.connection, self.price_list.id, found)
        return found

    def _publish_or_hold(self, compared: Comparison, *, many: bool) -> str | None:
        """Return the digest of what is held, None if nothing is."""
        suspicions = self._suspicions(compared)
        if suspicions:
            return self._hold_unless_accepted(compared, suspicions)
        self._acceptance(compared, many=many)
        return None

    def _suspicions(self, compared: Comparison) -> Sequence[Suspicion]:
        if not compared.changed and self.price_list.head:
            return ()
        found = find(self.connection, self.price_list, compared, self.guards, now=self.now)
        return judge(self.guards, found if self._may_be_quoted else without_prices(found))

    def _hold_unless_accepted(self, compared: Comparison, suspicions: Sequence[Suspicion]) -> str | None:
        """Hold what was read, and return its digest; None if a person accepted exactly this content.

        The digest is that of the revision it would be, so it is found by writing that.
        """
        attempt = self.connection.begin_nested()
        content = write(self.connection, self.price_list, many=True)
        if content.digest == self.price_list.accepted:
            attempt.commit()
            suspects.clear(self.connection, self.price_list.id)
            self._publish(content, compared)
            return None
        attempt.rollback()
        return hold(
            self.connection,
            self.price_list,
            content,
            compared.differences,
            suspicions,
            source=self.source.names,
            now=self.now,
        )

    def _acceptance(self, compared: Comparison, *, many: bool) -> None:
        """Publish what was read, with the offers that are missing for too short a time."""
        vanished, after = compared.differences.removed > 0, self.guards.discontinue_after
        if vanished and suspects.keep(self.connection, self.price_list.id, after, now=self.now):
            compared, many = compare_again(self.connection, self.price_list.id), True
        if compared.changed or not self.price_list.head:
            self._publish(write(self.connection, self.price_list, many=many), compared)
        if vanished:
            suspects.settle(self.connection, self.price_list.id, after)
        else:
            suspects.clear(self.connection, self.price_list.id)

    def _publish(self, content: Content, compared: Comparison) -> None:
        publish(
            self.connection,
            self.price_list,
            content,
            compared.differences,
            source=self.source.names,
            now=self.now,
        )

    def _flags(self, format_: Format) -> FlagAudit | None:
        """Flags tell what changed since the sheet before: the head, until the same files are judged once more."""
        if self.last is not None and self.last.source_digest == self.source.digest:
            return self.last.flags
        found = audit(self.connection, self.price_list.id, format_) if self.price_list.head else None
        return found if found is None or self._may_be_quoted else replace(found, examples=())

    @property
    def _may_be_quoted(self) -> bool:
        """Whether prices may be told, new ones and those of the head, which suspects have brought there at any time."""
        return not (self.source.is_confidential or has_confidential(self.connection, self.price_list.id))

    def _good_import_at(self, *, held: bool) -> datetime | None:
        """The same files again, judged because time has passed, are not a new delivery."""
        if self.last is None:
            return None if held else self.now
        again = self.last.source_digest == self.source.digest and self.last.held_digest is None
        return self.last.good_import_at if held or again else self.now
