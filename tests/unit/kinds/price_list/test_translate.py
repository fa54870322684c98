"""A PriceList in the terms of the BSS: how its files are read, and what holds a revision back."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from twotier.bss.price_lists.guarding import guards as bss
from twotier.bss.sheets.format import Csv, JsonLines, Property, mapping
from twotier.bss.sheets.presets.microsoft_nce import microsoft_nce
from twotier.bss.sheets.presets.twotier import twotier
from twotier.kinds.price_list.declaration import Guards, PriceListSpec
from twotier.kinds.price_list.declaration_format import Columns
from twotier.kinds.price_list.translate import format_of, guards_of
from twotier.runtime.outcome import Stalled
from twotier.runtime.reasons import CommonReason


def price_list(**fields: Any) -> PriceListSpec:
    return PriceListSpec.model_validate({"distributor": "d", "currency": "EUR", "source": {"inline": "x"}} | fields)


COLUMNS = {"sku": "{Id}:{Sku}", "unit": "{Term}", "price": "{Price}", "recommendedSellPrice": "{Rrp}"}
DECLARED = {
    Property.SKU: "{Id}:{Sku}",
    Property.UNIT: "{Term}",
    Property.PRICE: "{Price}",
    Property.RECOMMENDED_SELL_PRICE: "{Rrp}",
}


def test_a_list_without_format_is_in_our_own() -> None:
    assert format_of(price_list()) == twotier()


def test_a_markup_goes_with_our_own_format() -> None:
    declared = price_list(format={"preset": "twotier", "markupPercent": "15"}).format.markup_percent
    assert declared is not None
    found = format_of(price_list(format={"preset": "twotier", "markupPercent": "15"}))
    assert found == twotier(markup_percent=declared)
    assert found != twotier()


def test_columns_are_read_as_they_are_declared() -> None:
    declared = price_list(
        format={
            "columns": COLUMNS,
            "defaults": {"Term": "P1M"},
            "fixedWidths": {"Sku": 4},
            "delimiter": ";",
            "quote": "'",
        }
    )
    expected = mapping(DECLARED, defaults={"Term": "P1M"}, fixed_widths={"Sku": 4}, notation=Csv(";", "'"))
    assert format_of(declared) == expected


def test_a_filter_and_the_type_go_with_every_format() -> None:
    german = {"Market": frozenset({"DE"})}
    declared = {"type": "JSONLines", "rowFilter": {"Market": ["DE"]}}
    assert format_of(price_list(format=declared)) == twotier(row_filter=german, notation=JsonLines())
    preset = format_of(price_list(format=declared | {"preset": "microsoft-nce"}))
    assert preset == microsoft_nce(row_filter=german, notation=JsonLines())
    columns = format_of(price_list(format=declared | {"columns": COLUMNS}))
    assert columns == mapping(DECLARED, row_filter=german, notation=JsonLines())


def test_every_column_that_can_be_declared_is_a_property() -> None:
    every = {field.alias or name: f"{{{name}}}" for name, field in Columns.model_fields.items() if name != "tiers"}
    assert set(format_of(price_list(format={"columns": every})).templates) == set(Property) - {Property.TIERS}


@pytest.mark.parametrize(
    ("format_", "message"),
    [
        pytest.param(
            {"columns": COLUMNS | {"sku": "{Id"}},
            "Correct spec.format: ",
            id="a template that does not end",
        ),
        pytest.param({"columns": COLUMNS | {"unit": "{}"}}, "{}", id="a template that names no column"),
        pytest.param({"columns": COLUMNS, "delimiter": '"'}, "delimiter", id="a delimiter that is the quote"),
    ],
)
def test_a_format_that_cannot_be_read_is_a_persons_matter(format_: dict[str, Any], message: str) -> None:
    with pytest.raises(Stalled) as stalled:
        format_of(price_list(format=format_))
    assert stalled.value.reason == CommonReason.INVALID_SPEC
    assert message in stalled.value.message
    assert stalled.value.message.startswith("Correct spec.format: ")


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        pytest.param(None, bss.Guards(25, 1), id="the operator's defaults"),
        pytest.param({}, bss.Guards(25, 1), id="guards that name nothing"),
        pytest.param({"maxRemovedPercent": 0, "minRows": 0}, bss.Guards(0, 0), id="zero is not left out"),
        pytest.param({"zeroPrices": "Allow"}, bss.Guards(), id="zeros are believed"),
        pytest.param({"zeroPrices": "Hold"}, bss.Guards(hold_zero_prices=True), id="zeros are not believed"),
        pytest.param(
            {"maxPriceChangePercent": "12.5", "discontinueAfter": "1d"},
            bss.Guards(max_price_change_percent=Decimal("12.5"), discontinue_after=timedelta(days=1)),
            id="everything else",
        ),
    ],
)
def test_guards_are_as_declared(declared: dict[str, Any] | None, expected: bss.Guards) -> None:
    assert guards_of(None if declared is None else Guards.model_validate(declared)) == expected
