"""From files to rows for COPY: lines, escapes and constants."""

import gzip
import re
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twotier.bss.sheets.faults import FaultLog, RefusalReason
from twotier.bss.sheets.format import Csv, Format, Property, mapping
from twotier.bss.sheets.parsing import SEPARATOR, Part, staged_blocks
from twotier.bss.sheets.records import ROWS_IN_BLOCK
from twotier.bss.sheets.selection import Tally
from twotier.limits import Limits

NOW = datetime(2026, 8, 1, tzinfo=UTC)
SHEET = {Property.SKU: "{Id}", Property.UNIT: "month", Property.PRICE: "{Price}", Property.DESCRIPTION: "{Text}"}


def _staged(content: bytes, format_: Format | None = None) -> list[list[str]]:
    log = FaultLog()
    blocks = staged_blocks([Part("list.csv", content)], format_ or mapping(SHEET), log, Limits(), Tally(NOW))
    rows = b"".join(blocks).decode().splitlines()
    assert log.faults == []
    return [row.split(SEPARATOR) for row in rows]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["Unix", "Windows", "old Mac"])
def test_a_record_has_the_physical_line_that_it_begins_on(end: str) -> None:
    content = f'Id,Price,Text{end}A,1,x{end}{end}B,2,"two{end}lines"{end}C,3,x{end}'.encode()
    assert [(row[1], row[2]) for row in _staged(content)] == [("2", "A"), ("4", "B"), ("6", "C")]


@given(
    records=st.lists(
        st.tuples(st.integers(0, 2), st.text('a"\n\r ', max_size=5), st.sampled_from(["\n", "\r\n", "\r"])),
        min_size=1,
        max_size=8,
    )
)
@settings(max_examples=30)
def test_lines_are_those_that_an_editor_shows(records: list[tuple[int, str, str]]) -> None:
    """Blank lines before a record, line breaks of any kind inside a value, and records on both sides of a block."""
    content, expected = "Id,Price,Text\n", []
    repeated = records * (ROWS_IN_BLOCK // len(records) + 1)
    for number, (blank_lines, value, end) in enumerate(repeated):
        content += "\n" * blank_lines
        expected.append((str(len(_shown(content))), str(number)))
        quoted = value.replace('"', '""')
        content += f'{number},1,"{quoted}"{end}'
    assert [(row[1], row[2]) for row in _staged(content.encode())] == expected


def _shown(content: str) -> list[str]:
    return re.split("\r\n|\r|\n", content)


def test_what_stands_before_the_place_where_a_file_breaks_is_told_as_well() -> None:
    log = FaultLog()
    content = b'Id,Price,Text\nA,1,x\nB,1\nC,1,"two\nlines"\nD,1,"open\n'
    blocks = list(staged_blocks([Part("list.csv", content)], mapping(SHEET), log, Limits(), Tally(NOW)))
    assert [(fault.line, fault.reason) for fault in log.faults] == [
        (3, RefusalReason.RAGGED_ROW),
        (6, RefusalReason.BROKEN_QUOTING),
    ]
    assert b"".join(blocks).count(b"\n") == 2


@pytest.mark.parametrize(
    ("cell", "copied"),
    [
        ("plain", "plain"),
        ("back\\slash", "back\\\\slash"),
        ('"two\r\nlines"', "two\\nlines"),
        ("a\ttab", "a\\ttab"),
        ("Kostüm", "Kostüm"),
        ("\\N", "\\\\N"),
        ("\\.", "\\\\."),
    ],
    ids=["plain", "a backslash", "a line break", "a tab", "beyond ASCII", "what COPY calls null", "the end of COPY"],
)
def test_a_value_reaches_copy_as_it_is(cell: str, copied: str) -> None:
    assert _staged(f"Id,Price,Text\nA,1,{cell}\n".encode())[0][2:] == ["A", "month", "1", copied]


@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf"], ids=["without a BOM", "with a BOM"])
@pytest.mark.parametrize("squeezed", ["plain", "gzip"])
def test_a_byte_order_mark_and_compression_make_no_difference(before: bytes, squeezed: str) -> None:
    content = before + b"Id,Price,Text\nA,1,x\n"
    content = gzip.compress(content) if squeezed == "gzip" else content
    assert _staged(content) == [["0", "2", "A", "month", "1", "x"]]


def test_another_delimiter_and_quote_are_honoured() -> None:
    content = b"Id;Price;Text\nA;1;'x;y'\n"
    assert _staged(content, mapping(SHEET, notation=Csv(";", "'")))[0][-1] == "x;y"


def test_many_rows_come_in_blocks() -> None:
    content = b"Id,Price,Text\n" + b"A,1,x\n" * 5000
    blocks = list(staged_blocks([Part("list.csv", content)], mapping(SHEET), FaultLog(), Limits(), Tally(NOW)))
    assert len(blocks) > 1
    assert sum(block.count(b"\n") for block in blocks) == 5000
