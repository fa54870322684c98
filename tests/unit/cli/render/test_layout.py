"""Text is set out for the width at hand, and aligned at any."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twotier.cli.render.layout import Column, Line, Span, column_widths, fields, paragraph, plain, section, table

NAMES = (Column("NAME"), Column("OFFERS", right=True), Column("MESSAGE"))
ROWS = (("pl/retail", "12", "Revision 2 has 12 offers of 9 products"), ("pl/x", "1200", "Imported"))


def shown(lines: list[Line]) -> list[str]:
    return [plain(each) for each in lines]


def test_columns_are_aligned_and_numbers_are_to_the_right() -> None:
    assert shown(table(NAMES, ROWS, 200)) == [
        "NAME       OFFERS  MESSAGE",
        "pl/retail      12  Revision 2 has 12 offers of 9 products",
        "pl/x         1200  Imported",
    ]


def test_the_last_column_goes_on_under_its_beginning() -> None:
    assert shown(table(NAMES, ROWS[:1], 50)) == [
        "NAME       OFFERS  MESSAGE",
        "pl/retail      12  Revision 2 has 12 offers of 9",
        "                   products",
    ]


def test_the_last_column_goes_below_where_too_little_is_left_for_it() -> None:
    assert shown(table(NAMES, ROWS, 40)) == [
        "NAME       OFFERS",
        "    MESSAGE",
        "pl/retail      12",
        "    Revision 2 has 12 offers of 9",
        "    products",
        "pl/x         1200",
        "    Imported",
    ]


def test_wide_characters_take_two_columns() -> None:
    rows = (("雲", "1", "cloud"), ("cloud", "1", "雲"))
    first, second = shown(table(NAMES, rows, 80, titles=False))
    assert (first, second) == ("雲     1  cloud", "cloud  1  雲")


def test_a_later_page_is_never_narrower_than_an_earlier_one() -> None:
    first = column_widths([("a long name", "1")])
    assert column_widths([("b", "12")], first) == [11, 2]


def test_nothing_moves_the_cursor_of_a_terminal() -> None:
    assert Span("Mail\x1b[2J\r\n\x07Plus").text == "Mail�[2J  �Plus"


def test_empty_fields_and_sections_are_left_out() -> None:
    assert shown(fields([("Name", "retail"), ("Valid", "")], 80)) == ["  Name  retail"]
    assert section("Plan", []) == []


@given(
    st.lists(
        st.tuples(st.text("ab /-", max_size=30), st.text("12", max_size=6), st.text("xyz ", max_size=200)), max_size=5
    ),
    st.integers(min_value=60, max_value=220),
)
def test_no_line_is_wider_than_the_screen(rows: list[tuple[str, str, str]], width: int) -> None:
    words = [(name, number, " ".join(text[:20] for text in message.split())) for name, number, message in rows]
    assert all(len(each) <= width for each in shown(table(NAMES, words, width)))


@pytest.mark.parametrize("width", [20, 80])
def test_a_paragraph_keeps_all_its_words(width: int) -> None:
    text = "Without it they can be deleted, and nobody marks or erases their organisations"
    lines = shown(paragraph(text, width, indent=4))
    assert " ".join(each.strip() for each in lines) == text
    assert all(each.startswith("    ") and len(each) <= width for each in lines)


def test_no_line_of_a_table_ends_with_blanks() -> None:
    rows = (("pl/retail", "12", ""), ("pl/x", "", ""), ("", "", ""))
    lines = table(NAMES, rows, 80, indent=2)
    assert [each for row in lines for each in ["".join(part.text for part in row)] if each != each.rstrip()] == []


def test_a_table_without_rows_and_titles_is_empty() -> None:
    assert table([Column("SKU"), Column("NAME")], [], 80, titles=False) == []
