"""Files that must be refused: what their author is told, and that nothing changes."""

import gzip
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Row
from tests.postgres.price_lists.conftest import Imported

from twotier.bss.database import Database
from twotier.bss.price_lists.importing import import_price_list
from twotier.bss.price_lists.revisions import head
from twotier.bss.sheets.faults import PriceListRefused, RefusalReason
from twotier.bss.sheets.format import Property, mapping
from twotier.bss.sheets.parsing import Part
from twotier.bss.sheets.presets.twotier import twotier
from twotier.limits import Limits

BAD = Path(__file__).parents[2] / "data" / "bad"
NOW = datetime(2026, 8, 2, tzinfo=UTC)
GOOD = b"sku,unit,price,name\nOFFICE,month,10.50,Office\n"

Import = Callable[..., Imported]
Read = Callable[[int], Sequence[Row[Any]]]

REFUSED = {
    "web-page.csv": (
        RefusalReason.NOT_CSV,
        ["web-page.csv is a web page or XML, not CSV: the address may have answered with a sign-in page"],
    ),
    "json.csv": (
        RefusalReason.NOT_CSV,
        ["json.csv is JSON, not CSV: if each of its lines is an object, declare type: JSONLines"],
    ),
    "spreadsheet.csv": (
        RefusalReason.NOT_CSV,
        ["spreadsheet.csv is a spreadsheet or a zip archive, not CSV: export it as CSV"],
    ),
    "empty.csv": (RefusalReason.EMPTY_FILE, ["empty.csv is empty"]),
    "header-only.csv": (RefusalReason.EMPTY_FILE, ["header-only.csv has a header and no rows"]),
    "utf-16.csv": (RefusalReason.WRONG_ENCODING, ["utf-16.csv is encoded as UTF-16: save it as UTF-8"]),
    "latin-1.csv": (RefusalReason.WRONG_ENCODING, ["line 3: byte 0xE9 is not UTF-8: save the file as UTF-8"]),
    "truncated.csv.gz": (
        RefusalReason.BROKEN_GZIP,
        ["truncated.csv.gz is a gzip file that ends too early: it was not transferred as a whole"],
    ),
    "semicolons.csv": (
        RefusalReason.WRONG_COLUMNS,
        [
            'semicolons.csv has no column "sku", "unit", "price"; its first line is the single column '
            '"sku;unit;price;name;currency": is the delimiter another one?'
        ],
    ),
    "missing-column.csv": (
        RefusalReason.WRONG_COLUMNS,
        ['missing-column.csv has no column "price"; its columns are "sku", "unit", "cost"'],
    ),
    "misspelt-column.csv": (
        RefusalReason.WRONG_COLUMNS,
        ['misspelt-column.csv has the column "curency", which the format does not know: is it misspelt?'],
    ),
    "repeated-column.csv": (
        RefusalReason.WRONG_COLUMNS,
        ['repeated-column.csv has the column "price" more than once, so it is not clear which one is meant'],
    ),
    "ragged.csv": (
        RefusalReason.RAGGED_ROW,
        ["line 3: 4 cells, but the header has 5", "line 4: 6 cells, but the header has 5"],
    ),
    "open-quote.csv": (
        RefusalReason.BROKEN_QUOTING,
        ["line 2: the quotation mark that opens a value of this record is never closed"],
    ),
    "text-after-quote.csv": (
        RefusalReason.BROKEN_QUOTING,
        ["line 2: text follows a closing quotation mark: a quotation mark inside a value is written twice"],
    ),
    "wrong-currency.csv": (
        RefusalReason.WRONG_CURRENCY,
        ['line 3: currency "EUR" is not the currency of the price list'],
    ),
    "duplicate.csv": (
        RefusalReason.DUPLICATE_KEY,
        ['line 4: the offer "OFFICE month" stands already on line 2, where its price is 10 instead of 12'],
    ),
    "duplicate-of-another-name.csv": (
        RefusalReason.DUPLICATE_KEY,
        [
            'line 3: the offer "OFFICE month" stands already on line 2, where its price is the same but something '
            "else is not"
        ],
    ),
    "empty-key.csv": (
        RefusalReason.INVALID_VALUE,
        ["line 2: sku is empty", "line 3: unit is empty", "line 4: price is empty"],
    ),
    "numbers.csv": (
        RefusalReason.INVALID_PRICE,
        [
            'line 2: price "12,50" is not a number',
            'line 3: price "NaN" is not a number',
            'line 4: price "Infinity" is not a number',
            'line 5: price "1_000" is not a number',
            'line 6: price "1e400" is out of range: a price has at most 12 digits before the decimal point',
            'line 7: price "-3" is negative',
            'line 8: price "0x1F" is not a number',
            'line 9: price "0.1234567890123456789" has more than 18 decimals',
            'line 10: price "1000000000000" is out of range: a price has at most 12 digits before the decimal point',
            'line 11: price "USD 5" is not a number',
            'line 12: price "1.2.3" is not a number',
            'line 13: price "١٢" is not a number',
        ],
    ),
    "many-faults.csv": (
        RefusalReason.INVALID_PRICE,
        [*(f'line {line}: price "free" is not a number' for line in range(2, 22)), "and 5 more"],
    ),
    "multi-line-record.csv": (RefusalReason.INVALID_PRICE, ['line 5: price "three" is not a number']),
    "control-character.csv": (
        RefusalReason.INVALID_VALUE,
        [
            'line 2: name "Off�ice" has a line break or another control character in it',
            'line 4: sku "BACK�UP" has a line break or another control character in it',
        ],
    ),
    "words.csv": (
        RefusalReason.INVALID_VALUE,
        [
            'line 2: chargeType "monthly" is not recurring, one-off or usage',
            'line 3: kind "service" is not product, add-on or bundle',
            'line 4: active "perhaps" is not true or false',
        ],
    ),
    "tiers.csv": (
        RefusalReason.INVALID_VALUE,
        [
            'line 2: tiers "10=8;20" is not a list of prices from a quantity on, such as 10=9.50;100=8.75',
            'line 3: tiers "10=8;10=7" has two prices for one quantity',
        ],
    ),
    "relations.csv": (
        RefusalReason.INVALID_RELATION,
        [
            'line 2: addOnOf "NOWHERE" is not a product of this price list',
            'line 3: upgradeTo "B" is the product itself',
            'line 4: components "A" has no quantity: write BACKUP*5 for five',
            'line 5: components "A*2" has another quantity in another row',
            'line 6: components "A*3" has another quantity in another row',
        ],
    ),
    "long-values.csv": (
        RefusalReason.INVALID_VALUE,
        [
            f'line 2: sku "{"S" * 59}…" is too long: it has 201 characters',
            f'line 3: unit "{"u" * 59}…" is too long: it has 101 characters',
            f'line 4: name "{"n" * 59}…" is too long: it has 301 characters',
        ],
    ),
}


