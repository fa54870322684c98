"""From files to rows for COPY: lines, escapes and constants."""

import gzip

import pytest

from twotier.bss.price_lists.content import Limits
from twotier.bss.price_lists.faults import FaultLog
from twotier.bss.price_lists.format import Csv, Format, Property, mapping
from twotier.bss.price_lists.parsing import SEPARATOR, Part, staged_blocks

SHEET = {Property.SKU: "{Id}", Property.UNIT: "month", Property.PRICE: "{Price}", Property.DESCRIPTION: "{Text}"}


def _staged(content: bytes, format_: Format | None = None) -> list[list[str]]:
    log = FaultLog()
    blocks = staged_blocks([Part("list.csv", content)], format_ or mapping(SHEET), log, Limits())
    rows = b"".join(blocks).decode().splitlines()
    assert log.faults == []
    return [row.split(SEPARATOR) for row in rows]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["Unix", "Windows", "old Mac"])
def test_a_record_has_the_physical_line_that_it_begins_on(end: str) -> None:
    content = f'Id,Price,Text{end}A,1,x{end}{end}B,2,"two{end}lines"{end}C,3,x{end}'.encode()
    assert [(row[1], row[2]) for row in _staged(content)] == [("2", "A"), ("4", "B"), ("6", "C")]


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
    assert _staged(content, mapping(SHEET, csv=Csv(";", "'")))[0][-1] == "x;y"


def test_many_rows_come_in_blocks() -> None:
    content = b"Id,Price,Text\n" + b"A,1,x\n" * 5000
    blocks = list(staged_blocks([Part("list.csv", content)], mapping(SHEET), FaultLog(), Limits()))
    assert len(blocks) == 3
    assert sum(block.count(b"\n") for block in blocks) == 5000
