"""What a value of the reseller's own may look like."""

from decimal import Decimal

import pytest

from twotier.bss.reseller.values import (
    InvalidValueError,
    checked_amount,
    checked_image,
    checked_margin,
    checked_text,
    parsed,
)


@pytest.mark.parametrize(
    "amount",
    [
        pytest.param("0", id="a gift"),
        pytest.param("9.50", id="as it is written, with its zeros"),
        pytest.param("0.000000000000000001", id="eighteen decimals"),
        pytest.param("999999999999.999999999999999999", id="twelve digits before the point"),
    ],
)
def test_a_sell_price_may_be(amount: str) -> None:
    assert str(checked_amount("sell price", Decimal(amount))) == str(Decimal(amount))


@pytest.mark.parametrize(
    ("amount", "message"),
    [
        pytest.param("-0.01", "the sell price -0.01 is negative", id="less than nothing"),
        pytest.param("1.0000000000000000001", "has 19 decimals: at most 18", id="finer than eighteen decimals"),
        pytest.param("1000000000000", "at most 12 digits before", id="too large"),
        pytest.param("NaN", "the sell price NaN is not a number", id="not a number"),
        pytest.param("Infinity", "the sell price Infinity is not a number", id="without an end"),
    ],
)
def test_a_sell_price_may_not_be(amount: str, message: str) -> None:
    with pytest.raises(InvalidValueError, match=message):
        checked_amount("sell price", Decimal(amount))


@pytest.mark.parametrize("percent", ["0", "99.999", "-10"], ids=["none", "nearly all", "negative: below cost"])
def test_a_margin_may_be(percent: str) -> None:
    assert checked_margin(Decimal(percent)) == Decimal(percent)


@pytest.mark.parametrize(
    ("percent", "message"),
    [
        pytest.param("100", "100 % is not below 100 %", id="all of the sell price"),
        pytest.param("250", "250 % is not below 100 %", id="more than the sell price"),
        pytest.param("-1000000000000", "too low", id="absurdly negative"),
        pytest.param("1.1234567890123456789", "has 19 decimals", id="finer than eighteen decimals"),
        pytest.param("NaN", "is not a number", id="not a number"),
    ],
)
def test_a_margin_may_not_be(percent: str, message: str) -> None:
    with pytest.raises(InvalidValueError, match=message):
        checked_margin(Decimal(percent))


@pytest.mark.parametrize(
    ("label", "value", "kept"),
    [
        pytest.param("name", " Cloud backup ", "Cloud backup", id="without the blanks around it"),
        pytest.param("name", "n" * 300, "n" * 300, id="as long as a list's"),
        pytest.param("description", "one\ntwo", "one\ntwo", id="a description of two lines"),
    ],
)
def test_a_text_is_kept(label: str, value: str, kept: str) -> None:
    assert checked_text(label, value) == kept


@pytest.mark.parametrize(
    ("label", "value", "message"),
    [
        pytest.param("name", "", "the name is empty", id="empty"),
        pytest.param("name", " \t ", "the name is empty", id="blank"),
        pytest.param("name", "n" * 301, r"'nnn.*…' has 301 characters: at most 300", id="longer than a list's"),
        pytest.param("name", "one\ntwo", "control character", id="a name of two lines"),
        pytest.param("category", "a\x00b", "control character", id="a character that PostgreSQL refuses"),
        pytest.param("name", "a\ud800", "control character", id="half of a character"),
    ],
)
def test_a_text_is_refused(label: str, value: str, message: str) -> None:
    with pytest.raises(InvalidValueError, match=message):
        checked_text(label, value)


def test_an_image_is_an_address_that_a_storefront_can_show() -> None:
    assert checked_image(" https://cdn.example.com/a.png ") == "https://cdn.example.com/a.png"


@pytest.mark.parametrize(
    "value",
    ["http://example.com/a.png", "javascript:alert(1)", "a.png", "https://", "https://[", "https://a b/c.png"],
)
def test_an_image_is_not(value: str) -> None:
    with pytest.raises(InvalidValueError, match="not an address that a storefront can show"):
        checked_image(value)


def test_a_number_is_read_exactly() -> None:
    assert str(parsed("sell price", " 9.50 ")) == "9.50"


@pytest.mark.parametrize("value", ["", "9,50", "ten", "€9"])
def test_a_text_that_is_no_number_is_refused(value: str) -> None:
    with pytest.raises(InvalidValueError, match=r"the sell price .* is not a number: write digits"):
        parsed("sell price", value)
