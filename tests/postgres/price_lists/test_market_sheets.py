"""Sheets with the shape of Microsoft's license-based price list: each of its traps, through a real import."""

import csv
import gzip
import io
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Row
from tests.postgres.price_lists.conftest import Imported

from twotier.bss.database import Database
from twotier.bss.price_lists.checking import CheckReport, check_price_list
from twotier.bss.price_lists.guarding.vendor_flags import FlagAudit, WrongFlag
from twotier.bss.price_lists.importing import import_price_list
from twotier.bss.price_lists.revisions import Differences
from twotier.bss.sheets.faults import PriceListRefused, RefusalReason
from twotier.bss.sheets.format import Format, JsonLines
from twotier.bss.sheets.parsing import Part
from twotier.bss.sheets.presets.microsoft_nce import microsoft_nce
from twotier.bss.sheets.presets.twotier import twotier
from twotier.dev.datasets.microsoft_nce import Sheet, Trap

NOW = datetime(2026, 8, 1, 12, tzinfo=UTC)
NEXT = datetime(2026, 10, 1, tzinfo=UTC)
DOLLARS = Sheet(currency="USD")

Import = Callable[..., Imported]
Read = Callable[[int], Sequence[Row[Any]]]
Audit = Callable[..., FlagAudit | None]
Offers = Mapping[tuple[str, str], tuple[Any, ...]]


@pytest.fixture
def audited(operator_database: Database, price_list: int) -> Audit:
    """Import a sheet and return what became of its flags."""

    def run(content: bytes, format_: Format | None = None) -> FlagAudit | None:
        with operator_database.transaction() as connection:
            parts = [Part("sheet.csv", content)]
            return import_price_list(connection, price_list, parts, format_ or microsoft_nce(), now=NOW).flags

    return run


def _records(sheet: Sheet) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(sheet.to_csv().decode("utf-8-sig"), newline="")))


def _expected(sheet: Sheet, **only: str) -> Offers:
    """What the sheet says, read by plain means: the first row of an offer is its lowest range."""
    offers: dict[tuple[str, str], tuple[Any, ...]] = {}
    for record in _records(sheet):
        if all(record[column] == value for column, value in only.items()):
            key = f"{record['ProductId']}:{record['SkuId']}", f"{record['TermDuration']}/{record['BillingPlan']}"
            price, minimum = Decimal(record["UnitPrice"]), record["PricingTierRangeMin"]
            if key not in offers:
                offers[key] = (
                    price,
                    Decimal(record["ERP Price"]),
                    record["SkuTitle"],
                    record["SkuDescription"],
                    record["ProductTitle"],
                    (),
                )
            else:
                *base, tiers = offers[key]
                offers[key] = (*base, (*tiers, f"({minimum},{price.normalize():f})"))
    return offers


def _found(rows: Sequence[Row[Any]]) -> Offers:
    return {
        (row.sku, row.unit): (
            row.price,
            row.recommended_sell_price,
            row.name,
            row.description,
            row.category,
            tuple(tier.strip('"') for tier in row.tiers.strip("{}").split('","')) if row.tiers != "{}" else (),
        )
        for row in rows
    }


@pytest.mark.parametrize("write", [bytes, gzip.compress], ids=["plain", "compressed"])
def test_a_sheet_of_one_market_is_read_as_it_stands(
    write: Callable[[bytes], bytes], imported: Import, read_back: Read
) -> None:
    result = imported(write(DOLLARS.to_csv()), format_=microsoft_nce())
    assert (result.head.offers, result.head.products) == (4334, 1393)
    assert _found(read_back(1)) == _expected(DOLLARS)


def test_a_sheet_in_json_lines_is_the_same_list(imported: Import) -> None:
    imported(DOLLARS.to_csv(), format_=microsoft_nce())
    lines = "\n".join(json.dumps(record) for record in _records(DOLLARS)).encode()
    assert not imported(lines, format_=microsoft_nce(notation=JsonLines())).changed


def test_the_next_sheet_differs_as_its_flags_say(imported: Import) -> None:
    imported(DOLLARS.to_csv(), format_=microsoft_nce())
    second = Sheet(edition=2, currency="USD")
    result = imported(second.to_csv(), format_=microsoft_nce())
    old, new = _expected(DOLLARS), _expected(second)
    repriced = sum(old[key][0] != new[key][0] for key in old.keys() & new.keys())
    assert repriced > 100
    assert result.head.differences == Differences(
        len(new.keys() - old.keys()), len(old.keys() - new.keys()), repriced, 0
    )


def test_flags_that_fit_are_counted(imported: Import, audited: Audit) -> None:
    imported(DOLLARS.to_csv(), format_=microsoft_nce())
    second = Sheet(edition=2, currency="USD")
    assert audited(second.to_csv()) == FlagAudit(len(_expected(second)), 0, ())


def test_flags_that_do_not_fit_are_counted_and_shown(imported: Import, audited: Audit) -> None:
    imported(DOLLARS.to_csv(), format_=microsoft_nce())
    wrong = Sheet(edition=2, currency="USD", traps=frozenset({Trap.WRONG_FLAGS}))
    flags = audited(wrong.to_csv())
    right = {_key(record): record["ChangeIndicator"] for record in _records(Sheet(edition=2, currency="USD"))}
    told = {_key(record): record["ChangeIndicator"] for record in _records(wrong)}
    differing = sorted(key for key in right if right[key] != told[key])
    words = {"Add": "added", "Change": "changed", "Unchanged": "unchanged"}
    assert flags is not None
    assert flags.count == len(differing) > 20
    assert [(each.sku, each.unit, each.flag, each.found) for each in flags.examples] == [
        (*key, told[key], words[right[key]]) for key in differing[:20]
    ]


