"""The rows behind the counts: every offer and relation that a plan would change or that a run has changed.

Nothing of this is stored. It is derived from the revisions whenever somebody looks, as of the run that the plan was
made after, so that it stays readable after the tenant has moved.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final, Protocol
from uuid import UUID

from sqlalchemy import Connection, Row, RowMapping

from twotier.bss.catalogue.reads.pages import STREAMED_ROWS, Tier, tiers_of
from twotier.bss.catalogue.runs.updates import Mode, Update
from twotier.bss.sql import statements

_SQL: Final = statements(__name__)


class EntryKind(StrEnum):
    """What happens to an offer or to a relation between products."""

    ADDED = "added"
    RETURNED = "returned"
    """Discontinued before, offered again."""
    DISCONTINUED = "discontinued"
    """It keeps what it had, and is not sold any more."""
    REMOVED = "removed"
    """By an undo, of an offer that arrived later: as if it had never come."""
    CHANGED = "changed"
    OVERRIDE = "override"
    """What comes down stays the same, but an override is displaced or comes back."""
    RELATION_ADDED = "relation-added"
    RELATION_REMOVED = "relation-removed"
    RELATION_CHANGED = "relation-changed"
    """In the quantity of a bundle's component."""


class Field(StrEnum):
    """What of an offer, or of a relation, can change."""

    COST = "cost"
    TIERS = "tiers"
    SELL_PRICE = "sell_price"
    MARGIN = "margin"
    """In per cent of the sell price; the reseller's own only."""
    NAME = "name"
    DESCRIPTION = "description"
    CATEGORY = "category"
    """Of an offer that arrives; from then on it is the reseller's."""
    ACTIVITY = "activity"
    PRODUCT_TYPE = "product_type"
    CHARGE_TYPE = "charge_type"
    KIND = "kind"
    QUANTITY = "quantity"
    """Of a component in its bundle."""


Value = Decimal | str | bool | tuple[Tier, ...]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One value before and after; None where there is none."""

    field: Field
    old: Value | None
    new: Value | None


@dataclass(frozen=True, slots=True)
class EntryKey:
    """What entries are ordered by, and where a page begins: behind this one.

    Attributes:
        unit: empty for a relation.
        relation: add-on, upgrade or component; empty for an offer.
        related_sku: the other product of a relation; empty for an offer.
    """

    sku: str = ""
    unit: str = ""
    relation: str = ""
    related_sku: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """An offer that changes, or a relation between two products.

    Attributes:
        name: of the product in the list; None where no list that is looked at has it.
        changes: of an offer that is added or removed all that it has, else what changes of it. It is what comes down:
            a value of the reseller's own may hide it.
        overrides: those that an update displaces (old is the override, new what takes its place), or that an undo
            brings back (old is what stood in their place, new is the override).
        old_cost: None for an offer that is added.
        new_cost: None for an offer that is removed.
        below_cost: it is sold below its cost afterwards.
        unpriced: it arrives or returns without a sell price, and stays unpublished until the reseller prices it.
    """

    key: EntryKey
    kind: EntryKind
    name: str | None
    changes: tuple[FieldChange, ...]
    overrides: tuple[FieldChange, ...]
    old_cost: Decimal | None
    new_cost: Decimal | None
    below_cost: bool
    unpriced: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries are wanted; None where it does not matter.

    Attributes:
        field: one that changes, or whose override is displaced or brought back.
    """

    kind: EntryKind | None = None
    field: Field | None = None
    sku: str | None = None


ALL: Final = Wanted()


class Planned(Protocol):
    """A plan, stored or not."""

    @property
    def organization_id(self) -> UUID: ...
    @property
    def update(self) -> Update: ...
    @property
    def restored(self) -> int | None: ...
    @property
    def newest(self) -> int: ...
    @property
    def watermark(self) -> int: ...


class NoSuchRunError(LookupError):
    """The tenant has no run of that number."""


def plan_entries(
    connection: Connection,
    planned: Planned,
    *,
    wanted: Wanted = ALL,
    after: EntryKey = EntryKey(),
    limit: int | None = None,
) -> Iterator[Entry]:
    """Give what a plan changes or would have changed, by SKU and unit, wherever the tenant stands by now.

    Args:
        connection: in a transaction of the operator, or of the distributor's own people.
        planned: as it was planned.
        wanted: which entries.
        after: the last one of the page before.
        limit: at most so many; None for all, fetched in portions.
    """
    restored = planned.restored
    span = _Span(planned.organization_id, before=planned.newest, after=restored, overrides=planned.watermark)
    return _entries(connection, span, planned.update, planned.watermark, wanted=wanted, after=after, limit=limit)


