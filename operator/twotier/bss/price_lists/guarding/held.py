"""Held revisions: kept under their digest, and published when a person names that digest.

Their rows are the differences from the head that they were judged against. They can be accepted, and looked at, as long
as that is the head and the source was not corrected.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row

from twotier.bss.price_lists.digests import Content
from twotier.bss.price_lists.guarding.guards import HoldReason, Suspicion
from twotier.bss.price_lists.guarding.judgements import remember_acceptance
from twotier.bss.price_lists.guarding.suspects import FIRST, clear
from twotier.bss.price_lists.publishing import PriceList, lock, publish
from twotier.bss.price_lists.revisions import Change, ChangedOffer, Differences, Revision, changed_offer
from twotier.bss.price_lists.staging.reading import planned_for_whole_lists
from twotier.bss.price_lists.staging.tables import make_staging
from twotier.bss.price_lists.writing import write
from twotier.bss.sql import statements
from twotier.fault_points import fault_point

_SQL: Final = statements(__name__)
_HOLD_ROWS: Final = (_SQL["hold_offers"], _SQL["hold_products"], _SQL["hold_relations"])
_RELEASE_ROWS: Final = (_SQL["release_offers"], _SQL["release_products"], _SQL["release_relations"])


@dataclass(frozen=True, slots=True)
class Held:
    """A held revision.

    Attributes:
        digest: of its content; whoever accepts it names this.
        base: number of the revision that it was compared with, 0 for none.
        held_at: since when.
        source: names of the files it came from.
        reasons: what the guards have to say, at least one.
        offers: how many it has.
        products: how many it has.
        differences: what it would change.
    """

    digest: str
    base: int
    held_at: datetime
    source: str
    reasons: tuple[Suspicion, ...]
    offers: int
    products: int
    differences: Differences


def hold(
    connection: Connection,
    price_list: PriceList,
    content: Content,
    differences: Differences,
    reasons: Sequence[Suspicion],
    *,
    source: str,
    now: datetime,
) -> str:
    """Keep what was read and compared with the head as a held revision; return its digest.

    Args:
        connection: of a transaction in which files were read and compared, and nothing of them is written.
        price_list: the list.
        content: what the list's content would be.
        differences: from the head.
        reasons: what the guards have to say.
        source: where it came from, for people.
        now: time of the import, aware.
    """
    named = {"price_list_id": price_list.id, "digest": content.digest}
    connection.execute(
        _SQL["hold_revision"],
        named
        | {
            "base": price_list.head,
            "held_at": now,
            "source": source,
            "reasons": json.dumps([{"reason": each.reason, "message": each.message} for each in reasons]),
            "offers": content.offers,
            "products": content.products,
            "added": differences.added,
            "removed": differences.removed,
            "price_changed": differences.price_changed,
            "other_changed": differences.other_changed,
        },
    )
    for statement in _HOLD_ROWS:
        connection.execute(statement, named)
    fault_point("price_list.hold.before_commit")
    return content.digest


def accept_held(
    connection: Connection, price_list_id: int, accepted_digest: str | None, *, now: datetime
) -> Revision | None:
    """Note what a person accepts, and publish it if it is held; None if there is nothing to publish.

    An acceptance is good as long as no other revision was published since it was declared, or since what it names was
    held. After that it is used up, and is renewed by removing it and naming the digest again.

    Args:
        connection: of a transaction that may write price lists.
        price_list_id: the list.
        accepted_digest: digest of the one accepted content, None for none.
        now: time of the publication, aware.

    Raises:
        LookupError: there is no such list.
    """
    price_list = lock(connection, price_list_id)
    if price_list.acceptance != accepted_digest:
        connection.execute(
            _SQL["note_acceptance"],
            {"price_list_id": price_list_id, "accepted_digest": accepted_digest},
        )
        price_list = lock(connection, price_list_id)
    if price_list.accepted is None:
        return None
    held = _acceptable(connection, price_list, price_list.accepted)
    if held is None:
        return None
    published = _release(connection, price_list, held, now)
    fault_point("price_list.accept.before_commit")
    return published


def current(connection: Connection, price_list_id: int) -> Held | None:
    """Return the held content of the list's source; None if nothing is held."""
    row = connection.execute(_SQL["find_held"], {"price_list_id": price_list_id}).one_or_none()
    return None if row is None else _held(row)


def differences_of(
    connection: Connection,
    price_list_id: int,
    held: Held,
    *,
    change: Change | None = None,
    after: tuple[str, str] = FIRST,
    limit: int | None = None,
) -> Iterator[ChangedOffer]:
    """Read the offers that a held revision would change, ordered by SKU and unit, as they are asked for.

    Args:
        connection: of a transaction that stays open until the last one is read.
        price_list_id: the list.
        held: of the list's head.
        change: one kind of change alone, None for all.
        after: SKU and unit of the offer behind which to begin.
        limit: of offers; None for all.
    """
    rows = connection.execute(
        _SQL["list_differences"],
        {
            "price_list_id": price_list_id,
            "digest": held.digest,
            "base": held.base,
            "change": change,
            "after_sku": after[0],
            "after_unit": after[1],
            "limit": limit,
        },
    )
    return map(changed_offer, rows)


def _acceptable(connection: Connection, price_list: PriceList, digest: str) -> Held | None:
    parameters = {"price_list_id": price_list.id, "digest": digest, "base": price_list.head}
    row = connection.execute(_SQL["find_acceptable"], parameters).one_or_none()
    return None if row is None else _held(row)


def _held(row: Row[Any]) -> Held:
    return Held(
        digest=row.digest,
        base=row.base,
        held_at=row.held_at,
        source=row.source,
        reasons=tuple(Suspicion(HoldReason(each["reason"]), each["message"]) for each in row.reasons),
        offers=row.offers,
        products=row.products,
        differences=Differences(row.added, row.removed, row.price_changed, row.other_changed),
    )


def _release(connection: Connection, price_list: PriceList, held: Held, now: datetime) -> Revision:
    with planned_for_whole_lists(connection):
        make_staging(connection)
        for statement in _RELEASE_ROWS:
            connection.execute(statement, {"price_list_id": price_list.id, "digest": held.digest})
        content = write(connection, price_list, many=True)
    if content.digest != held.digest:
        raise RuntimeError(f"the rows that were held as {held.digest} make {content.digest}")
    clear(connection, price_list.id)
    remember_acceptance(connection, price_list.id, held.digest, price_list.head + 1, now=now)
    return publish(connection, price_list, content, held.differences, source=held.source, now=now)