def _key(record: Mapping[str, str]) -> tuple[str, str]:
    return f"{record['ProductId']}:{record['SkuId']}", f"{record['TermDuration']}/{record['BillingPlan']}"


def test_lost_zeros_are_refused_with_their_lines(imported: Import) -> None:
    with pytest.raises(PriceListRefused) as refused:
        imported(Sheet(currency="USD", traps=frozenset({Trap.LOST_ZEROS})).to_csv(), format_=microsoft_nce())
    assert refused.value.reason is RefusalReason.LOST_LEADING_ZEROS
    assert refused.value.total == 2185
    assert str(refused.value).splitlines()[0] == (
        'line 3: SkuId "1" has 1 characters, but the format says 4: a spreadsheet may have taken leading zeros away'
    )


def test_previous_prices_are_compared_with_the_head(imported: Import, audited: Audit) -> None:
    header = (
        "ProductId,SkuId,TermDuration,BillingPlan,UnitPrice,ERP Price,Currency,SkuTitle,SkuDescription,ProductTitle,"
        "PricingTierRangeMin,PricingTierRangeMax,EffectiveStartDate,EffectiveEndDate,Market,ChangeIndicator,"
        "PreviousValues\n"
    )
    row = 'P,{},P1M,Monthly,{},9,USD,Title,Text,Title,,,,,DE,{},"{}"\n'
    imported(
        (header + "".join(row.format(sku, 5, "Add", "") for sku in ("0001", "0002", "0003"))).encode(),
        format_=microsoft_nce(),
    )
    changed = [
        row.format("0001", 6, "Change", "{'UnitPrice': '5.00', 'ERP Price': '9'}"),
        row.format("0002", 6, "Change", '{""UnitPrice"": 4.5}'),
        row.format("0003", 6, "Change", "no dictionary"),
    ]
    assert audited((header + "".join(changed)).encode()) == FlagAudit(
        3, 1, (WrongFlag("P:0002", "P1M/Monthly", "previous price 4.5", "previous price 5"),)
    )


def test_a_list_without_flags_has_no_audit(audited: Audit) -> None:
    assert audited(b"sku,unit,price\nA,month,1\n", twotier()) is None


def test_of_a_sheet_of_several_markets_one_must_be_chosen(imported: Import, read_back: Read) -> None:
    sheet = Sheet(markets=("DE", "US", "FR"), currency="USD")
    with pytest.raises(PriceListRefused) as refused:
        imported(sheet.to_csv(), format_=microsoft_nce())
    assert refused.value.reason is RefusalReason.MIXED_ROWS
    assert str(refused.value) == (
        'line 4372: Market is "US", and "DE" in the rows before: a price list is of one; choose it with rowFilter, '
        "such as Market: [DE]"
    )
    chosen = microsoft_nce(row_filter={"Market": frozenset({"US"})})
    imported(sheet.to_csv(), format_=chosen)
    assert _found(read_back(1)) == _expected(sheet, Market="US")


def test_what_is_filtered_out_is_counted_and_not_judged(operator_database: Database) -> None:
    sheet = Sheet(markets=("DE", "US", "FR"), traps=frozenset({Trap.UPCOMING_PRICES}))
    spoilt = sheet.to_csv().replace(b",DE,EUR,", b",DE,nonsense,")
    chosen = microsoft_nce(row_filter={"Market": frozenset({"US"})})
    with operator_database.transaction() as connection:
        report = check_price_list(connection, [Part("sheet.csv", spoilt)], chosen, "USD", NOW)
    upcoming = sum(record["EffectiveStartDate"].startswith("2026") for record in _records(sheet)) // 3
    assert report == CheckReport(
        rows=3 * (4370 + upcoming),
        filtered_out=2 * (4370 + upcoming),
        not_valid=upcoming,
        repeated=0,
        offers=4334,
        products=1393,
        with_tiers=18,
        zero_prices=274,
        unpriced=274,
        next_boundary=NEXT,
    )


def test_prices_change_at_their_time_and_not_with_the_file(operator_database: Database, price_list: int) -> None:
    sheet = Sheet(currency="USD", traps=frozenset({Trap.UPCOMING_PRICES}))
    parts = [Part("sheet.csv", sheet.to_csv())]
    upcoming = {_key(record) for record in _records(sheet) if record["EffectiveStartDate"].startswith("2026")}
    free = {key for key, offer in _expected(sheet).items() if offer[0] == 0}
    boundaries = []
    for now in (NOW, NEXT - timedelta(microseconds=1), NEXT):
        with operator_database.transaction() as connection:
            result = import_price_list(connection, price_list, parts, microsoft_nce(), now=now)
        boundaries.append((result.next_boundary, result.changed))
    assert boundaries == [(NEXT, True), (NEXT, False), (None, True)]
    assert result.head is not None
    assert result.head.differences == Differences(0, 0, len(upcoming - free), 0)
