"""The made-up sheet has the shape of the real one."""

import csv
import io
from collections.abc import Sequence
from decimal import Decimal

import pytest

from twotier.dev.datasets.microsoft_nce import ALWAYS, FOR_EVER, HEADER, MARKETS, Sheet, Trap


def rows(sheet: Sheet) -> Sequence[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(sheet.to_csv().decode("utf-8-sig"), newline="")))


def key(row: dict[str, str]) -> tuple[str, ...]:
    return tuple(row[column] for column in ("ProductId", "SkuId", "TermDuration", "BillingPlan", "PricingTierRangeMin"))


def test_a_market_has_the_size_and_the_oddities_of_a_real_one() -> None:
    sheet = rows(Sheet())
    assert (len(HEADER), len(sheet), len({row["ProductId"] for row in sheet})) == (21, 4370, 235)
    assert len({(row["ProductId"], row["SkuId"]) for row in sheet}) == 1393
    assert len({key(row) for row in sheet}) == 4370
    assert sum(Decimal(row["UnitPrice"]) == 0 for row in sheet) == 274
    assert {(row["EffectiveStartDate"], row["EffectiveEndDate"]) for row in sheet} == {(ALWAYS, FOR_EVER)}
    assert {row["UnitOfMeasure"] for row in sheet} == {""}
    assert {row["BillingPlan"] for row in sheet} == {"Monthly", "Annual", "Triennial", "None"}
    for row in sheet:
        cost, recommended = Decimal(row["UnitPrice"]), Decimal(row["ERP Price"])
        assert cost * Decimal("1.09") <= recommended <= cost * Decimal("1.31")


def test_a_sheet_begins_with_a_byte_order_mark_and_has_text_beyond_ascii() -> None:
    content = Sheet().to_csv()
    assert content.startswith(b"\xef\xbb\xbfProductTitle,")
    assert not content[3:].isascii()


def test_all_markets_have_some_600_000_rows() -> None:
    assert 590_000 < len(MARKETS) * 4370 < 610_000


def test_the_same_sheet_has_the_same_bytes_in_pieces_or_as_a_whole() -> None:
    sheet = Sheet(markets=("AT", "US"), edition=3, traps=frozenset(Trap))
    assert b"".join(sheet.chunks()) == sheet.to_csv() == Sheet(("AT", "US"), 3, frozenset(Trap)).to_csv()


def test_each_market_has_its_currency_and_its_prices() -> None:
    both = rows(Sheet(markets=("AT", "US")))
    assert {(row["Market"], row["Currency"]) for row in both} == {("AT", "EUR"), ("US", "USD")}
    assert {row["Currency"] for row in rows(Sheet(markets=("AT", "US"), currency="USD"))} == {"USD"}


def test_the_next_edition_says_what_is_new_and_what_changed_and_nothing_of_what_is_gone() -> None:
    old = {key(row): row for row in rows(Sheet())}
    new = {key(row): row for row in rows(Sheet(edition=2))}
    assert {each for each, row in new.items() if row["ChangeIndicator"] == "Add"} == new.keys() - old.keys()
    changed = {each for each in new.keys() & old.keys() if new[each]["UnitPrice"] != old[each]["UnitPrice"]}
    assert {each for each, row in new.items() if row["ChangeIndicator"] == "Change"} == changed
    assert old.keys() - new.keys()
    for each in changed:
        if not new[each]["PricingTierRangeMin"]:
            assert new[each]["PreviousValues"].startswith(f"{{'UnitPrice': '{old[each]['UnitPrice']}'")


@pytest.mark.parametrize(
    ("trap", "column", "spoilt"),
    [
        pytest.param(Trap.LOST_ZEROS, "SkuId", range(2150, 2200), id="half of the keys have lost their zeros"),
        pytest.param(Trap.WRONG_FLAGS, "ChangeIndicator", range(50, 150), id="one flag in fifty is wrong"),
    ],
)
def test_a_trap_spoils_a_column(trap: Trap, column: str, spoilt: range) -> None:
    sound, wrong = rows(Sheet(edition=2)), rows(Sheet(edition=2, traps=frozenset({trap})))
    assert sum(one[column] != other[column] for one, other in zip(sound, wrong, strict=True)) in spoilt


def test_prices_that_come_later_stand_in_rows_of_their_own() -> None:
    upcoming = rows(Sheet(traps=frozenset({Trap.UPCOMING_PRICES})))
    assert len(upcoming) > 4370
    assert sum(row["EffectiveStartDate"] != ALWAYS for row in upcoming) == len(upcoming) - 4370
