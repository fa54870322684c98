"""How a plan and its entries are presented, in Terraform's vocabulary. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

from twotier.cli.render.layout import GAP, Column, Line, Span, Text, column_widths, paragraph, section, table
from twotier.web.api.models import Changes, Entry, EntryKind, FieldChange, Plan, Tier, Value
from twotier.words import ARROW, NOTHING, abridged, amount, change, counted, short, with_options

SYMBOLS: Final[Mapping[EntryKind, Span]] = {
    "added": Span("+", "green"),
    "returned": Span("+", "green"),
    "changed": Span("~", "yellow"),
    "discontinued": Span("-", "red"),
    "removed": Span("-", "red"),
    "override": Span("~", "yellow"),
    "relation-added": Span("+", "green"),
    "relation-removed": Span("-", "red"),
    "relation-changed": Span("~", "yellow"),
}
FIELDS: Final = {
    "cost": "cost",
    "tiers": "tiers",
    "sell_price": "sell price",
    "name": "name",
    "description": "description",
    "activity": "activity",
    "other": "type",
}
WORDS: Final = {
    "activity": "active",
    "sellPrice": "sell price",
    "productType": "product type",
    "chargeType": "charge type",
}
MONEY: Final = frozenset({"cost", "sellPrice"})
TOLD_OF_WHAT_ARRIVES: Final = ("cost", "tiers", "sellPrice")
RELATIONS: Final = {"add-on": "add-on of", "upgrade": "upgrade to", "component": "component"}
ROOM_FOR_NAMES: Final = 120
SHARE_OF_NAMES: Final = 5
LONGEST_TEXT: Final = 40
WARNING: Final = "yellow"


def plan_report(plan: Plan, tenant: str, width: int) -> list[Line]:
    """Return what a plan would do: its target, its counts, and its warnings."""
    return [
        *paragraph(Span(f"Plan {short(plan.id)} for {tenant}: {target(plan)}", "bold"), width),
        (),
        *counts(plan.changes, width),
        (),
        *section("Warnings", _concerns(plan, width)),
        *summary(plan.changes, width),
    ]


def behind(price_list: str, why: str | None, width: int) -> list[Line]:
    """Return why the newest content of a price list leads to no plan; nothing if it does."""
    if why is None:
        return []
    told = f"The source of PriceList {price_list} is not accepted, so it leads to no plan: {abridged(why)}"
    return paragraph(Span(told, WARNING), width)


def target(plan: Plan) -> str:
    """Return what a plan leads to, in words."""
    if plan.kind == "undo":
        return f"undo to run {plan.restored_run}"
    update = with_options("update", sell_prices=plan.sell_prices, names=plan.names)
    return f"{plan.mode} {update}, to {plan.price_list}, revision {plan.revision}"


def summary(changes: Changes, width: int) -> list[Line]:
    """Return the end of a plan."""
    told = "No changes." if changes == Changes() else f"Plan: {tally(changes)}."
    return paragraph(Span(told, "bold"), width)


def tally(changes: Changes, *, done: bool = False) -> str:
    """Return the counts of an update in a line: what would be done, or what was done."""
    told = [
        (changes.added, "added" if done else "to add"),
        (changes.returned, "brought back" if done else "to bring back"),
        (changes.changed, "changed" if done else "to change"),
        (changes.discontinued, "discontinued" if done else "to discontinue"),
        (changes.removed, "removed" if done else "to remove"),
        (changes.relations, "relations changed" if done else "relations to change"),
    ]
    return ", ".join(f"{count:,} {what}" for count, what in told if count)


class EntryTable:
    """Entries as aligned lines, page by page: later pages are never narrower than earlier ones."""

    def __init__(self, width: int) -> None:
        """Lay the table out for a width; a wide one has room for names."""
        self._width = width
        self._named = width >= ROOM_FOR_NAMES
        self._least: list[int] = []

    def lines(self, entries: Sequence[Entry]) -> list[Line]:
        """Return the lines of a page."""
        rows = [self._row(entry) for entry in entries]
        self._least = column_widths(rows, self._least)
        columns = [Column("")] * len(self._least)
        return table(columns, rows, self._width, indent=GAP, least=self._least, titles=False)

    def _row(self, entry: Entry) -> list[Text]:
        symbol = SYMBOLS[entry.kind]
        name = [_shortened(entry.name, self._width // SHARE_OF_NAMES)] if self._named else []
        return [symbol, Span(entry.sku, symbol.style), entry.unit or NOTHING, *name, "; ".join(_told(entry))]


def value_words(field: str, value: Value) -> str:
    """Return a value of a field as people read it."""
    match value:
        case None | ():
            return NOTHING
        case bool():
            return "yes" if value else "no"
        case str():
            if field == "margin":
                return f"{Decimal(value):f} %"
            return amount(Decimal(value)) if field in MONEY else value
        case _:
            return ", ".join(_tier(tier) for tier in value)


def field_word(field: str) -> str:
    """Return the name of a field as people read it."""
    return WORDS.get(field, field)


def counts(changes: Changes, width: int) -> list[Line]:
    """Return the counts of an update, one below the other, with the fields that change."""
    by_field = ", ".join(
        f"{word} {getattr(changes, field):,}" for field, word in FIELDS.items() if getattr(changes, field)
    )
    told: list[tuple[EntryKind, int, str, str]] = [
        ("added", changes.added, "added", ""),
        ("returned", changes.returned, "brought back", ""),
        ("changed", changes.changed, "changed", by_field),
        ("discontinued", changes.discontinued, "discontinued", ""),
        ("removed", changes.removed, "removed: added after that run", ""),
        ("changed", changes.relations, "relations between products", ""),
    ]
    rows = [
        (SYMBOLS[kind], Span(f"{count:,}", SYMBOLS[kind].style), word, details)
        for kind, count, word, details in told
        if count
    ]
    columns = (Column(""), Column("", right=True), Column(""), Column(""))
    return table(columns, rows, width, indent=GAP, titles=False) if rows else []


def _concerns(plan: Plan, width: int) -> Iterator[Line]:
    told = (
        (plan.changes.sell_prices_displaced, "sell price override", "would be overwritten"),
        (plan.changes.names_displaced, "name override", "would be overwritten"),
        (plan.changes.sell_prices_brought_back, "sell price override", "would take effect again"),
        (plan.changes.names_brought_back, "name override", "would take effect again"),
        (plan.below_cost, "offer", "would sell below cost"),
        (plan.unpriced, "offer", "would arrive without a sell price, unpublished until the reseller sets one"),
    )
    for count, noun, what in told:
        if count:
            yield from paragraph(Span(f"{counted(count, noun)} {what}", WARNING), width, GAP, mark="! ")


def _told(entry: Entry) -> Iterator[str]:
    yield from _inherited(entry)
    yield from _own(entry)
    if entry.below_cost:
        yield "! below cost"
    if entry.unpriced:
        yield "! no sell price"


def _inherited(entry: Entry) -> Iterator[str]:
    """What changes in inherited values."""
    match entry.kind:
        case "added":
            yield _arriving(entry.fields)
        case "returned":
            yield f"back: {_arriving(entry.fields)}"
        case "discontinued" | "removed":
            yield entry.kind
        case _:
            if entry.related_sku is not None:
                yield f"{RELATIONS.get(entry.relation or '', entry.relation)} {entry.related_sku}"
            yield from (_changed(each) for each in entry.fields)


def _own(entry: Entry) -> Iterator[str]:
    """What becomes of the reseller's overrides."""
    yield from (
        f"the reseller's {field_word(each.field)} {_brief(each.field, each.old)} is overwritten"
        for each in entry.displaced
    )
    yield from (
        f"the reseller's {field_word(each.field)} {_brief(each.field, each.new)} takes effect again"
        for each in entry.brought_back
    )


def _arriving(fields: Iterable[FieldChange]) -> str:
    new = {each.field: each.new for each in fields}
    told = [f"{field_word(field)} {_brief(field, new[field])}" for field in TOLD_OF_WHAT_ARRIVES if new.get(field)]
    return ", ".join(told)


def _changed(each: FieldChange) -> str:
    words = f"{field_word(each.field)} {_brief(each.field, each.old)} {ARROW} {_brief(each.field, each.new)}"
    if each.field in MONEY and isinstance(each.old, str) and isinstance(each.new, str):
        share = change(Decimal(each.old), Decimal(each.new))
        return f"{words} ({share})" if share else words
    return words


def _brief(field: str, value: Value) -> str:
    return _shortened(value_words(field, value), LONGEST_TEXT)


def _tier(tier: Tier) -> str:
    return f"{amount(tier.price)} from {tier.minimum_quantity:f}"


def _shortened(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"
