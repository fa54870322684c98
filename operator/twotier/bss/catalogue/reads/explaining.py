"""Why an offer of a tenant is what it is: from the list over the run to the reseller's override, column by column."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, RowMapping

from twotier.bss.catalogue.reads.entries import Field, Value
from twotier.bss.catalogue.reads.pages import CatalogueOffer, SeenOffer, seen_offer
from twotier.bss.sql import statements

_SQL: Final = statements(__name__)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an inherited value comes from, and how it came down.

    Attributes:
        price_list: name of the list.
        revision: of the list, as the run took it.
        since_revision: the list has the offer, or the product, as that run saw it since this revision.
        imported_at: when that revision was imported.
        source: the files it was imported from.
        run: the tenant's run that wrote the value.
        run_at: when it was applied.
        requested_by: the resource that asked for the run.
        asked_by: the field manager that set its approval, a name that whoever did so chose; None where nobody had to.
    """

    price_list: str
    revision: int
    since_revision: int
    imported_at: datetime
    source: str
    run: int
    run_at: datetime
    requested_by: str
    asked_by: str | None


@dataclass(frozen=True, slots=True)
class UndoneArrival:
    """How an offer came into a catalogue and went again.

    Attributes:
        run: the run that brought it.
        undone_by: the undo that undid that run.
    """

    run: int
    undone_by: int


@dataclass(frozen=True, slots=True)
class OwnSetting:
    """The reseller's newest override.

    Attributes:
        is_margin: the value is a part of the sell price in per cent.
        displaced_by: the run whose option overwrote it; None while it is in force.
    """

    value: Decimal | str
    is_margin: bool
    set_at: datetime
    displaced_by: int | None


@dataclass(frozen=True, slots=True)
class ColumnExplanation:
    """Why one column of an offer has the value it has.

    Attributes:
        inherited: what came down; None where the distributor gives none.
        value: what is in force.
    """

    field: Field
    inherited: Value | None
    origin: Origin
    own: OwnSetting | None
    value: Value | None

    @property
    def is_own(self) -> bool:
        """Whether the reseller's override is in force."""
        return self.own is not None and self.own.displaced_by is None


@dataclass(frozen=True, slots=True)
class Explanation:
    """The chain that leads to what a tenant's customers see of an offer."""

    offer: CatalogueOffer
    suspect: bool
    columns: tuple[ColumnExplanation, ...]

    @property
    def margin_percent(self) -> Decimal | None:
        """What is left of the sell price over the cost, in per cent of it; None without a sell price or for a gift."""
        sell_price = self.offer.sell_price
        if not sell_price:
            return None
        return round((sell_price - self.offer.cost) / sell_price * 100, 2)

    @property
    def below_cost(self) -> bool:
        """Whether it has a sell price that is below its cost."""
        sell_price = self.offer.sell_price
        return not self.offer.needs_review and sell_price is not None and sell_price < self.offer.cost


@dataclass(frozen=True, slots=True)
class PricePoint:
    """What an offer cost and sold for from a run on.

    Attributes:
        sell_price: as it was when the run had been applied, overrides included.
    """

    run: int
    applied_at: datetime
    price_list: str
    revision: int
    cost: Decimal
    sell_price: Decimal | None
    discontinued: bool


def explain(connection: Connection, organization_id: UUID, sku: str, unit: str) -> Explanation | None:
    """Say why an offer of a tenant is what it is now; None if it never arrived.

    Args:
        connection: in a transaction of the operator, or of the distributor's own people.
        organization_id: the tenant.
        sku: of the offer.
        unit: of the offer.
    """
    key = {"organization_id": organization_id, "sku": sku, "unit": unit}
    row = connection.execute(_SQL["find_offer"], key).mappings().first()
    if row is None:
        return None
    seen = seen_offer(row)
    origins = {origin["part"]: _origin(origin) for origin in connection.execute(_SQL["find_origins"], key).mappings()}
    own = {setting["field"]: _own(setting) for setting in connection.execute(_SQL["find_overrides"], key).mappings()}
    return Explanation(seen.offer, seen.suspect, _columns(seen, origins, own))


def price_history(connection: Connection, organization_id: UUID, sku: str, unit: str) -> list[PricePoint]:
    """Return what an offer cost and sold for, from its arrival on, at each run that counts and changed it.

    See `explain` for the arguments; the list is empty if the offer never arrived.
    """
    key = {"organization_id": organization_id, "sku": sku, "unit": unit}
    points = [PricePoint(**row) for row in connection.execute(_SQL["list_prices"], key).mappings()]
    alike = groupby(points, key=lambda point: (point.price_list, point.cost, point.sell_price, point.discontinued))
    return [next(same) for _, same in alike]


def undone_arrival(
    connection: Connection, organization_id: UUID, sku: str, unit: str | None = None
) -> UndoneArrival | None:
    """Say how an offer that is not in a catalogue was in it before an undo; None if it never was.

    Args:
        connection: in a transaction of the operator, or of the distributor's own people.
        organization_id: the tenant.
        sku: of the offer.
        unit: of the offer; any when left out.
    """
    key = {"organization_id": organization_id, "sku": sku, "unit": unit}
    row = connection.execute(_SQL["find_undone_arrival"], key).mappings().first()
    return None if row is None else UndoneArrival(**row)


class _Column(NamedTuple):
    field: Field
    part: str
    """What the run writes at once, as find_origins names it."""
    inherited: str
    value: str


_COLUMNS: Final = (
    _Column(Field.COST, "cost", "cost", "cost"),
    _Column(Field.TIERS, "cost", "tiers", "tiers"),
    _Column(Field.SELL_PRICE, "sell_price", "inherited_sell_price", "sell_price"),
    _Column(Field.NAME, "name", "inherited_name", "name"),
    _Column(Field.DESCRIPTION, "product", "inherited_description", "description"),
    _Column(Field.CATEGORY, "category", "inherited_category", "category"),
    _Column(Field.ACTIVITY, "offer", "active", "active"),
    _Column(Field.PRODUCT_TYPE, "product", "product_type", "product_type"),
    _Column(Field.CHARGE_TYPE, "product", "charge_type", "charge_type"),
    _Column(Field.KIND, "product", "kind", "kind"),
)


def _columns(
    seen: SeenOffer, origins: Mapping[str, Origin], own: Mapping[str, OwnSetting]
) -> tuple[ColumnExplanation, ...]:
    return tuple(
        ColumnExplanation(
            column.field,
            getattr(seen.offer, column.inherited),
            origins[column.part],
            _own_of(column.field, own),
            getattr(seen.offer, column.value),
        )
        for column in _COLUMNS
    )


def _own_of(field: Field, own: Mapping[str, OwnSetting]) -> OwnSetting | None:
    return own.get(field) or (own.get(Field.MARGIN) if field is Field.SELL_PRICE else None)


def _origin(row: RowMapping) -> Origin:
    return Origin(**{name: value for name, value in row.items() if name != "part"})


def _own(row: RowMapping) -> OwnSetting:
    value = row["text"] if row["amount"] is None else row["amount"]
    return OwnSetting(value, row["field"] == Field.MARGIN, row["set_at"], row["displaced_by"])
