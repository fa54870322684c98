"""From files to the rows that COPY takes: streamed, with the physical line of each, and nothing judged but the shape.

Rows whose shape is wrong are left out and noted; values are judged in the database, all at once.
"""

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate, compress, islice
from operator import itemgetter
from typing import Final, TextIO

from twotier.bss.price_lists.content import Limits, UnreadableError, open_text, plain_size, undecodable
from twotier.bss.price_lists.faults import Fault, FaultLog, RefusalReason, quoted
from twotier.bss.price_lists.format import Csv, Format, Property, Template

# How rows are handed to COPY. The separator is refused in values, like every control character. Blocks are as small as
# the caches of a processor: larger ones take longer.
SEPARATOR: Final = "\x1f"
ROWS_IN_BLOCK: Final = 500
JUDGED_WHILE_READING: Final = frozenset({Property.VALID_FROM, Property.VALID_UNTIL})

_CONTROL: Final = {chr(code) for code in (*range(32), 127)}
_LINE_BREAKS: Final = {"\n", "\t"}
_SPECIAL_BYTES: Final = bytes(sorted({ord(character) for character in _CONTROL} | {ord("\\")}))
_ESCAPES: Final = str.maketrans({"\\": "\\\\", "\n": "\\n", "\t": "\\t"})

_QUOTING: Final = {
    "unexpected end of data": "the quotation mark that opens a value of this record is never closed",
    "field larger than field limit": "a value is too long: a closing quotation mark may be missing",
    "expected after": "text follows a closing quotation mark: a quotation mark inside a value is written twice",
}

Row = list[str]
Values = tuple[str, ...]
Block = tuple[Sequence[int], list[Row]]


@dataclass(frozen=True, slots=True)
class Part:
    """One complete file of a price list, with its header.

    Attributes:
        name: what people call it, in messages and in the record of the import.
        content: its bytes, plain or compressed with gzip.
    """

    name: str
    content: bytes


@dataclass
class Tally:
    """What became of the rows of all files, counted while they are read.

    Attributes:
        now: the moment at which rows must be valid, aware.
        rows: read, headers apart.
        filtered_out: left out by the row filter.
        not_valid: taken by the filter, and not valid now.
        next_boundary: the next moment at which another set of rows is valid, in UTC; None if there is none.
    """

    now: datetime
    rows: int = 0
    filtered_out: int = 0
    not_valid: int = 0
    next_boundary: datetime | None = None


def staged_columns(format_: Format) -> tuple[Property, ...]:
    """The properties of which staged rows have values, in their order; part and line come before them."""
    return tuple(wanted for wanted in Property if wanted in format_.templates and wanted not in JUDGED_WHILE_READING)


def staged_blocks(
    parts: Sequence[Part], format_: Format, log: FaultLog, limits: Limits, tally: Tally
) -> Iterator[bytes]:
    """Read files into blocks of rows in the text format of COPY, with SEPARATOR between values and nothing for null.

    Args:
        parts: the files, in the order in which their rows are told apart.
        format_: how they are read.
        log: gets what is wrong. A file that cannot be read on ends at that place; the next one is read all the same.
        limits: of the size of all files together.
        tally: is kept while rows are read.
    """
    left = limits.total
    for number, part in enumerate(parts):
        try:
            left -= plain_size(part.content, left)
            yield from _part_blocks(number, part, format_, log=log, limits=limits, tally=tally)
        except UnreadableError as error:
            log.add(Fault(part.name, error.line, None, error.reason, str(error)))


def _part_blocks(
    number: int, part: Part, format_: Format, *, log: FaultLog, limits: Limits, tally: Tally
) -> Iterator[bytes]:
    with open_text(part.content, limits) as text:
        records = _Records(text, format_.csv)
        try:
            layout = _layout(number, records.header(), format_)
            yield from _Part(part.name, layout, log, tally).blocks(records)
        except UnicodeDecodeError:
            raise undecodable(part.content) from None
        except csv.Error as error:
            raise UnreadableError(RefusalReason.BROKEN_QUOTING, _quoting(error), records.next_line) from None


