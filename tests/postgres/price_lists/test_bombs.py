"""Small files that would take much memory, disk or time: they are refused before they do."""

import gzip
import json
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from tests.postgres.price_lists.source import START, Source, content, offers

from twotier.bss.database import Database
from twotier.bss.price_lists.checking import check_price_list
from twotier.bss.price_lists.importing import LargeImportError, import_price_list
from twotier.bss.price_lists.refusals import Refusals
from twotier.bss.price_lists.revisions import head
from twotier.bss.sheets.faults import PriceListRefused, RefusalReason
from twotier.bss.sheets.format import Format, JsonLines, Property, mapping
from twotier.bss.sheets.parsing import Part
from twotier.bss.sheets.presets.twotier import twotier
from twotier.limits import MEBIBYTE, Limits

NOW = datetime(2026, 8, 2, tzinfo=UTC)
LIMITS = Limits(rows=1_000, total=MEBIBYTE)
HEADER = b"sku,unit,price\n"
ROW = b"A,m,1\n"
SHEET = mapping({Property.SKU: "{Id}", Property.UNIT: "m", Property.PRICE: "{Price}"})
REPEATING = mapping(
    {
        Property.SKU: "{Id}",
        Property.UNIT: "m",
        Property.PRICE: "1",
        Property.NAME: "{Text}",
        Property.DESCRIPTION: "{Text}",
        Property.CATEGORY: "{Text}",
        Property.PRODUCT_TYPE: "{Text}",
    }
)


def refused(
    database: Database, *contents: bytes, format_: Format | None = None, limits: Limits = LIMITS
) -> PriceListRefused:
    parts = [Part(f"{number}.csv", each) for number, each in enumerate(contents, start=1)]
    with pytest.raises(PriceListRefused) as caught, database.transaction() as connection:
        check_price_list(connection, parts, format_ or twotier(), "USD", NOW, limits=limits)
    return caught.value


