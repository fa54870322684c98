"""Publication: what was written becomes the head of its price list, one import of a list at a time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from twotier.bss.price_lists.digests import Content
from twotier.bss.price_lists.revisions import Differences, Revision
from twotier.bss.sql import statements

_SQL: Final = statements(__name__)


@dataclass(frozen=True, slots=True)
class PriceList:
    """A price list while its next revision is made.

    Attributes:
        id: of the list.
        currency: of all its prices.
        head: number of the newest revision, 0 while there is none.
        offers: of the newest revision.
        acceptance: digest of the one content that a person accepts, as known so far; None for none.
        accepted: the same while it is good, and None once another revision was published.
    """

    id: int
    currency: str
    head: int
    offers: int
    acceptance: str | None
    accepted: str | None


def lock(connection: Connection, price_list_id: int) -> PriceList:
    """Return a price list that nobody else makes a revision of until the transaction ends.

    Raises:
        LookupError: there is no such list.
    """
    row = connection.execute(_SQL["lock_price_list"], {"price_list_id": price_list_id}).one_or_none()
    if row is None:
        raise LookupError(f"there is no price list {price_list_id}")
    return PriceList(
        id=row.id,
        currency=row.currency,
        head=row.head_revision,
        offers=row.offers or 0,
        acceptance=row.accepted_digest,
        accepted=row.accepted_digest if row.is_good else None,
    )


def publish(
    connection: Connection,
    price_list: PriceList,
    content: Content,
    differences: Differences,
    *,
    source: str,
    now: datetime,
) -> Revision:
    """Make what was written the newest revision; what was held against the one before goes.

    Args:
        connection: of the transaction in which it was written.
        price_list: as it was before.
        content: as it was written.
        differences: from the revision before.
        source: where it came from, for people.
        now: time of the import, aware.
    """
    published = Revision(
        price_list.head + 1, content.digest, now, source, content.offers, content.products, differences
    )
    connection.execute(
        _SQL["publish_revision"],
        {
            "price_list_id": price_list.id,
            "revision": published.revision,
            "digest": published.digest,
            "imported_at": now,
            "source": source,
            "offers": published.offers,
            "products": published.products,
            "added": differences.added,
            "removed": differences.removed,
            "price_changed": differences.price_changed,
            "other_changed": differences.other_changed,
        },
    )
    return published