class _Records:
    """The records of a CSV file, in blocks, each with the physical line that it begins on.

    Attributes:
        next_line: the line that the record after the last one begins on.
    """

    def __init__(self, text: TextIO, dialect: Csv) -> None:
        self._reader = csv.reader(text, delimiter=dialect.delimiter, quotechar=dialect.quote, strict=True)
        self.next_line = 1

    def header(self) -> Row:
        for row in self._reader:
            self.next_line = self._reader.line_num + 1
            if row:
                return [cell.strip() for cell in row]
        raise UnreadableError(RefusalReason.EMPTY_FILE, "is empty")

    def __iter__(self) -> Iterator[Block]:
        more = True
        while more:
            rows: list[Row] = []
            try:
                for row in islice(self._reader, ROWS_IN_BLOCK):
                    rows.append(row)  # noqa: PERF402 -- rows.extend need not keep what comes before an error
                more = len(rows) == ROWS_IN_BLOCK
            finally:
                yield self._numbered(rows)

    def _numbered(self, rows: list[Row]) -> Block:
        """The lines of rows are counted only where one has several, or is blank; blank ones are left out."""
        first, self.next_line = self.next_line, self._reader.line_num + 1
        if self.next_line - first == len(rows) and all(rows):
            return range(first, self.next_line), rows
        lines = list(accumulate((_lines(row) for row in rows), initial=first))
        self.next_line = lines.pop()
        return list(compress(lines, rows)), list(filter(None, rows))


def _lines(row: Row) -> int:
    return 1 + sum(cell.count("\n") + cell.count("\r") - cell.count("\r\n") for cell in row)


def _quoting(error: csv.Error) -> str:
    found = (said for told, said in _QUOTING.items() if told in str(error))
    return next(found, f"this is not CSV ({error})")


@dataclass(frozen=True, slots=True)
class _Check:
    """What the cell of a column must be like before it becomes part of a key."""

    index: int
    column: str
    width: int | None

    def fault(self, row: Row) -> tuple[RefusalReason, str] | None:
        value = row[self.index].strip()
        if not value:
            return RefusalReason.INVALID_VALUE, f"{self.column} is empty"
        if self.width is None or len(value) == self.width:
            return None
        has = f"{self.column} {quoted(value)} has {len(value)} characters, but the format says {self.width}"
        if len(value) < self.width:
            return RefusalReason.LOST_LEADING_ZEROS, f"{has}: a spreadsheet may have taken leading zeros away"
        return RefusalReason.INVALID_VALUE, has


@dataclass(frozen=True, slots=True)
class _Layout:
    """A format applied to the header of one file.

    Attributes:
        width: cells that a row has.
        defaults: what stands for an empty cell, by its index.
        checks: of the columns that keys are made of.
        compositions: formats of values that are made of several cells, appended to a row first.
        constants: appended next; the line comes last.
        pick: takes the part, the line and the staged values out of such a row.
        staged: the properties that it takes.
        labels: what a person would call each of them.
    """

    width: int
    defaults: tuple[tuple[int, str], ...]
    checks: tuple[_Check, ...]
    compositions: tuple[str, ...]
    constants: tuple[str, ...]
    pick: Callable[[Row], Values]
    staged: tuple[Property, ...]
    labels: tuple[str, ...]

    @property
    def simple(self) -> bool:
        """Whether a row of the right width needs no more than what all rows get."""
        return not (self.defaults or self.checks or self.compositions)


def _layout(part: int, header: Row, format_: Format) -> _Layout:
    _require_columns(header, format_)
    index = {column: position for position, column in enumerate(header)}
    staged = staged_columns(format_)
    made = [_made(format_.templates[wanted], index) for wanted in staged]
    constants = list(dict.fromkeys((_Constant(str(part)), *(value for value in made if isinstance(value, _Constant)))))
    compositions = list(dict.fromkeys(value for value in made if isinstance(value, _Composition)))
    appended = [*compositions, *constants]
    positions = [value if isinstance(value, int) else len(header) + appended.index(value) for value in made]
    return _Layout(
        width=len(header),
        defaults=tuple((index[column], value) for column, value in format_.defaults.items() if column in index),
        checks=_checks(format_, index),
        compositions=tuple(composition.pattern for composition in compositions),
        constants=tuple(constant.text for constant in constants),
        pick=itemgetter(len(header) + len(compositions), len(header) + len(appended), *positions),
        staged=staged,
        labels=tuple(format_.label(wanted) for wanted in staged),
    )


@dataclass(frozen=True, slots=True)
class _Constant:
    """The same value in every row."""

    text: str


@dataclass(frozen=True, slots=True)
class _Composition:
    """A value made of several cells: a format of the positions in a row."""

    pattern: str


def _made(template: Template, index: dict[str, int]) -> int | _Constant | _Composition:
    """Where a value comes from: a position in the row, a constant (empty when a column is absent), or several cells."""
    if any(column not in index for column in template.columns):
        return _Constant("")
    if template.only_column is not None:
        return index[template.only_column]
    if not template.columns:
        return _Constant("".join(literal for literal, _ in template.parts))
    texts = (
        literal.replace("{", "{{").replace("}", "}}") + ("" if column is None else f"{{{index[column]}}}")
        for literal, column in template.parts
    )
    return _Composition("".join(texts))


