"""Formats: what is refused before any file is read."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from twotier.bss.sheets.format import Csv, Format, FormatError, JsonLines, Property, Template, mapping
from twotier.bss.sheets.presets.twotier import twotier

KEYS = {Property.SKU: "{Sku}", Property.UNIT: "month"}


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: mapping(KEYS), "does not say what price of an offer"),
        (lambda: Template.parse("{Sku"), "is not a template"),
        (lambda: Template.parse("{}"), "braces without the name of a column"),
        (lambda: Csv(delimiter=";;"), "two different characters"),
        (lambda: Csv(delimiter='"'), "two different characters"),
        (lambda: twotier(markup_percent=Decimal(-1)), "markupPercent is between 0 and 1000, not -1"),
        (
            lambda: mapping(KEYS | {Property.PRICE: "1", Property.TIERS: "{T}", Property.TIER_MINIMUM: "{M}"}),
            "name tiers, or tierMinimum and tierMaximum, not both",
        ),
    ],
    ids=[
        "a format needs a key and a price",
        "a brace that is not closed",
        "a brace with nothing in it",
        "a delimiter of two characters",
        "a delimiter that is the quote",
        "a negative markup",
        "tiers in one cell and in rows",
    ],
)
def test_a_format_that_cannot_be_is_refused(make: Callable[[], object], message: str) -> None:
    with pytest.raises(FormatError, match=message):
        make()


@pytest.mark.parametrize(
    ("text", "columns", "only"),
    [
        ("{UnitPrice}", ("UnitPrice",), "UnitPrice"),
        ("{ProductId}:{SkuId}", ("ProductId", "SkuId"), None),
        ("month", (), None),
        ("{{month}}", (), None),
        ("{ERP Price}", ("ERP Price",), "ERP Price"),
    ],
    ids=["one column", "two columns", "a constant", "doubled braces", "a name with a space"],
)
def test_a_template_knows_its_columns(text: str, columns: tuple[str, ...], only: str | None) -> None:
    template = Template.parse(text)
    assert (template.columns, template.only_column) == (columns, only)


def test_a_property_is_called_as_in_the_file() -> None:
    sheet = mapping(KEYS | {Property.PRICE: "{UnitPrice}"})
    assert [sheet.label(wanted) for wanted in (Property.SKU, Property.UNIT, Property.PRICE, Property.NAME)] == [
        "Sku",
        "month",
        "UnitPrice",
        "name",
    ]


def test_formats_that_read_differently_have_different_fingerprints() -> None:
    plain = mapping(KEYS | {Property.PRICE: "{Price}"})
    formats: list[Format] = [
        plain,
        mapping(KEYS | {Property.PRICE: "{Cost}"}),
        mapping(KEYS | {Property.PRICE: "{Price}"}, markup_percent=Decimal(10)),
        mapping(KEYS | {Property.PRICE: "{Price}"}, defaults={"Sku": "X"}),
        mapping(KEYS | {Property.PRICE: "{Price}"}, fixed_widths={"Sku": 4}),
        mapping(KEYS | {Property.PRICE: "{Price}"}, notation=Csv(";")),
        mapping(KEYS | {Property.PRICE: "{Price}"}, notation=JsonLines()),
        mapping(KEYS | {Property.PRICE: "{Price}"}, row_filter={"Market": frozenset({"DE"})}),
        mapping(KEYS | {Property.PRICE: "{Price}"}, row_filter={"Market": frozenset({"DE", "AT"})}),
        replace(plain, single=frozenset({"Market"})),
        replace(plain, filled=frozenset({"Market"})),
        twotier(),
    ]
    assert len({format_.fingerprint() for format_ in formats}) == len(formats)
    assert plain.fingerprint() == mapping(KEYS | {Property.PRICE: "{Price}"}).fingerprint()
