"""From what an import read into a price list: compared with the head, and written as the next revision."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, text

from twotier.bss.price_lists.revisions import Differences, Revision
from twotier.bss.sql import statement

KINDS_OF_ROWS: Final = ("offers", "products", "relations")

_LOCK: Final = text(
    "select id, currency, head_revision, accepted_digest, accepted_base = head_revision as is_good "
    "from price_list where id = :id for update"
)
_ANALYZE: Final = text(
    "analyze offer (price_list_id, sku, unit, from_revision, to_revision), "
    "product (price_list_id, sku, from_revision, to_revision), product_relation"
)


@dataclass(frozen=True, slots=True)
class PriceList:
    """A price list while its next revision is made.

    Attributes:
        id: of the list.
        currency: of all its prices.
        head: number of the newest revision, 0 while there is none.
        acceptance: digest of the one content that a person lets through, as it is known so far; None for none.
        accepted: the same while it is good, and None once another revision was published.
    """

    id: int
    currency: str
    head: int
    acceptance: str | None
    accepted: str | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was read, beside the head.

    Attributes:
        differences: as counts.
        changed: whether anything differs; a product without offers that differ counts too.
    """

    differences: Differences
    changed: bool


@dataclass(frozen=True, slots=True)
class Content:
    """The content of a list: its digest, and how many offers and products it has."""

    digest: str
    offers: int
    products: int


def lock(connection: Connection, price_list_id: int) -> PriceList:
    """Return a price list that nobody else makes a revision of until the transaction ends.

    Raises:
        LookupError: there is no such list.
    """
    row = connection.execute(_LOCK, {"id": price_list_id}).one_or_none()
    if row is None:
        raise LookupError(f"there is no price list {price_list_id}")
    return PriceList(
        row.id, row.currency, row.head_revision, row.accepted_digest, row.accepted_digest if row.is_good else None
    )


def compare_with_head(connection: Connection, price_list: PriceList, *, many: bool) -> Comparison:
    """Find what differs between the head and what was read.

    Args:
        connection: of a transaction in which files were read.
        price_list: the list.
        many: whether what was read concerns many products.
    """
    head_of = {"price_list_id": price_list.id, "many": many}
    for kind in KINDS_OF_ROWS:
        connection.execute(statement(f"price_lists/changed_{kind}.sql"), head_of)
    row = connection.execute(statement("price_lists/difference.sql")).one()
    return Comparison(Differences(row.added, row.removed, row.price_changed, row.other_changed), row.changed)


def compare_again(connection: Connection, price_list: PriceList) -> Comparison:
    """Find what differs now that more was read than when it was compared first."""
    connection.execute(text("truncate read_product, changed_offer, changed_product, changed_relation"))
    connection.execute(statement("price_lists/staging/products.sql"))
    return compare_with_head(connection, price_list, many=True)


def write(connection: Connection, price_list: PriceList, *, many: bool) -> Content:
    """Write the rows that differ, and return what the list's content is then."""
    written = {
        "price_list_id": price_list.id,
        "revision": price_list.head + 1,
        "many": many,
        "everything": price_list.head == 0,
    }
    for kind in KINDS_OF_ROWS:
        connection.execute(statement(f"price_lists/close_{kind}.sql"), written)
        connection.execute(statement(f"price_lists/open_{kind}.sql"), written)
    if many or price_list.head == 0:
        # Whoever plans with the new rows next, in this transaction or right after it, cannot wait for autovacuum:
        # with statistics of the time before, joins of whole catalogues are done row by row.
        connection.execute(_ANALYZE)
    connection.execute(statement("price_lists/digest_groups.sql"), written)
    row = connection.execute(statement("price_lists/digest.sql"), written).one()
    return Content(row.digest, row.offers, row.products)


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
        statement("price_lists/publish.sql"),
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