def _checks(format_: Format, index: dict[str, int]) -> tuple[_Check, ...]:
    """Fixed widths, and the parts of a composed SKU: without one of them it would be the key of something else."""
    sku = format_.templates[Property.SKU]
    parts_of_key = () if sku.only_column else sku.columns
    columns = dict.fromkeys((*parts_of_key, *format_.fixed_widths))
    return tuple(_Check(index[column], column, format_.fixed_widths.get(column)) for column in columns)


def _require_columns(header: Row, format_: Format) -> None:
    wanted: dict[str, bool] = dict.fromkeys((*format_.fixed_widths, *format_.defaults), True)
    for made, template in format_.templates.items():
        for column in template.columns:
            wanted[column] = wanted.get(column, False) or made not in format_.optional
    missing = [column for column, required in wanted.items() if required and column not in header]
    twice = [column for column in wanted if header.count(column) > 1]
    unknown = [column for column in header if column not in wanted] if format_.exclusive else []
    if missing:
        raise _wrong_columns(f"has no column {_names(missing)}; {_found(header)}")
    if twice:
        raise _wrong_columns(f"has the column {_names(twice)} more than once, so it is not clear which one is meant")
    if unknown:
        raise _wrong_columns(f"has the column {_names(unknown)}, which the format does not know: is it misspelt?")


def _wrong_columns(message: str) -> UnreadableError:
    return UnreadableError(RefusalReason.WRONG_COLUMNS, message)


def _names(columns: Sequence[str]) -> str:
    return ", ".join(quoted(column) for column in columns[:10])


def _found(header: Row) -> str:
    if len(header) == 1:
        return f"its first line is the single column {_names(header)}: is the delimiter another one?"
    return f"its columns are {_names(header)}"


@dataclass(frozen=True, slots=True)
class _Part:
    """One file on its way into staged rows."""

    name: str
    layout: _Layout
    log: FaultLog
    tally: Tally

    def blocks(self, records: _Records) -> Iterator[bytes]:
        empty = True
        for lines, rows in records:
            empty = empty and not rows
            self.tally.rows += len(rows)
            yield self._copied(self._values(lines, rows))
        if empty:
            raise UnreadableError(RefusalReason.EMPTY_FILE, "has a header and no rows")

    def _values(self, lines: Sequence[int], rows: list[Row]) -> list[Values]:
        """The staged values of the rows that have the right shape."""
        layout = self.layout
        width, simple, constants, pick = layout.width, layout.simple, layout.constants, layout.pick
        values = []
        for line, row in zip(lines, rows, strict=True):
            if len(row) != width:
                self._note(line, RefusalReason.RAGGED_ROW, f"{len(row)} cells, but the header has {width}")
            elif simple or self._complete(line, row):
                row.extend((*constants, str(line)))
                values.append(pick(row))
        return values

    def _complete(self, line: int, row: Row) -> bool:
        """Fill in and append what a row does not have of itself; whether it is right."""
        for index, default in self.layout.defaults:
            row[index] = row[index] or default
        for check in self.layout.checks:
            wrong = check.fault(row)
            if wrong:
                self._note(line, *wrong, column=check.column)
                return False
        row += [composition.format(*row) for composition in self.layout.compositions]
        return True

    def _note(self, line: int, reason: RefusalReason, text: str, column: str | None = None) -> None:
        self.log.add(Fault(self.name, line, column, reason, text))

    def _copied(self, block: list[Values]) -> bytes:
        """Rows for COPY. Only a block with a character that needs it is looked at value by value."""
        copied = _joined(block)
        if _is_plain(copied, len(block), len(self.layout.staged) + 2):
            return copied
        return _joined([clean for values in block if (clean := self._clean(values)) is not None])

    def _clean(self, values: Values) -> Values | None:
        numbers, texts = values[:2], values[2:]
        cleaned = [text.replace("\r\n", "\n").replace("\r", "\n") for text in texts]
        for text, wanted, label in zip(cleaned, self.layout.staged, self.layout.labels, strict=True):
            allowed = _LINE_BREAKS if wanted is Property.DESCRIPTION else set()
            if not _CONTROL.isdisjoint(set(text) - allowed):
                what = f"{label} {quoted(text)} has a line break or another control character in it"
                self._note(int(numbers[1]), RefusalReason.INVALID_VALUE, what, column=label)
                return None
        return (*numbers, *(text.translate(_ESCAPES) for text in cleaned))


def _joined(block: list[Values]) -> bytes:
    return "".join([SEPARATOR.join(values) + "\n" for values in block]).encode()


def _is_plain(copied: bytes, rows: int, values: int) -> bool:
    """Whether nothing in these rows needs escaping: one separator or line end a value, and nothing else of the kind."""
    return len(copied) - len(copied.translate(None, _SPECIAL_BYTES)) == rows * values
