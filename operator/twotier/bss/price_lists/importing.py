"""Import of a price list: all of it becomes the next revision, or nothing changes.

The files are streamed into a temporary table, judged and normalised there, compared with the head, and only the rows
that differ are written. The same row given twice, word for word after normalisation, counts once: exports that overlap
are common and do no harm. The same key with other content is refused.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, text

from twotier.bss.price_lists.content import Limits
from twotier.bss.price_lists.format import Format
from twotier.bss.price_lists.parsing import Part
from twotier.bss.price_lists.reading import planned_for_whole_lists, read_price_list
from twotier.bss.price_lists.revisions import Differences, Revision, head
from twotier.bss.sql import statement
from twotier.faults import fault_point

# Raised when the same bytes would be read differently than before, so that they are read again.
READING_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did.

    Attributes:
        head: the newest revision now.
        changed: whether this import made it; otherwise the content was the same as that of the head.
    """

    head: Revision
    changed: bool


@dataclass(frozen=True, slots=True)
class _PriceList:
    id: int
    currency: str
    head_revision: int
    source_digest: str | None


@dataclass(frozen=True, slots=True)
class _Source:
    """Where content comes from; equal digests mean that it need not be read again."""

    names: str
    digest: str

    @classmethod
    def of(cls, parts: Sequence[Part], format_: Format) -> "_Source":
        digest = hashlib.sha256(f"{READING_VERSION}\n{format_.fingerprint()}\n".encode())
        for part in parts:
            digest.update(hashlib.sha256(part.content).digest())
        return cls(", ".join(part.name for part in parts), digest.hexdigest())


def import_price_list(
    connection: Connection,
    price_list_id: int,
    parts: Sequence[Part],
    format_: Format,
    *,
    now: datetime,
    limits: Limits | None = None,
) -> ImportResult:
    """Import files as the next revision of a price list, unless their content is the head's.

    Imports of one list are serial: the list's row is locked until the transaction ends.

    Args:
        connection: of a transaction that may write price lists. After a refusal it can be used on.
        price_list_id: the list.
        parts: complete files, at least one; the list is all of them together.
        format_: how they are read.
        now: time of the import, aware.
        limits: how much is read at most.

    Raises:
        PriceListRefused: the content is not a price list in this format and the list's currency; nothing changed.
        LookupError: there is no such list.
    """
    price_list = _locked(connection, price_list_id)
    source = _Source.of(parts, format_)
    current = head(connection, price_list_id)
    if current is not None and price_list.source_digest == source.digest:
        return ImportResult(current, changed=False)
    with planned_for_whole_lists(connection):
        reading = read_price_list(
            connection,
            parts,
            format_,
            currency=price_list.currency,
            head_of=price_list.id if price_list.head_revision else None,
            now=now,
            limits=limits,
        )
        differences, changed = _compare(connection, price_list, many=reading.many)
        if changed or current is None:
            _write(connection, price_list, many=reading.many)
            result = ImportResult(_publish(connection, price_list, differences, source, now), changed=True)
        else:
            _remember_source(connection, price_list, source)
            result = ImportResult(current, changed=False)
    fault_point("price_list.import.before_commit")
    return result


def _locked(connection: Connection, price_list_id: int) -> _PriceList:
    row = connection.execute(
        text("select id, currency, head_revision, source_digest from price_list where id = :id for update"),
        {"id": price_list_id},
    ).one_or_none()
    if row is None:
        raise LookupError(f"there is no price list {price_list_id}")
    return _PriceList(row.id, row.currency, row.head_revision, row.source_digest)


def _compare(connection: Connection, price_list: _PriceList, *, many: bool) -> tuple[Differences, bool]:
    head_of = {"price_list_id": price_list.id, "many": many}
    for compared in ("offers", "products", "relations"):
        connection.execute(statement(f"price_lists/changed_{compared}.sql"), head_of)
    row = connection.execute(statement("price_lists/difference.sql")).one()
    return Differences(row.added, row.removed, row.price_changed, row.other_changed), row.changed


def _remember_source(connection: Connection, price_list: _PriceList, source: _Source) -> None:
    connection.execute(
        text("update price_list set source_digest = :source_digest where id = :id"),
        {"source_digest": source.digest, "id": price_list.id},
    )


def _write(connection: Connection, price_list: _PriceList, *, many: bool) -> None:
    written = {
        "price_list_id": price_list.id,
        "revision": price_list.head_revision + 1,
        "many": many,
        "everything": price_list.head_revision == 0,
    }
    for kind in ("offers", "products", "relations"):
        connection.execute(statement(f"price_lists/close_{kind}.sql"), written)
        connection.execute(statement(f"price_lists/open_{kind}.sql"), written)


def _publish(
    connection: Connection, price_list: _PriceList, differences: Differences, source: _Source, now: datetime
) -> Revision:
    revision = price_list.head_revision + 1
    content = connection.execute(statement("price_lists/digest.sql"), {"price_list_id": price_list.id}).one()
    published = Revision(revision, content.digest, now, source.names, content.offers, content.products, differences)
    connection.execute(
        statement("price_lists/publish.sql"),
        {
            "price_list_id": price_list.id,
            "revision": revision,
            "source_digest": source.digest,
            "digest": published.digest,
            "imported_at": now,
            "source": source.names,
            "offers": published.offers,
            "products": published.products,
            "added": differences.added,
            "removed": differences.removed,
            "price_changed": differences.price_changed,
            "other_changed": differences.other_changed,
        },
    )
    return published
