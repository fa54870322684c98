"""Why an offer's values are what they are, and who may change what, in words. Pure."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from typing import Final

from twotier.cli.render.layout import Column, Line, Span, Text, fields, paragraph, table
from twotier.cli.render.plan import field_word, value_words
from twotier.web.api.models import CatalogueOffer, ColumnExplanation, Explanation, Override, OwnedProperty
from twotier.words import amount, change, moment

VERDICTS: Final = {"allowed": "green", "partly": "yellow", "not allowed": "red"}
OWNERSHIP: Final = (Column("PROPERTY"), Column("OWNER"), Column("RESELLER MAY"), Column("COMMENT"))


def explanation_report(explanation: Explanation, tenant: str, currency: str, width: int) -> list[Line]:
    """Return the chain of every value of an offer: the list's file and revision, the run, the override."""
    offer = explanation.offer
    return [
        *paragraph(Span(f"{offer.name}: {offer.sku}, {offer.unit}, as {tenant} sells it", "bold"), width),
        *fields(_standing(offer, currency), width),
        (),
        *(each for columns in _alike(explanation.columns) for each in _chapter(columns, width)),
    ]


def ownership_table(properties: Sequence[OwnedProperty], width: int) -> list[Line]:
    """Return who owns each property of an inherited product, and whether the reseller may change it, area by area."""
    return [
        line
        for area, rules in groupby(properties, attrgetter("area"))
        for line in (
            *paragraph(Span(area, "bold"), width),
            *table(OWNERSHIP, [_rule(each) for each in rules], width),
            (),
        )
    ]


def _rule(rule: OwnedProperty) -> list[Text]:
    return [rule.title, rule.owner, Span(rule.verdict, VERDICTS[rule.verdict]), f"{rule.comment} {rule.instead}"]


def _standing(offer: CatalogueOffer, currency: str) -> Iterator[tuple[str, Text]]:
    yield "Cost", f"{amount(offer.cost)} {currency}"
    yield "Sells for", _selling(offer, currency)
    yield "Published", "yes" if offer.published else f"no: {_why_not(offer)}"
    if offer.suspect:
        yield "Suspect", Span("currently missing from the list's source; it is still sold", "yellow")


def _selling(offer: CatalogueOffer, currency: str) -> Text:
    if offer.sell_price is None:
        return Span("no price yet", "yellow")
    margin = change(offer.cost, offer.sell_price)
    words = f"{amount(offer.sell_price)} {currency}{f' ({margin} on the cost)' if margin else ''}"
    return Span(words, "yellow") if offer.sell_price < offer.cost else words


def _why_not(offer: CatalogueOffer) -> str:
    if offer.discontinued:
        return "the list no longer offers it"
    if not offer.active:
        return "the distributor deactivated it"
    if offer.needs_review:
        return "it came without a sell price, and the reseller has set none"
    return "the reseller hides it"


def _alike(columns: Sequence[ColumnExplanation]) -> list[list[ColumnExplanation]]:
    """Group columns with the same way from the list into the catalogue; an overridden one stands alone."""
    groups: dict[object, list[ColumnExplanation]] = {}
    for column in filter(_says_something, columns):
        way = (column.price_list, column.revision, column.since_revision, column.source, column.run)
        groups.setdefault(way if column.own is None else column.field, []).append(column)
    return list(groups.values())


def _says_something(column: ColumnExplanation) -> bool:
    return column.own is not None or column.value not in {None, ()}


def _chapter(columns: Sequence[ColumnExplanation], width: int) -> Iterator[Line]:
    for column in columns:
        yield from paragraph(Span(f"{_called(column)}: {value_words(column.field, column.value)}", "bold"), width)
    yield from fields(_chain(columns[0]), width)
    yield ()


def _called(column: ColumnExplanation) -> str:
    return field_word(column.field).capitalize()


def _chain(column: ColumnExplanation) -> Iterator[tuple[str, Text]]:
    yield "List", _list(column)
    yield "File", _file(column)
    yield "Run", "" if column.run is None else f"{column.run}{_at(column)}"
    if column.own is not None:
        yield "Inherited", value_words(column.field, column.inherited)
        yield "Override", _own(column, column.own)
        yield "In force", "the override" if column.owner == "reseller" else "the inherited value"


def _list(column: ColumnExplanation) -> str:
    if column.price_list is None:
        return ""
    unchanged = column.since_revision not in {None, column.revision}
    since = f", unchanged since revision {column.since_revision}" if unchanged else ""
    return f"{column.price_list}, revision {column.revision}{since}"


def _file(column: ColumnExplanation) -> str:
    if column.source is None:
        return ""
    return column.source if column.imported_at is None else f"{column.source}, imported {moment(column.imported_at)}"


def _at(column: ColumnExplanation) -> str:
    return "" if column.run_at is None else f", applied {moment(column.run_at)}"


def _own(column: ColumnExplanation, own: Override) -> str:
    value = f"a margin of {Decimal(str(own.value)):f} %" if own.is_margin else value_words(column.field, own.value)
    when = "" if own.set_at is None else f", set {moment(own.set_at)}"
    lost = "" if own.displaced_by is None else f", overwritten by run {own.displaced_by}"
    return f"{value}{when}{lost}"
