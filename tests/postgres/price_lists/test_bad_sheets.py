"""Files in JSON Lines, and sheets of others, that must be refused: what their author is told."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from twotier.bss.database import Database
from twotier.bss.price_lists.checking import check_price_list
from twotier.bss.sheets.faults import PriceListRefused, RefusalReason
from twotier.bss.sheets.format import Format, JsonLines, Property, mapping
from twotier.bss.sheets.parsing import Part
from twotier.bss.sheets.presets.microsoft_nce import microsoft_nce
from twotier.bss.sheets.presets.twotier import twotier
from twotier.limits import Limits

BAD = Path(__file__).parents[2] / "data" / "bad"
NOW = datetime(2026, 8, 2, tzinfo=UTC)
JSON_LINES = twotier(notation=JsonLines())

SHEET = replace(
    mapping(
        {
            Property.SKU: "{Sku}",
            Property.UNIT: "month",
            Property.PRICE: "{Price}",
            Property.TIER_MINIMUM: "{Min}",
            Property.TIER_MAXIMUM: "{Max}",
            Property.VALID_FROM: "{From}",
            Property.VALID_UNTIL: "{Until}",
        }
    ),
    single=frozenset({"Market"}),
)
FIXED = mapping({Property.SKU: "{SkuId}", Property.UNIT: "month", Property.PRICE: "{Price}"}, fixed_widths={"SkuId": 4})

MICROSOFT = microsoft_nce()
CHOSEN = replace(SHEET, row_filter={"Market": frozenset({"DE", "CH"})})

FILES: Mapping[str, tuple[Format, RefusalReason, list[str]]] = {
    "json-lines/web-page.jsonl": (
        JSON_LINES,
        RefusalReason.NOT_JSON_LINES,
        ["web-page.jsonl is a web page or XML, not JSON Lines: the address may have answered with a sign-in page"],
    ),
    "json-lines/csv.jsonl": (
        JSON_LINES,
        RefusalReason.NOT_JSON_LINES,
        ['csv.jsonl begins with "sku,unit,price", and not with a JSON object: is the type CSV?'],
    ),
    "json-lines/list.jsonl": (
        JSON_LINES,
        RefusalReason.NOT_JSON_LINES,
        ["list.jsonl is one JSON list, not JSON Lines: write each object on a line of its own"],
    ),
    "json-lines/several-lines.jsonl": (
        JSON_LINES,
        RefusalReason.NOT_JSON_LINES,
        ["several-lines.jsonl is JSON over several lines, and in JSON Lines each object has one line"],
    ),
    "json-lines/spreadsheet.jsonl": (
        JSON_LINES,
        RefusalReason.NOT_JSON_LINES,
        ["spreadsheet.jsonl is a spreadsheet or a zip archive, not JSON Lines: export it as JSON Lines"],
    ),
    "json-lines/empty.jsonl": (JSON_LINES, RefusalReason.EMPTY_FILE, ["empty.jsonl is empty"]),
    "json-lines/blank.jsonl": (JSON_LINES, RefusalReason.EMPTY_FILE, ["blank.jsonl is empty"]),
    "json-lines/utf-16.jsonl": (
        JSON_LINES,
        RefusalReason.WRONG_ENCODING,
        ["utf-16.jsonl is encoded as UTF-16: save it as UTF-8"],
    ),
    "json-lines/latin-1.jsonl": (
        JSON_LINES,
        RefusalReason.WRONG_ENCODING,
        ["line 2: byte 0xC9 is not UTF-8: save the file as UTF-8"],
    ),
    "json-lines/truncated.jsonl.gz": (
        JSON_LINES,
        RefusalReason.BROKEN_GZIP,
        ["truncated.jsonl.gz is a gzip file that ends too early: it was not transferred as a whole"],
    ),
    "json-lines/cut-off.jsonl": (
        JSON_LINES,
        RefusalReason.BROKEN_JSON,
        ["line 2: is not JSON from character 27 on"],
    ),
    "json-lines/missing-key.jsonl": (
        JSON_LINES,
        RefusalReason.WRONG_COLUMNS,
        ['missing-key.jsonl has no key "price"; its first object has "sku", "unit", "cost"'],
    ),
    "json-lines/misspelt-key.jsonl": (
        JSON_LINES,
        RefusalReason.WRONG_COLUMNS,
        ['line 2: has "curency", which the format does not know: is it misspelt?'],
    ),
    "json-lines/key-in-no-line.jsonl": (
        replace(CHOSEN, notation=JsonLines()),
        RefusalReason.WRONG_COLUMNS,
        ['key-in-no-line.jsonl has no key "From", "Max", "Min", "Until"; no object has it'],
    ),
    "json-lines/lines.jsonl": (
        JSON_LINES,
        RefusalReason.BROKEN_JSON,
        [
            "line 2: is not JSON from character 2 on",
            "line 3: is a list, and no object with the values of a row",
            "line 4: is a single value, and no object with the values of a row",
            "line 5: is null, and no object with the values of a row",
            'line 6: has "price" more than once',
            "line 7: price is an object, and not a single value",
            "line 8: name is a list, and not a single value",
            "line 9: name has \\ud83d in it, which is half of a character",
            "line 10: is not JSON from character 43 on",
            "line 11: is not a row: its values are nested too deeply",
            'line 12: name "a�b" has a line break or another control character in it',
        ],
    ),
    "json-lines/values.jsonl": (
        JSON_LINES,
        RefusalReason.INVALID_PRICE,
        [
            'line 1: price "12,50" is not a number',
            'line 2: price "NaN" is not a number',
            'line 3: price "-Infinity" is not a number',
            'line 4: price "1e400" is out of range: a price has at most 12 digits before the decimal point',
            'line 5: price "-3" is negative',
            'line 6: price "0.1234567890123456789" has more than 18 decimals',
            'line 7: price "true" is not a number',
            "line 8: price is empty",
            "line 9: price is empty",
            'line 10: currency "EUR" is not the currency of the price list',
            "line 11: sku is empty",
        ],
    ),
    "json-lines/duplicate.jsonl": (
        JSON_LINES,
        RefusalReason.DUPLICATE_KEY,
        ['line 3: the offer "OFFICE month" stands already on line 1, where its price is 10 instead of 12'],
    ),
    "sheets/no-such-market.csv": (
        CHOSEN,
        RefusalReason.NO_ROWS_LEFT,
        [
            'no-such-market.csv has no row with Market "CH" or "DE", which the row filter asks for; it has Market "AT" '
            'or "FR"'
        ],
    ),
    "sheets/no-market-column.csv": (
        CHOSEN,
        RefusalReason.WRONG_COLUMNS,
        ['no-market-column.csv has no column "Market"; its columns are "Sku", "Price", "Min", "Max", "From", "Until"'],
    ),
    "sheets/several-markets.csv": (
        SHEET,
        RefusalReason.MIXED_ROWS,
        [
            'line 4: Market is "AT", and "DE" in the rows before: a price list is of one; choose it with rowFilter, '
            "such as Market: [DE]"
        ],
    ),
    "sheets/not-valid-yet.csv": (
        SHEET,
        RefusalReason.NO_ROWS_LEFT,
        [
            "not-valid-yet.csv has no row that is valid now (2026-08-02T00:00Z); the next one is from "
            "2026-09-15T00:00Z on"
        ],
    ),
    "sheets/expired.csv": (
        SHEET,
        RefusalReason.NO_ROWS_LEFT,
        ["expired.csv has no row that is valid now (2026-08-02T00:00Z)"],
    ),
    "sheets/moments.csv": (
        SHEET,
        RefusalReason.INVALID_VALUE,
        [
            'line 2: From "1/1/1753 12:00:00 AM" is not a moment such as 2026-09-01 or 2026-09-01T00:00:00Z',
            'line 3: From "2026-02-30" is not a moment: there is no such day, or no such time of a day',
            'line 4: Until "30.11.9999" is not a moment such as 2026-09-01 or 2026-09-01T00:00:00Z',
            'line 5: Until "2026-07-01" is before the start of the validity, 2026-08-01',
            'line 6: From "20260801" is not a moment such as 2026-09-01 or 2026-09-01T00:00:00Z',
            'line 7: From "2026-08-01T25:00:00Z" is not a moment: there is no such day, or no such time of a day',
        ],
    ),
    "sheets/two-prices-at-once.csv": (
        SHEET,
        RefusalReason.DUPLICATE_KEY,
        ['line 3: the offer "OFFICE month" stands already on line 2, where its price is 10 instead of 12'],
    ),
    "sheets/tiers-with-a-gap.csv": (
        SHEET,
        RefusalReason.INVALID_VALUE,
        ['line 3: Min "200" does not follow the range before it: the one on line 2 ends at 99'],
    ),
    "sheets/tiers-that-overlap.csv": (
        SHEET,
        RefusalReason.INVALID_VALUE,
        ['line 2: Min "50" does not follow the range before it: the one on line 3 ends at 99'],
    ),
    "sheets/tiers-of-one-range.csv": (
        SHEET,
        RefusalReason.DUPLICATE_KEY,
        ['line 4: the offer "OFFICE month" stands already on line 3, where its price is 9 instead of 8'],
    ),
    "sheets/tiers-of-no-quantity.csv": (
        SHEET,
        RefusalReason.INVALID_VALUE,
        [
            'line 2: Min "one" is not a quantity',
            'line 3: Max "many" is not a quantity',
            'line 4: Min "-5" is not a quantity',
        ],
    ),
    "sheets/lost-zeros.csv": (
        FIXED,
        RefusalReason.LOST_LEADING_ZEROS,
        [
            'line 3: SkuId "6" has 1 characters, but the format says 4: '
            "a spreadsheet may have taken leading zeros away",
            'line 4: SkuId "00007" has 5 characters, but the format says 4',
        ],
    ),
    "sheets/microsoft-columns.csv": (
        MICROSOFT,
        RefusalReason.WRONG_COLUMNS,
        [
            'microsoft-columns.csv has no column "Market", "ERP Price", "SkuTitle", "SkuDescription", "ProductTitle", '
            '"PricingTierRangeMin", "PricingTierRangeMax", "EffectiveStartDate", "EffectiveEndDate", "ChangeIndicator"'
            '; its columns are "ProductId", "SkuId", "TermDuration", "BillingPlan", "UnitPrice", "Currency"'
        ],
    ),
    "sheets/microsoft-rows.csv": (
        MICROSOFT,
        RefusalReason.LOST_LEADING_ZEROS,
        [
            'line 3: SkuId "2" has 1 characters, but the format says 4: '
            "a spreadsheet may have taken leading zeros away",
            "line 4: ProductId is empty",
            "line 5: TermDuration is empty",
            'line 6: Currency "EUR" is not the currency of the price list',
            'line 7: UnitPrice "1,050.00" is not a number',
        ],
    ),
}


def test_each_bad_file_has_its_message() -> None:
    found = {
        f"{path.parent.name}/{path.name}" for folder in ("json-lines", "sheets") for path in (BAD / folder).iterdir()
    }
    assert found == FILES.keys()


@pytest.mark.parametrize("name", FILES)
def test_a_bad_file_is_refused_with_its_faults(name: str, operator_database: Database) -> None:
    format_, reason, message = FILES[name]
    part = Part(Path(name).name, (BAD / name).read_bytes())
    with pytest.raises(PriceListRefused) as refused, operator_database.transaction() as connection:
        check_price_list(connection, [part], format_, "USD", NOW)
    assert str(refused.value) == "\n".join(message)
    assert refused.value.reason is reason


def test_a_line_of_json_without_end_is_refused_before_it_fills_the_memory(operator_database: Database) -> None:
    endless = Part("endless.jsonl", b'{"sku": "' + b"0" * (2 << 20))
    with (
        pytest.raises(PriceListRefused, match="has a line longer than 262144 bytes, so it is not a price list in JSON"),
        operator_database.transaction() as connection,
    ):
        check_price_list(connection, [endless], JSON_LINES, "USD", NOW, limits=Limits())


def test_a_sheet_that_is_filtered_out_is_no_fault_beside_one_that_is_not(operator_database: Database) -> None:
    header = b"Sku,Market,Price,Min,Max,From,Until\n"
    parts = [Part("at.csv", header + b"OFFICE,AT,free,,,,\n"), Part("de.csv", header + b"OFFICE,DE,10,,,,\n")]
    with operator_database.transaction() as connection:
        report = check_price_list(connection, parts, CHOSEN, "USD", NOW)
    assert (report.rows, report.filtered_out, report.offers) == (2, 1, 1)