BOMBS = {
    "rows": (HEADER + ROW * 1_001, RefusalReason.TOO_MANY_ROWS, "1.csv takes the list beyond 1,000 rows, "),
    "compressed rows": (
        gzip.compress(HEADER + ROW * 1_001),
        RefusalReason.TOO_MANY_ROWS,
        "1.csv takes the list beyond 1,000 rows, ",
    ),
    "blank lines": (
        gzip.compress(HEADER + b"\n" * 10_000),
        RefusalReason.TOO_MANY_ROWS,
        "1.csv takes the list beyond 10,000 lines, 10 for each of 1,000 rows, ",
    ),
    "size": (
        gzip.compress(HEADER + b"A,m," + b" " * MEBIBYTE),
        RefusalReason.TOO_LARGE,
        "1.csv takes the list beyond 1 MiB decompressed, ",
    ),
    "components": (
        content("A,m,1,,,", "B,m,1,,," + "A*1;" * 1_001),
        RefusalReason.TOO_MANY_ROWS,
        "1.csv takes the list beyond 1,000 relations between products, ",
    ),
    "components of one product": (
        content("A,m,1,,,", "B,m,1,,," + "A*1;" * 2_501),
        RefusalReason.INVALID_VALUE,
        'line 3: components "A*1;',
    ),
    "tiers of one offer": (
        b"sku,unit,price,tiers\nA,m,1," + b"1=1;" * 2_501 + b"1=1\n",
        RefusalReason.INVALID_VALUE,
        'line 2: tiers "1=1;',
    ),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_list_may_not_have_too_many(name: str, operator_database: Database) -> None:
    bomb, reason, message = BOMBS[name]
    found = refused(operator_database, bomb)
    assert found.reason is reason
    assert str(found).startswith(message)


@pytest.mark.parametrize(
    ("bomb", "setting"),
    [(HEADER + ROW * 1_001, "TWOTIER_MAX_ROWS"), (HEADER + b"A" * MEBIBYTE, "TWOTIER_MAX_PLAIN_SIZE")],
    ids=["rows", "size"],
)
def test_a_refusal_for_a_limit_names_the_setting(bomb: bytes, setting: str, operator_database: Database) -> None:
    assert "the most that a price list may have: divide the list" in str(refused(operator_database, bomb))
    assert str(refused(operator_database, bomb)).endswith(f"or have {setting} raised")


def test_the_limits_are_those_of_all_files_together(operator_database: Database) -> None:
    found = refused(operator_database, *(HEADER + ROW * 400 for _ in range(3)))
    assert str(found).startswith("3.csv takes the list beyond 1,000 rows")
    assert found.total == 1


def test_a_list_within_its_limits_is_read(operator_database: Database) -> None:
    with operator_database.transaction() as connection:
        part = Part("full.csv", HEADER + ROW * 1_000)
        assert check_price_list(connection, [part], twotier(), "USD", NOW, limits=LIMITS).rows == 1_000


def test_rows_that_are_left_out_do_not_count(operator_database: Database) -> None:
    format_ = replace(SHEET, row_filter={"Id": frozenset({"B"})})
    sheet = b"Id,Price\n" + b"A,1\n" * 2_000 + b"B,1\n"
    with operator_database.transaction() as connection:
        report = check_price_list(connection, [Part("all.csv", sheet)], format_, "USD", NOW, limits=LIMITS)
    assert (report.filtered_out, report.offers) == (2_000, 1)


def test_a_column_that_is_used_many_times_counts_as_often(operator_database: Database) -> None:
    sheet = b"Id,Text\n" + b"".join(b"%d,%s\n" % (number, b"x" * 150) for number in range(2_000))
    assert len(sheet) < MEBIBYTE
    found = refused(operator_database, sheet, format_=REPEATING, limits=Limits(rows=10_000, total=MEBIBYTE))
    assert found.reason is RefusalReason.TOO_LARGE
    assert "beyond 1 MiB in the values that the format makes of it" in str(found)


def test_a_cell_that_a_template_repeats_is_refused_before_it_fills_the_memory(operator_database: Database) -> None:
    format_ = mapping({Property.SKU: "{Id}" * 100, Property.UNIT: "m", Property.PRICE: "1"})
    found = refused(operator_database, b"Id\n" + b"x" * 1_000 + b"\n", format_=format_)
    assert str(found) == "line 2: the cells make a value of 100,000 characters, and 20,000 are the most"


def test_a_key_that_an_object_has_twice_is_found_among_thousands(operator_database: Database) -> None:
    names = ",".join(f'"{number}":1' for number in range(20_000))
    line = f'{{"sku":"A","unit":"m","price":1,{names},"19999":1}}\n'.encode()
    found = refused(operator_database, line, format_=twotier(notation=JsonLines()), limits=Limits())
    assert 'line 1: has "19999" more than once' in str(found)


@contextmanager
def little_memory() -> Iterator[None]:
    tracemalloc.start()
    try:
        yield
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 40 * MEBIBYTE


@pytest.mark.parametrize(
    "bomb",
    [
        pytest.param(HEADER + (b"," * 200_000 + b"\n") * 300, id="lines of 200,000 cells"),
        pytest.param(HEADER + b'"\n",' * 10_000_000, id="a record of ten million cells"),
        pytest.param(HEADER + b"\xff" + b"x" * (64 * MEBIBYTE), id="a line without end that is not UTF-8"),
    ],
)
def test_a_file_that_sprawls_takes_little_memory(bomb: bytes, operator_database: Database) -> None:
    small = gzip.compress(bomb)
    with little_memory():
        refused(operator_database, small, limits=Limits())


def test_lines_of_json_that_are_long_take_little_memory(operator_database: Database) -> None:
    line = json.dumps({"sku": "A", "unit": "m", "price": "1", "name": "x" * 200_000}).encode() + b"\n"
    small = gzip.compress(line * 300)
    with little_memory():
        refused(operator_database, small, format_=twotier(notation=JsonLines()), limits=Limits())


def test_nothing_remains_of_a_list_beyond_its_limits(source: Source) -> None:
    source.says(offers(3))
    with pytest.raises(PriceListRefused), source.database.transaction() as connection:
        import_price_list(
            connection, source.price_list, [Part("list.csv", offers(1_001))], twotier(), now=START, limits=LIMITS
        )
    with source.database.transaction() as connection:
        newest = head(connection, source.price_list)
    assert newest is not None
    assert (newest.revision, newest.offers) == (1, 3)


def test_the_transaction_is_of_use_after_a_list_beyond_its_limits(source: Source) -> None:
    with source.database.transaction() as connection:
        with pytest.raises(PriceListRefused):
            import_price_list(
                connection, source.price_list, [Part("list.csv", offers(1_001))], twotier(), now=START, limits=LIMITS
            )
        assert import_price_list(connection, source.price_list, [Part("l", offers(3))], twotier(), now=START).changed


# What was refused


def read(
    source: Source, content: bytes, refusals: Refusals, *, format_: Format | None = None, confidential: bool = False
) -> tuple[str | None, bool]:
    """Import files; return why they are refused, and whether they were read to find that out."""
    part, told = Part("list.csv", content, confidential), None
    with source.database.transaction() as connection:
        try:
            import_price_list(
                connection, source.price_list, [part], format_ or twotier(), now=source.now, refusals=refusals
            )
        except PriceListRefused as caught:
            told = str(caught)
        was_read = connection.execute(text("select to_regclass('pg_temp.staged_row') is not null")).scalar_one()
    return told, bool(was_read)


BAD, OTHER_BAD = content("A,month,free,,,"), content("A,month,gratis,,,")
FREE = 'line 2: price "free" is not a number'


def test_the_same_files_are_refused_again_without_being_read(source: Source) -> None:
    refusals = Refusals()
    assert read(source, BAD, refusals) == (FREE, True)
    assert read(source, BAD, refusals) == (FREE, False)


def test_other_files_are_read_after_a_refusal(source: Source) -> None:
    refusals = Refusals()
    read(source, BAD, refusals)
    assert read(source, OTHER_BAD, refusals) == ('line 2: price "gratis" is not a number', True)
    assert read(source, offers(2), refusals) == (None, True)
    assert read(source, BAD, refusals) == (FREE, True)


def test_files_are_read_again_in_another_format_and_once_they_may_be_quoted(source: Source) -> None:
    refusals = Refusals()
    assert read(source, BAD, refusals, confidential=True) == ("line 2: price: this is not a price", True)
    assert read(source, BAD, refusals) == (FREE, True)
    filtered = twotier(row_filter={"sku": frozenset({"A"})})
    assert read(source, BAD, refusals, format_=filtered) == (FREE, True)


def test_files_with_a_row_that_is_wrong_only_for_now_are_read_again_when_others_are_valid(source: Source) -> None:
    dated = mapping(
        {
            Property.SKU: "{Id}",
            Property.UNIT: "m",
            Property.PRICE: "{Price}",
            Property.VALID_UNTIL: "{Until}",
        }
    )
    sheet, refusals = b"Id,Price,Until\nA,free,2026-08-05\nA,1,\n", Refusals()
    wrong = 'line 2: Price "free" is not a number'
    assert read(source, sheet, refusals, format_=dated) == (wrong, True)
    assert read(source, sheet, refusals, format_=dated) == (wrong, False)
    source.now = START + timedelta(days=10)
    assert read(source, sheet, refusals, format_=dated) == (None, True)


# What takes long


@pytest.mark.parametrize(
    "large",
    [
        pytest.param(HEADER + ROW * 20_000, id="many rows"),
        pytest.param(gzip.compress(HEADER + ROW * 20_000), id="many rows, compressed"),
        pytest.param(content("A,m,1," + "x" * (4 * MEBIBYTE) + ",,"), id="much text"),
    ],
)
def test_a_large_list_is_read_only_where_that_is_wanted(large: bytes, source: Source) -> None:
    with pytest.raises(LargeImportError), source.database.transaction() as connection:
        import_price_list(connection, source.price_list, [Part("l", large)], twotier(), now=START, even_if_large=False)


def test_a_small_file_is_a_large_import_where_the_head_is_large(source: Source) -> None:
    source.says(HEADER + b"".join(b"%d,m,1\n" % number for number in range(20_001)))
    with pytest.raises(LargeImportError), source.database.transaction() as connection:
        import_price_list(
            connection, source.price_list, [Part("l", offers(1))], twotier(), now=START, even_if_large=False
        )


def test_a_large_list_that_is_as_it_was_is_no_large_import(source: Source) -> None:
    large = HEADER + b"".join(b"%d,m,1\n" % number for number in range(20_001))
    source.says(large)
    with source.database.transaction() as connection:
        result = import_price_list(
            connection,
            source.price_list,
            [Part("list.csv", large)],
            twotier(),
            guards=source.guards,
            now=source.now,
            even_if_large=False,
        )
    assert not result.changed