def test_each_bad_file_has_its_message() -> None:
    assert {path.name for path in BAD.iterdir() if path.is_file()} == {*REFUSED, "damaged.csv.gz"}


@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_file_is_refused_with_its_faults_and_nothing_changes(
    name: str, operator_database: Database, price_list: int, imported: Import, read_back: Read
) -> None:
    reason, message = REFUSED[name]
    imported(GOOD)
    before = read_back(1)
    with pytest.raises(PriceListRefused) as refused, operator_database.transaction() as connection:
        import_price_list(connection, price_list, [Part(name, (BAD / name).read_bytes())], twotier(), now=NOW)
    assert str(refused.value) == "\n".join(message)
    assert refused.value.reason is reason
    assert read_back(1) == before
    with operator_database.transaction() as connection:
        newest = head(connection, price_list)
    assert newest is not None
    assert newest.revision == 1


def test_a_damaged_gzip_file_is_told_from_a_truncated_one(imported: Import) -> None:
    with pytest.raises(PriceListRefused, match="is a damaged gzip file") as refused:
        imported((BAD / "damaged.csv.gz").read_bytes())
    assert refused.value.reason is RefusalReason.BROKEN_GZIP


def test_a_refusal_leaves_the_transaction_usable(operator_database: Database, price_list: int) -> None:
    with operator_database.transaction() as connection:
        with pytest.raises(PriceListRefused):
            import_price_list(
                connection, price_list, [Part("bad.csv", (BAD / "latin-1.csv").read_bytes())], twotier(), now=NOW
            )
        assert import_price_list(connection, price_list, [Part("good.csv", GOOD)], twotier(), now=NOW).changed


def test_all_parts_are_judged_and_named_where_several_have_faults(imported: Import) -> None:
    with pytest.raises(PriceListRefused) as refused:
        imported(GOOD, (BAD / "wrong-currency.csv").read_bytes(), b"sku,unit,price\nX,month,free\n", b"")
    assert str(refused.value).splitlines() == [
        'part-2.csv: line 3: currency "EUR" is not the currency of the price list',
        'part-3.csv: line 2: price "free" is not a number',
        "part-4.csv is empty",
    ]


@pytest.mark.parametrize("squeezed", [True, False], ids=["compressed", "plain"])
def test_a_file_that_grows_past_the_limit_is_refused(
    squeezed: bool,  # noqa: FBT001 -- a case of the table
    operator_database: Database,
    price_list: int,
) -> None:
    content = GOOD + b"X,month,1,Name\n" * 200_000
    part = Part("large.csv", gzip.compress(content) if squeezed else content)
    with (
        pytest.raises(PriceListRefused, match="takes the list beyond 2 MiB decompressed, the most") as refused,
        operator_database.transaction() as connection,
    ):
        import_price_list(connection, price_list, [part], twotier(), now=NOW, limits=Limits(total=2 << 20))
    assert refused.value.reason is RefusalReason.TOO_LARGE


def test_a_line_without_end_is_refused_before_it_fills_the_memory(imported: Import) -> None:
    with pytest.raises(PriceListRefused, match="has a line longer than"):
        imported(gzip.compress(b"sku,unit,price\n" + b"0" * (20 << 20)))


def test_lost_leading_zeros_are_told_by_the_width_that_the_format_declares(imported: Import) -> None:
    sheet = mapping(
        {
            Property.SKU: "{ProductId}:{SkuId}",
            Property.UNIT: "month",
            Property.PRICE: "{UnitPrice}",
        },
        fixed_widths={"SkuId": 4},
    )
    content = b"ProductId,SkuId,UnitPrice\nCFQ7,0005,1\nCFQ7,6,1\nCFQ7,00007,1\n,0005,1\n"
    with pytest.raises(PriceListRefused) as refused:
        imported(content, format_=sheet)
    assert [(fault.line, fault.column, fault.reason) for fault in refused.value.faults] == [
        (3, "SkuId", RefusalReason.LOST_LEADING_ZEROS),
        (4, "SkuId", RefusalReason.INVALID_VALUE),
        (5, "ProductId", RefusalReason.INVALID_VALUE),
    ]
    assert str(refused.value.faults[0]) == (
        'line 3: SkuId "6" has 1 characters, but the format says 4: a spreadsheet may have taken leading zeros away'
    )
