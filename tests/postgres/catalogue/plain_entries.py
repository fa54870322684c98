"""What changed between two plain copies, entry by entry."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, Final, NamedTuple

from tests.postgres.catalogue.plain_model import Copy, OfferKey, PlainTenant, RelationKey


class PlainEntry(NamedTuple):
    """An entry with its fields and overrides by name, each with the value before and after."""

    kind: str
    fields: dict[str, tuple[Any, Any]]
    overrides: dict[str, tuple[Any, Any]]


Entries = dict[tuple[str, str, str, str], PlainEntry]

EVERYTHING: Final[dict[str, Callable[[Copy, OfferKey], Any]]] = {
    "cost": lambda copy, key: copy.offers[key].cost,
    "tiers": lambda copy, key: copy.offers[key].tiers,
    "sell_price": lambda copy, key: copy.offers[key].sell_price,
    "name": lambda copy, key: copy.products[key.sku].now.name,
    "description": lambda copy, key: copy.products[key.sku].now.description,
    "category": lambda copy, key: copy.products[key.sku].now.category,
    "activity": lambda copy, key: copy.offers[key].active and copy.products[key.sku].now.active,
    "product_type": lambda copy, key: copy.products[key.sku].now.product_type,
    "charge_type": lambda copy, key: copy.products[key.sku].now.charge_type,
    "kind": lambda copy, key: copy.products[key.sku].now.kind,
}


def entries(plain: PlainTenant, before: Copy, after: Copy) -> Entries:
    """All that differs between two copies, and the overrides that an option displaced or an undo brought back."""
    own_before, own_after = plain.overrides(before), plain.overrides(after)
    found: Entries = dict(_relations(before, after))
    for key in before.offers.keys() | after.offers.keys():
        own = _overrides(key, own_before.get(key, {}), own_after.get(key, {}), before, after)
        entry = PlainEntry(_kind(key, before, after), _fields(key, before, after), own)
        if entry.kind != "changed" or entry.fields:
            found[(*key, "", "")] = entry
        elif own:
            found[(*key, "", "")] = entry._replace(kind="override")
    return found


def _kind(key: OfferKey, before: Copy, after: Copy) -> str:
    if key not in before.offers:
        return "added"
    if key not in after.offers:
        return "removed"
    match before.offers[key].discontinued, after.offers[key].discontinued:
        case True, False:
            return "returned"
        case False, True:
            return "discontinued"
    return "changed"


def _fields(key: OfferKey, before: Copy, after: Copy) -> dict[str, tuple[Any, Any]]:
    def value(name: str, copy: Copy) -> Any:
        return EVERYTHING[name](copy, key) if key in copy.offers else None

    values = {name: (value(name, before), value(name, after)) for name in EVERYTHING}
    if key in before.offers and key in after.offers:
        return {name: (old, new) for name, (old, new) in values.items() if old != new}
    return {name: pair for name, pair in values.items() if set(pair) - {None, ()}}


def _overrides(
    key: OfferKey,
    old: dict[str, Decimal | str | None],
    new: dict[str, Decimal | str | None],
    before: Copy,
    after: Copy,
) -> dict[str, tuple[Any, Any]]:
    def inherited(name: str, copy: Copy) -> Any:
        return None if name == "margin" else EVERYTHING[name](copy, key)

    if not old or not new:
        return {}
    displaced = {
        name: (old[name], inherited(name, after)) for name in old if old[name] is not None and new[name] is None
    }
    back = {name: (inherited(name, before), new[name]) for name in old if new[name] is not None and old[name] is None}
    return displaced | back


def _relations(before: Copy, after: Copy) -> Iterator[tuple[tuple[str, str, str, str], PlainEntry]]:
    for key in before.relations.keys() | after.relations.keys():
        old, new = before.relations.get(key), after.relations.get(key)
        fields = {} if (old, new) == (None, None) else {"quantity": (old, new)}
        kind = _relation_kind(key, before, after)
        if kind != "relation-changed" or old != new:
            yield (key.sku, "", key.kind, key.related_sku), PlainEntry(kind, fields, {})


def _relation_kind(key: RelationKey, before: Copy, after: Copy) -> str:
    if key not in before.relations:
        return "relation-added"
    return "relation-changed" if key in after.relations else "relation-removed"
