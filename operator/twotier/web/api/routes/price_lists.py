"""Price lists: what is accepted, what is held, and what is missing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from typing import Annotated, Final

from fastapi import Path, Query, Response
from sqlalchemy import Connection

from twotier.bss.directory.lookups import PriceListEntry
from twotier.bss.price_lists.guarding import held as holding
from twotier.bss.price_lists.guarding import suspects
from twotier.bss.price_lists.guarding.held import Held
from twotier.bss.price_lists.offers import ListedOffer, offers
from twotier.bss.price_lists.revisions import (
    Change,
    ChangedOffer,
    Differences,
    Revision,
    changes,
    head,
    history,
)
from twotier.web.api import models, showing
from twotier.web.api.listing import STREAMS, Asked, Listing
from twotier.web.api.paging import LARGEST_INTEGER, Key
from twotier.web.api.routing import Router
from twotier.web.api.scope import NOT_FOUND, InScope, Name
from twotier.web.shared.problems import not_found

router = Router(prefix="/price-lists/{name}", tags=["price lists"], responses=NOT_FOUND)

RevisionNumber = Annotated[int, Path(ge=1, le=LARGEST_INTEGER, description="Number of a revision.")]
OldRevision = Annotated[
    int, Query(ge=0, le=LARGEST_INTEGER, description="The revision to compare from; 0 is the empty list.")
]
NewRevision = Annotated[
    int, Query(ge=1, le=LARGEST_INTEGER, description="The revision to compare to; may be the older one.")
]
WantedChange = Annotated[Change | None, Query(description="Only offers that differ in this way.")]


@router.get("")
def price_list(at: InScope, name: Name) -> models.PriceList:
    """Return a price list, its newest accepted revision and what the guards hold."""
    with at.price_list(name) as (connection, entry):
        newest, held = head(connection, entry.id), holding.current(connection, entry.id)
        suspected = suspects.suspects_of(connection, entry.id)
    return models.PriceList(
        name=entry.name,
        currency=entry.currency,
        active=entry.active,
        valid_from=entry.valid_from,
        valid_until=entry.valid_until,
        head=newest and _revision(newest),
        held=held and _held(held),
        suspects=suspected.count,
    )


@router.get("/revisions", response_model=models.Page[models.Revision], responses=STREAMS)
def revisions(at: InScope, name: Name, asked: Asked) -> models.Page[models.Revision] | Response:
    """Return the accepted revisions, the newest first."""

    def read(connection: Connection, entry: PriceListEntry, after: Key | None, limit: int) -> Sequence[models.Revision]:
        before = int(after[0]) if after else None
        return [_revision(each) for each in history(connection, entry.id, before=before, limit=limit)]

    return REVISIONS.send(partial(at.price_list, name), REVISIONS.by_pages(read), asked)


@router.get(
    "/revisions/{number}/offers", response_model=models.Page[models.ListOffer], responses=STREAMS, name="list_offers"
)
def offers_of_a_revision(
    at: InScope, name: Name, number: RevisionNumber, asked: Asked
) -> models.Page[models.ListOffer] | Response:
    """Return the offers of a revision, by SKU and unit."""

    def read(
        connection: Connection, entry: PriceListEntry, after: Key | None, limit: int
    ) -> Iterator[models.ListOffer]:
        _require_revision(connection, entry, number)
        for offer in offers(connection, entry.id, number, after=_pair(after), limit=limit):
            yield _offer(offer)

    return OFFERS.send(partial(at.price_list, name), read, asked)


@router.get(
    "/differences", response_model=models.Page[models.ListDifference], responses=STREAMS, name="list_differences"
)
def differences_of_revisions(
    at: InScope, name: Name, asked: Asked, *, old: OldRevision, new: NewRevision, change: WantedChange = None
) -> models.Page[models.ListDifference] | Response:
    """Return the offers that differ between two revisions, by SKU and unit."""

    def read(
        connection: Connection, entry: PriceListEntry, after: Key | None, limit: int | None
    ) -> Iterator[models.ListDifference]:
        _require_revision(connection, entry, max(old, new))
        found = changes(connection, entry.id, old, new, change=change, after=_pair(after), limit=limit)
        return map(difference, found)

    return DIFFERENCES.send(partial(at.price_list, name), read, asked)


@router.get("/held")
def held(at: InScope, name: Name) -> models.Held:
    """Return what the guards hold."""
    with at.price_list(name) as (connection, entry):
        return _held(_require_held(connection, entry))


@router.get("/held/differences", response_model=models.Page[models.ListDifference], responses=STREAMS)
def held_differences(
    at: InScope, name: Name, asked: Asked, change: WantedChange = None
) -> models.Page[models.ListDifference] | Response:
    """Return the offers that would change if what is held back were let through, by SKU and unit."""

    def read(
        connection: Connection, entry: PriceListEntry, after: Key | None, limit: int | None
    ) -> Iterator[models.ListDifference]:
        held = _require_held(connection, entry)
        found = holding.differences_of(connection, entry.id, held, change=change, after=_pair(after), limit=limit)
        return map(difference, found)

    return DIFFERENCES.send(partial(at.price_list, name), read, asked)


@router.get("/suspects", response_model=models.Page[models.Suspect], responses=STREAMS, name="suspects")
def suspected_offers(at: InScope, name: Name, asked: Asked) -> models.Page[models.Suspect] | Response:
    """Return the offers that are missing from the source and still sold, by SKU and unit."""

    def read(connection: Connection, entry: PriceListEntry, after: Key | None, limit: int) -> Sequence[models.Suspect]:
        found = suspects.listed(connection, entry.id, after=_pair(after), limit=limit)
        return [models.Suspect(**asdict(each)) for each in found]

    return SUSPECTS.send(partial(at.price_list, name), SUSPECTS.by_pages(read), asked)


def differences(counts: Differences) -> models.ListDifferences:
    """Return counts of differences as the API shows them."""
    return models.ListDifferences(**asdict(counts))


def difference(offer: ChangedOffer) -> models.ListDifference:
    """Return an offer that differs as the API shows it."""
    return models.ListDifference(**asdict(offer))


def _revision(revision: Revision) -> models.Revision:
    return models.Revision(
        revision=revision.revision,
        digest=revision.digest,
        imported_at=revision.imported_at,
        source=revision.source,
        offers=revision.offers,
        products=revision.products,
        differences=differences(revision.differences),
    )


def _held(held: Held) -> models.Held:
    return models.Held(
        digest=held.digest,
        base=held.base,
        held_at=held.held_at,
        source=held.source,
        offers=held.offers,
        products=held.products,
        reasons=tuple(models.HoldReason(reason=each.reason, message=each.message) for each in held.reasons),
        differences=differences(held.differences),
    )


def _offer(offer: ListedOffer) -> models.ListOffer:
    return models.ListOffer(**asdict(offer))


def _require_held(connection: Connection, entry: PriceListEntry) -> Held:
    found = holding.current(connection, entry.id)
    if found is None:
        raise not_found(f"Nothing of price list {entry.name} is held: the content of its source was accepted.")
    return found


def _require_revision(connection: Connection, entry: PriceListEntry, number: int) -> None:
    newest = head(connection, entry.id)
    if newest is None or number > newest.revision:
        have = f"its revisions are 1 to {newest.revision}" if newest else "nothing of it has been accepted yet"
        raise not_found(f"Price list {entry.name} has no revision {number}: {have}.")


def _pair(after: Key | None) -> tuple[str, str]:
    sku, unit = map(str, after) if after else ("", "")
    return sku, unit


def _sku_and_unit(item: models.ListOffer | models.ListDifference | models.Suspect) -> Key:
    return item.sku, item.unit


def _flat_offer(offer: models.ListOffer) -> Mapping[str, object]:
    return showing.flat(offer) | {"tiers": showing.flat_tiers(offer.tiers)}


def _flat_revision(revision: models.Revision) -> Mapping[str, object]:
    return showing.flat(revision) | showing.flat(revision.differences)


REVISIONS: Final = Listing[models.Revision](
    key=lambda revision: (revision.revision,),
    types=(int,),
    columns=(*showing.columns(models.Revision, "differences"), *showing.columns(models.ListDifferences)),
    flat=_flat_revision,
)
OFFERS: Final = Listing[models.ListOffer](
    key=_sku_and_unit, types=(str, str), columns=showing.columns(models.ListOffer), flat=_flat_offer
)
DIFFERENCES: Final = Listing[models.ListDifference](
    key=_sku_and_unit, types=(str, str), columns=showing.columns(models.ListDifference), flat=showing.flat
)
SUSPECTS: Final = Listing[models.Suspect](
    key=_sku_and_unit, types=(str, str), columns=showing.columns(models.Suspect), flat=showing.flat
)
