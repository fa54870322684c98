"""How text is laid out for a width: tables, fields and paragraphs, as lines of styled text. Pure."""

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from rich.cells import cell_len

GAP: Final = 2
NARROWEST_LAST_COLUMN: Final = 28
HANGING: Final = 4
UNPRINTABLE: Final = {
    **dict.fromkeys((*range(32), *range(127, 160)), "\N{REPLACEMENT CHARACTER}"),
    **{ord(character): " " for character in "\t\n\r"},
}
"""Names come from files and from resellers: none of them may move a terminal's cursor."""


@dataclass(frozen=True, slots=True)
class Span:
    """Text in one style; the style is one of Rich's, and carries no meaning."""

    text: str
    style: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", self.text.translate(UNPRINTABLE))

    @property
    def width(self) -> int:
        """Columns that it takes on a terminal."""
        return cell_len(self.text)


Line = tuple[Span, ...]
Text = str | Span


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        right: its cells are right-aligned, as numbers are.
    """

    title: str
    right: bool = False


def span(text: Text) -> Span:
    """Return text with its style, if any."""
    return text if isinstance(text, Span) else Span(text)


def line(*parts: Text) -> Line:
    """Return a line of these parts."""
    return tuple(span(part) for part in parts)


def plain(row: Line) -> str:
    """Return a line without its styles."""
    return "".join(part.text for part in row).rstrip()


def heading(text: str) -> Line:
    """Return the title of a section."""
    return (Span(text, "bold"),)


def section(title: str, body: Iterable[Line]) -> list[Line]:
    """Return a section with its title, followed by an empty line; nothing if it has no body."""
    lines = list(body)
    return [heading(title), *lines, ()] if lines else []


def paragraph(text: Text, width: int, indent: int = 0, mark: str = "") -> list[Line]:
    """Return text wrapped to a width, beside a mark such as "! " before its first line."""
    styled = span(text)
    beside = " " * cell_len(mark)
    return [
        (Span(" " * indent), Span((beside if number else mark) + each, styled.style))
        for number, each in enumerate(_wrapped(styled.text, width - indent - len(beside)))
    ]


def fields(pairs: Iterable[tuple[str, Text]], width: int, indent: int = GAP) -> list[Line]:
    """Return names and values, one below the other; a long value continues under its start."""
    rows = [(name, span(value)) for name, value in pairs if span(value).text]
    longest = max((cell_len(name) for name, _ in rows), default=0)
    start = indent + longest + GAP
    lines: list[Line] = []
    for name, value in rows:
        first, *others = _wrapped(value.text, width - start)
        lines.append((Span(f"{' ' * indent}{_left(name, longest)}{' ' * GAP}", "dim"), Span(first, value.style)))
        lines.extend((Span(" " * start), Span(each, value.style)) for each in others)
    return lines


def table(
    columns: Sequence[Column],
    rows: Sequence[Sequence[Text]],
    width: int,
    *,
    indent: int = 0,
    least: Sequence[int] = (),
    titles: bool = True,
) -> list[Line]:
    """Return rows with aligned columns. Only the last one wraps; where too little room is left, it goes below.

    Args:
        columns: of every row.
        rows: their cells, in the order of the columns.
        width: the most that a line may take.
        indent: empty columns before each line.
        least: minimum widths of the columns, so that pages of one table line up.
        titles: whether the titles come first.
    """
    heads: list[Sequence[Text]] = [[Span(column.title, "bold") for column in columns]] if titles else []
    cells = [[span(cell) for cell in row] for row in (*heads, *rows)]
    if not cells:
        return []
    widths = column_widths(cells, least)
    taken = indent + sum(each + GAP for each in widths[:-1])
    below = width - taken < min(NARROWEST_LAST_COLUMN, widths[-1])
    return [_trimmed(made) for row in cells for made in _row(columns, row, widths, width, indent, below=below)]


def column_widths(rows: Iterable[Sequence[Text]], least: Sequence[int] = ()) -> list[int]:
    """Return the width of the widest cell of each column."""
    widths = list(least)
    for row in rows:
        found = [span(cell).width for cell in row]
        widths = [max(pair) for pair in zip(widths, found, strict=True)] if widths else found
    return widths


def _row(
    columns: Sequence[Column], row: Sequence[Span], widths: Sequence[int], width: int, indent: int, *, below: bool
) -> Iterable[Line]:
    *cells, last = row
    start = " " * indent
    set_out = [
        Span((_right if column.right else _left)(cell.text, size) + " " * GAP, cell.style)
        for column, cell, size in zip(columns, cells, widths, strict=False)
    ]
    first: Line = (Span(start), *set_out)
    if below:
        yield first
        yield from paragraph(last, width, indent + HANGING) if last.text else ()
        return
    taken = sum(part.width for part in first)
    text, *others = _wrapped(last.text, max(width - taken, 1))
    yield (*first, Span(_right(text, widths[-1]) if columns[-1].right else text, last.style))
    for each in others:
        yield (Span(" " * taken), Span(each, last.style))


def _trimmed(row: Line) -> Line:
    """A line without trailing blanks, which would end up in copied text."""
    parts = list(row)
    while parts and not parts[-1].text.rstrip():
        parts.pop()
    return (*parts[:-1], Span(parts[-1].text.rstrip(), parts[-1].style)) if parts else ()


def _wrapped(text: str, width: int) -> list[str]:
    if cell_len(text) <= width:
        return [text]
    return textwrap.wrap(text, max(width, 1), break_long_words=False, break_on_hyphens=False) or [""]


def _left(text: str, width: int) -> str:
    return text + " " * (width - cell_len(text))


def _right(text: str, width: int) -> str:
    return " " * (width - cell_len(text)) + text
