"""Catalogues: what a tenant sells or sold, and why at that price."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from functools import partial
from http import HTTPStatus
from itertools import takewhile
from typing import Annotated, Final
from uuid import UUID

from fastapi import Query, Response
from pydantic.alias_generators import to_camel
from sqlalchemy import Connection

from twotier.bss.catalogue.reads import explaining
from twotier.bss.catalogue.reads.explaining import Explanation, OwnSetting, explain, price_history, undone_arrival
from twotier.bss.catalogue.reads.pages import AfterSku, SeenOffer, catalogue_at
from twotier.bss.catalogue.runs import log
from twotier.bss.directory.lookups import TenantEntry
from twotier.web.api import models, showing
from twotier.web.api.listing import STREAMS, Asked, Listing
from twotier.web.api.paging import LARGEST_INTEGER, Key
from twotier.web.api.routing import Router
from twotier.web.api.scope import NOT_FOUND, Account, InScope, Sku
from twotier.web.shared.problems import ProblemError, not_found

router = Router(prefix="/tenants/{account}", tags=["catalogues"], responses=NOT_FOUND)

MOST_UNITS: Final = 100

AtRun = Annotated[
    int | None,
    Query(ge=1, le=LARGEST_INTEGER, description="The catalogue as it was after this run, undone or not; default: now."),
]
Unit = Annotated[
    str | None,
    Query(
        max_length=1_024,
        pattern=r"^[^\x00]*$",
        description="Term and billing cycle; optional if the product has one unit.",
    ),
]


@router.get("/catalogue", response_model=models.Page[models.CatalogueOffer], responses=STREAMS)
def catalogue(
    at: InScope, account: Account, asked: Asked, run: AtRun = None
) -> models.Page[models.CatalogueOffer] | Response:
    """Return a tenant's catalogue, by SKU and unit, including discontinued offers."""

    def read(
        connection: Connection, tenant: TenantEntry, after: Key | None, limit: int
    ) -> Iterator[models.CatalogueOffer]:
        if run is not None and log.run(connection, tenant.organization_id, run) is None:
            raise not_found(f"Tenant {account} has no run {run}: GET …/runs lists its runs.")
        return map(_seen, catalogue_at(connection, tenant.organization_id, run, _after(after), limit=limit))

    return OFFERS.send(partial(at.tenant, account), read, asked)


@router.get("/offers/{sku:path}/explanation")
def explanation(at: InScope, account: Account, sku: Sku, unit: Unit = None) -> models.Explanation:
    """Return why an offer is what it is: from the list via the run to the override, field by field."""
    with at.tenant(account) as (connection, tenant):
        only = unit if unit is not None else _only_unit(connection, tenant, sku)
        found = explain(connection, tenant.organization_id, sku, only)
        if found is None:
            raise _not_there(connection, tenant, sku, only)
    return _explanation(found)


@router.get("/offers/{sku:path}/history", name="price_history")
def history(at: InScope, account: Account, sku: Sku, unit: Unit = None) -> models.PriceHistory:
    """Return what an offer cost and sold for, run by run, from its arrival."""
    with at.tenant(account) as (connection, tenant):
        only = unit if unit is not None else _only_unit(connection, tenant, sku)
        points = price_history(connection, tenant.organization_id, sku, only)
        if not points:
            raise _not_there(connection, tenant, sku, only)
    return models.PriceHistory(points=tuple(models.PricePoint(**asdict(point)) for point in points))


def _only_unit(connection: Connection, tenant: TenantEntry, sku: str) -> str:
    """Return the only unit of a product.

    Raises:
        ProblemError: it has several, or is not in the catalogue.
    """
    units = _units(connection, tenant.organization_id, sku)
    if len(units) > 1:
        raise ProblemError(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            f"Product {sku} has several units: add ?unit= with one of {', '.join(units)}.",
        )
    if not units:
        raise _not_there(connection, tenant, sku)
    return units[0]


def _units(connection: Connection, organization_id: UUID, sku: str) -> list[str]:
    behind = catalogue_at(connection, organization_id, after=AfterSku(sku), limit=MOST_UNITS)
    return [seen.offer.unit for seen in takewhile(lambda seen: seen.offer.sku == sku, behind)]


def _not_there(connection: Connection, tenant: TenantEntry, sku: str, unit: str | None = None) -> ProblemError:
    called = f"Product {sku}{f' in unit {unit}' if unit else ''}"
    undone = undone_arrival(connection, tenant.organization_id, sku, unit)
    if undone is None:
        return not_found(f"{called} never arrived in the catalogue of tenant {tenant.account}: check SKU and unit.")
    return not_found(
        f"{called} is not in the catalogue of tenant {tenant.account} now: run {undone.run} brought it, and the undo "
        f"in run {undone.undone_by} removed it."
    )


def _after(after: Key | None) -> AfterSku:
    return AfterSku(*map(str, after)) if after else AfterSku()


def _seen(seen: SeenOffer) -> models.CatalogueOffer:
    return models.CatalogueOffer(**asdict(seen.offer), suspect=seen.suspect)


def _explanation(found: Explanation) -> models.Explanation:
    return models.Explanation(
        offer=_seen(SeenOffer(found.offer, found.suspect)),
        below_cost=found.below_cost,
        margin_percent=found.margin_percent,
        columns=tuple(map(_column, found.columns)),
    )


def _column(column: explaining.ColumnExplanation) -> models.ColumnExplanation:
    return models.ColumnExplanation(
        field=to_camel(column.field),
        value=showing.value(column.value),
        owner="reseller" if column.is_own else "distributor",
        inherited=showing.value(column.inherited),
        own=column.own and _own(column.own),
        **asdict(column.origin),
    )


def _own(own: OwnSetting) -> models.Override:
    return models.Override(
        value=showing.value(own.value), is_margin=own.is_margin, set_at=own.set_at, displaced_by=own.displaced_by
    )


def _offer_key(offer: models.CatalogueOffer) -> Key:
    return offer.sku, offer.unit


def _flat_offer(offer: models.CatalogueOffer) -> Mapping[str, object]:
    return showing.flat(offer) | {"tiers": showing.flat_tiers(offer.tiers)}


OFFERS: Final = Listing[models.CatalogueOffer](
    key=_offer_key, types=(str, str), columns=showing.columns(models.CatalogueOffer), flat=_flat_offer
)
