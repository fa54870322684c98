"""A tenant's catalogue as its own session reads it, and what an update changed in it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Final
from uuid import UUID

from twotier.bss.catalogue.reads.pages import AfterSku, CatalogueOffer, page_by_sku
from twotier.bss.database import Database, Role

PAGE: Final = 1000
EXAMPLES_EACH: Final = 2

Key = tuple[str, str]
"""SKU and unit."""
Catalogue = Mapping[Key, CatalogueOffer]


def read_catalogue(database_url: str, organization_id: UUID) -> Catalogue:
    """Read all offers of a tenant, under its row-level security."""
    database = Database(database_url, Role.API)
    try:
        return {(offer.sku, offer.unit): offer for offer in _pages(database, organization_id)}
    finally:
        database.dispose()


@dataclass(frozen=True, slots=True)
class Example:
    """One offer before and after an update."""

    what: str
    sku: str
    unit: str
    name: str
    before: Decimal | None
    after: Decimal | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two states of a catalogue, by SKU and unit."""

    added: Sequence[Key]
    discontinued: Sequence[Key]
    cost_changed: Sequence[Key]


def compare(before: Catalogue, after: Catalogue) -> Comparison:
    """Compare two states of one catalogue."""
    return Comparison(
        added=sorted(after.keys() - before.keys()),
        discontinued=sorted(before.keys() - after.keys()),
        cost_changed=sorted(key for key in before.keys() & after.keys() if before[key].cost != after[key].cost),
    )


def examples(before: Catalogue, after: Catalogue) -> list[Example]:
    """Pick a few offers of each kind of difference."""
    found = compare(before, after)
    picked = (("new", found.added), ("discontinued", found.discontinued), ("cost", found.cost_changed))
    return [_example(what, key, before, after) for what, keys in picked for key in _spread(keys)]


def _pages(database: Database, organization_id: UUID) -> Iterator[CatalogueOffer]:
    after = AfterSku()
    with database.tenant_transaction(organization_id) as connection:
        while page := page_by_sku(connection, after, limit=PAGE):
            yield from page
            after = AfterSku(page[-1].sku, page[-1].unit)


def _spread(keys: Sequence[Key]) -> Iterable[Key]:
    """A few keys that are spread out, since neighbours would look alike."""
    return islice(keys[:: max(1, len(keys) // EXAMPLES_EACH)], EXAMPLES_EACH)


def _example(what: str, key: Key, before: Catalogue, after: Catalogue) -> Example:
    old, new = before.get(key), after.get(key)
    shown = new or old
    return Example(
        what=what,
        sku=key[0],
        unit=key[1],
        name=shown.name if shown is not None else "",
        before=old.cost if old is not None else None,
        after=new.cost if new is not None else None,
    )
