"""From files in JSON Lines to rows for COPY."""

import gzip
from datetime import UTC, datetime

import pytest

from twotier.bss.sheets.faults import FaultLog
from twotier.bss.sheets.format import Format, JsonLines, Property, mapping
from twotier.bss.sheets.parsing import SEPARATOR, Part, staged_blocks
from twotier.bss.sheets.records import ROWS_IN_BLOCK
from twotier.bss.sheets.selection import Tally
from twotier.limits import Limits

NOW = datetime(2026, 8, 1, tzinfo=UTC)
COLUMNS = {Property.SKU: "{Id}", Property.UNIT: "month", Property.PRICE: "{Price}", Property.NAME: "{Name}"}
SHEET = mapping(COLUMNS, notation=JsonLines())


def _staged(content: str | bytes, format_: Format = SHEET) -> list[list[str]]:
    log = FaultLog()
    raw = content.encode() if isinstance(content, str) else content
    blocks = staged_blocks([Part("list.jsonl", raw)], format_, log, Limits(), Tally(NOW))
    rows = b"".join(blocks).decode().splitlines()
    assert log.faults == []
    return [row.split(SEPARATOR)[1:] for row in rows]


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ('"10.50"', "10.50"),
        ("10.50", "10.50"),
        ("0.0000000000000001", "0.0000000000000001"),
        ("12345678901234567890123456789", "12345678901234567890123456789"),
        ("1E5", "1E5"),
        ("true", "true"),
        ("false", "false"),
        ("null", ""),
        ('"B\\u00fcro \\ud83d\\ude00"', "Büro 😀"),
    ],
    ids=[
        "a text",
        "a number with the digits that it has",
        "a small number",
        "a large number",
        "a number with an exponent",
        "true",
        "false",
        "null is an empty cell",
        "escapes",
    ],
)
def test_a_value_reaches_copy_as_it_is_written(value: str, cell: str) -> None:
    assert _staged(f'{{"Id": "A", "Price": 1, "Name": {value}}}\n')[0] == ["1", "A", "month", "1", cell]


def test_a_key_that_a_line_does_not_have_is_an_empty_cell_and_one_that_is_not_needed_is_passed_over() -> None:
    content = '{"Price": 1, "Id": "A", "Other": [1, {"a": 2}]}\n{"Id": "B", "Name": "b", "Price": 2}\n'
    assert _staged(content) == [["1", "A", "month", "1", ""], ["2", "B", "month", "2", "b"]]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["Unix", "Windows", "old Mac"])
def test_a_row_has_the_line_that_an_editor_shows(end: str) -> None:
    lines = ["", '{"Id": "A", "Price": 1, "Name": "a"}', "  ", '{"Id": "B", "Price": 1, "Name": "b"}']
    assert [row[:2] for row in _staged(end.join(lines))] == [["2", "A"], ["4", "B"]]


@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf"], ids=["without a BOM", "with a BOM"])
@pytest.mark.parametrize("squeezed", ["plain", "gzip"])
def test_a_byte_order_mark_and_compression_make_no_difference(before: bytes, squeezed: str) -> None:
    content = before + b'{"Id": "A", "Price": 1, "Name": "a"}'
    assert len(_staged(gzip.compress(content) if squeezed == "gzip" else content)) == 1


def test_many_lines_come_in_blocks() -> None:
    content = '{"Id": "A", "Price": 1, "Name": "a"}\n' * (2 * ROWS_IN_BLOCK + 1)
    assert [row[0] for row in _staged(content)] == [str(line) for line in range(1, 2 * ROWS_IN_BLOCK + 2)]


def test_rows_are_chosen_and_filled_in_as_those_of_csv_are() -> None:
    chosen = mapping(
        COLUMNS | {Property.SKU: "{Id}/{Plan}"},
        defaults={"Plan": "None"},
        row_filter={"Market": frozenset({"DE"})},
        notation=JsonLines(),
    )
    content = (
        '{"Id": "A", "Price": 1, "Name": "a", "Market": "DE", "Plan": null}\n'
        '{"Id": "B", "Price": 1, "Name": "b", "Market": "AT", "Plan": "P1"}\n'
    )
    assert _staged(content, chosen) == [["1", "A/None", "month", "1", "a"]]
