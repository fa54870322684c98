"""From files to the rows that COPY takes: streamed, with the physical line of each, and nothing judged but the shape.

Rows that are not wanted are left out, and so are those whose shape is wrong, which is noted; values are judged in the
database, all at once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TextIO

from twotier.bss.sheets.csv_records import CsvRecords
from twotier.bss.sheets.faults import Fault, FaultLog, PriceListRefused, RefusalReason, quoted
from twotier.bss.sheets.files import LimitError, Measure, UnreadableError, open_text, undecodable
from twotier.bss.sheets.format import Csv, Format, Property
from twotier.bss.sheets.json_records import JsonRecords
from twotier.bss.sheets.layout import Layout, Values, layout
from twotier.bss.sheets.records import Records, Row, RowError
from twotier.bss.sheets.selection import Tally
from twotier.limits import Limits

# How rows are handed to COPY. The separator is refused in values, like every control character.
SEPARATOR: Final = "\x1f"

_CONTROL: Final = {chr(code) for code in (*range(32), 127)}
_LINE_BREAKS: Final = {"\n", "\t"}
_SPECIAL_BYTES: Final = bytes(sorted({ord(character) for character in _CONTROL} | {ord("\\")}))
_ESCAPES: Final = str.maketrans({"\\": "\\\\", "\n": "\\n", "\t": "\\t"})


@dataclass(frozen=True, slots=True)
class Part:
    """One complete file of a price list, with its header where the notation has one.

    Attributes:
        name: what people call it, in messages and in the record of the import.
        content: its bytes, plain or compressed with gzip.
        confidential: whether those who declared the list may not read it, so that no message quotes anything in it.
    """

    name: str
    content: bytes
    confidential: bool = False


def are_within(parts: Sequence[Part], limits: Limits) -> bool:
    """Whether files are within limits, by size and lines; no more of them is decompressed than that."""
    measure = Measure(limits)
    try:
        for part in parts:
            measure.add_file(part.content)
    except LimitError:
        return False
    except UnreadableError:
        return True  # up to the place where it is damaged, which is all of it that is read
    return True


def staged_blocks(
    parts: Sequence[Part], format_: Format, log: FaultLog, limits: Limits, tally: Tally
) -> Iterator[bytes]:
    """Read files into blocks of rows in the text format of COPY, with SEPARATOR between values and nothing for null.

    Args:
        parts: the files, in the order in which their rows are told apart.
        format_: how they are read.
        log: gets what is wrong. A file that cannot be read on ends at that place; the next one is read all the same.
        limits: of all files together.
        tally: is kept while rows are read.

    Raises:
        PriceListRefused: the files are beyond the limits; they were read up to there.
    """
    measure = Measure(limits)
    for number, part in enumerate(parts):
        try:
            measure.add_file(part.content)
            with open_text(part.content, limits, format_.notation) as text:
                yield from _Part(part, format_, log, tally, measure).blocks(number, text)
        except UnicodeDecodeError:
            log.add(_whole(part, undecodable(part.content)))
        except LimitError as error:
            raise PriceListRefused((_whole(part, error),), 1) from error
        except UnreadableError as error:
            log.add(_whole(part, error))
    nothing_left = tally.nothing_left(parts[-1].name, format_.row_filter)
    if nothing_left is not None and not log.faults:
        log.add(nothing_left)


def _whole(part: Part, error: UnreadableError) -> Fault:
    return Fault(part.name, error.line, None, error.reason, str(error))


@dataclass(frozen=True, slots=True)
class _Part:
    """A file that is being read into staged rows."""

    part: Part
    format_: Format
    log: FaultLog
    tally: Tally
    measure: Measure

    def blocks(self, number: int, text: TextIO) -> Iterator[bytes]:
        records = self._records(text)
        taken = layout(number, records.header(), self.format_, self.tally)
        empty, faults_before = True, self.log.total
        for lines, rows in records:
            empty = empty and not rows
            self.tally.rows += len(rows)
            block = self._copied(self._values(lines, rows, taken), taken)
            self.measure.add_rows(self.tally.taken, block)
            yield block
        if empty and self.log.total == faults_before:
            raise UnreadableError(RefusalReason.EMPTY_FILE, "has a header and no rows")

    def _records(self, text: TextIO) -> Records:
        notation = self.format_.notation
        return CsvRecords(text, notation) if isinstance(notation, Csv) else JsonRecords(text, self.format_, self._note)

    def _values(self, lines: Sequence[int], rows: list[Row], taken: Layout) -> list[Values]:
        """The staged values of the rows that are wanted and have the right shape."""
        width, simple, constants, pick = taken.width, taken.simple, taken.constants, taken.pick
        values = []
        for line, row in zip(lines, rows, strict=True):
            if len(row) != width:
                ragged = f"{len(row)} cells, but the header has {width}"
                self._note(RowError(RefusalReason.RAGGED_ROW, ragged), line)
            elif simple or self._complete(line, row, taken):
                row.extend((*constants, str(line)))
                values.append(pick(row))
        return values

    def _complete(self, line: int, row: Row, taken: Layout) -> bool:
        try:
            return taken.complete(row, line)
        except RowError as error:
            self._note(error, line)
            return False

    def _note(self, error: RowError, line: int) -> None:
        self.log.add(Fault(self.part.name, line, error.column, error.reason, str(error)))

    def _copied(self, block: list[Values], taken: Layout) -> bytes:
        """Rows for COPY. Only a block with a character that needs it is looked at value by value."""
        copied = _joined(block)
        if _is_plain(copied, len(block), len(taken.staged) + 2):
            return copied
        return _joined([clean for values in block if (clean := self._clean(values, taken)) is not None])

    def _clean(self, values: Values, taken: Layout) -> Values | None:
        numbers, texts = values[:2], values[2:]
        cleaned = [text.replace("\r\n", "\n").replace("\r", "\n") for text in texts]
        for text, wanted, label in zip(cleaned, taken.staged, taken.labels, strict=True):
            allowed = _LINE_BREAKS if wanted is Property.DESCRIPTION else set()
            if not _CONTROL.isdisjoint(set(text) - allowed):
                what = f"{label} {quoted(text)} has a line break or another control character in it"
                self._note(RowError(RefusalReason.INVALID_VALUE, what, label), int(numbers[1]))
                return None
        return (*numbers, *(text.translate(_ESCAPES) for text in cleaned))


def _joined(block: list[Values]) -> bytes:
    return "".join([SEPARATOR.join(values) + "\n" for values in block]).encode()


def _is_plain(copied: bytes, rows: int, values: int) -> bool:
    """Whether nothing in these rows needs escaping: one separator or line end a value, and nothing else of the kind."""
    return len(copied) - len(copied.translate(None, _SPECIAL_BYTES)) == rows * values