def run_entries(
    connection: Connection,
    organization_id: UUID,
    number: int,
    *,
    wanted: Wanted = ALL,
    after: EntryKey = EntryKey(),
    limit: int | None = None,
) -> Iterator[Entry]:
    """Give what a run changed, undone or not; an undo is a run, too. See `plan_entries`.

    Raises:
        NoSuchRunError: the tenant has no such run.
    """
    parameters = {"organization_id": organization_id, "number": number}
    run = connection.execute(_SQL["find_run"], parameters).one_or_none()
    if run is None:
        raise NoSuchRunError(f"the tenant has no run {number}: look for its number in the log")
    span = _Span(organization_id, before=number - 1, after=_led_back_to(run), overrides=run.newest_override)
    mode = Mode.FULL if run.is_full else Mode.PARTIAL
    update = Update(run.price_list_id, run.revision, mode, run.sell_prices, run.names)
    return _entries(connection, span, update, run.override_watermark, wanted=wanted, after=after, limit=limit)


@dataclass(frozen=True, slots=True)
class _Span:
    """The runs between which a catalogue is compared, with the reseller's overrides as of a version.

    Attributes:
        before: the newest run before; 0 if there was none.
        after: the run whose result is there afterwards; None if that is what the update makes.
    """

    organization_id: UUID
    before: int
    after: int | None
    overrides: int


def _led_back_to(run: Row[tuple[object, ...]]) -> int | None:
    """The first run is compared with nothing: its result is all new."""
    return 1 if run.number == 1 else run.restored


def _entries(
    connection: Connection,
    span: _Span,
    update: Update,
    watermark: int,
    *,
    wanted: Wanted,
    after: EntryKey,
    limit: int | None,
) -> Iterator[Entry]:
    sql = _SQL["list_entries"]
    rows = connection.execute(
        sql if limit is not None else sql.execution_options(yield_per=STREAMED_ROWS),
        {
            "organization_id": span.organization_id,
            "before": span.before,
            "after": span.after,
            "overrides": span.overrides,
            **update.parameters(),
            "watermark": watermark,
            "only_kind": wanted.kind,
            "only_field": wanted.field,
            "only_sku": wanted.sku,
            "after_sku": after.sku,
            "after_unit": after.unit,
            "after_relation": after.relation,
            "after_related_sku": after.related_sku,
            "limit": limit,
        },
    )
    brings_back = span.after is not None
    return (_entry(row, brings_back=brings_back) for row in rows.mappings())


_OF_OFFERS: Final = (
    Field.COST,
    Field.TIERS,
    Field.SELL_PRICE,
    Field.NAME,
    Field.DESCRIPTION,
    Field.CATEGORY,
    Field.ACTIVITY,
    Field.PRODUCT_TYPE,
    Field.CHARGE_TYPE,
    Field.KIND,
)


def _entry(row: RowMapping, *, brings_back: bool) -> Entry:
    kind = EntryKind(row["kind"])
    return Entry(
        key=EntryKey(row["sku"], row["unit"], row["relation"], row["related_sku"]),
        kind=kind,
        name=row["name"],
        changes=_changes(kind, row),
        overrides=tuple(_overrides(row, brings_back=brings_back)),
        old_cost=row["old_cost"],
        new_cost=row["new_cost"],
        below_cost=row["below_cost"],
        unpriced=row["unpriced"],
    )


def _changes(kind: EntryKind, row: RowMapping) -> tuple[FieldChange, ...]:
    if row["relation"]:
        return _there([FieldChange(Field.QUANTITY, row["old_quantity"], row["new_quantity"])])
    if kind in (EntryKind.ADDED, EntryKind.REMOVED):
        return _there([_change(field, row) for field in _OF_OFFERS])
    return tuple(_change(field, row) for field in _OF_OFFERS if field in row["fields"])


def _there(changes: list[FieldChange]) -> tuple[FieldChange, ...]:
    """Leave out what has no value on either side."""
    return tuple(change for change in changes if any(value not in (None, ()) for value in (change.old, change.new)))


def _change(field: Field, row: RowMapping) -> FieldChange:
    return FieldChange(field, _value(field, row[f"old_{field}"]), _value(field, row[f"new_{field}"]))


def _value(field: Field, value: Value | None) -> Value | None:
    return tiers_of(value) if field is Field.TIERS and isinstance(value, str) else value


def _overrides(row: RowMapping, *, brings_back: bool) -> Iterator[FieldChange]:
    for field, own in (
        (Field.SELL_PRICE, row["own_sell_price"]),
        (Field.MARGIN, row["own_margin_percent"]),
        (Field.NAME, row["own_name"]),
    ):
        if own is not None:
            inherited = None if field is Field.MARGIN else row[f"{'old' if brings_back else 'new'}_{field}"]
            yield FieldChange(field, inherited, own) if brings_back else FieldChange(field, own, inherited)
