"""Numbers, amounts and times as people read them."""

from datetime import timedelta
from decimal import Decimal

import pytest
from tests.unit.cli.showing import NOW

from twotier.words import abridged, age, amount, change, counted, duration, moment, short


@pytest.mark.parametrize(
    ("value", "words"),
    [("4.2", "4.20"), ("4", "4.00"), ("0.00001230", "0.0000123"), ("-12.5", "-12.50"), ("1E+2", "100.00")],
)
def test_an_amount_is_exact_and_has_two_decimals_at_least(value: str, words: str) -> None:
    assert amount(Decimal(value)) == words


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        pytest.param("4.20", "4.50", "+7.1 %", id="a rise"),
        pytest.param("4.20", "2.10", "-50.0 %", id="a fall"),
        pytest.param("1", "25", "+2,400 %", id="a large one has no decimals"),
        pytest.param("29999.10", "29999.25", "+<0.1 %", id="a tiny one is not told as none"),
        pytest.param("0", "4", "", id="there is no share of nothing"),
        pytest.param("4", "4.0", "", id="the same"),
    ],
)
def test_a_change_is_told_in_percent(old: str, new: str, words: str) -> None:
    assert change(Decimal(old), Decimal(new)) == words


@pytest.mark.parametrize(
    ("seconds", "words"), [(-3, "0s"), (0.4, "0s"), (59, "59s"), (60, "1m"), (7_200, "2h"), (86_400 * 40, "40d")]
)
def test_an_age_is_told_in_its_largest_unit(seconds: float, words: str) -> None:
    assert age(NOW - timedelta(seconds=seconds), NOW) == words


def test_counts_times_and_digests() -> None:
    assert (counted(1, "offer"), counted(12_000, "offer")) == ("1 offer", "12,000 offers")
    assert moment(NOW) == "2026-03-14 09:30:00 UTC"
    assert (duration(41), duration(2_750)) == ("41 ms", "2.8 s")
    assert short("sha256:" + "4be91c0d22aa" + "f" * 52) == "4be91c0d22aa"


@pytest.mark.parametrize("algorithm", ["sha256:", ""], ids=["a plan", "content"])
def test_a_message_has_the_beginnings_of_its_digests(algorithm: str) -> None:
    message = f"set it to {algorithm}4be91c0d22aa{'f' * 52} to accept exactly this content"
    assert abridged(message) == "set it to 4be91c0d22aa… to accept exactly this content"
