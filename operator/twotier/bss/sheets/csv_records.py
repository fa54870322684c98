"""The records of a CSV file."""

import csv
from collections.abc import Iterator
from itertools import accumulate, compress, islice
from typing import Final, TextIO

from twotier.bss.sheets.faults import RefusalReason
from twotier.bss.sheets.files import UnreadableError
from twotier.bss.sheets.format import Csv
from twotier.bss.sheets.records import CHARACTERS_IN_BLOCK, ROWS_IN_BLOCK, Block, Row

_QUOTING: Final = {
    "unexpected end of data": "the quotation mark that opens a value of this record is never closed",
    "field larger than field limit": "a value is too long: a closing quotation mark may be missing",
    "expected after": "text follows a closing quotation mark: a quotation mark inside a value is written twice",
}


class CsvRecords:
    """The records of a CSV file, in blocks, each with the physical line that it begins on."""

    def __init__(self, text: TextIO, dialect: Csv) -> None:
        lines = self._counted(text)
        self._reader = csv.reader(lines, delimiter=dialect.delimiter, quotechar=dialect.quote, strict=True)
        self._next_line = 1
        self._characters = 0

    def header(self) -> Row:
        """Return the first record that is not blank."""
        try:
            for row in self._reader:
                self._characters = 0
                self._next_line = self._reader.line_num + 1
                if row:
                    return [cell.strip() for cell in row]
        except csv.Error as error:
            raise self._broken(error) from None
        raise UnreadableError(RefusalReason.EMPTY_FILE, "is empty")

    def __iter__(self) -> Iterator[Block]:
        """Give all other records that are not blank; those before the place where the file breaks come first."""
        try:
            yield from self._blocks()
        except csv.Error as error:
            raise self._broken(error) from None

    def _blocks(self) -> Iterator[Block]:
        more = True
        while more:
            rows: list[Row] = []
            self._characters = 0
            try:
                for row in islice(self._reader, ROWS_IN_BLOCK):
                    rows.append(row)
                    if self._characters > CHARACTERS_IN_BLOCK:
                        break
                else:
                    more = len(rows) == ROWS_IN_BLOCK
            finally:
                yield self._numbered(rows)

    def _counted(self, text: TextIO) -> Iterator[str]:
        """The lines of the file; a record may be of any number of them, and of any number of cells."""
        for line in text:
            self._characters += len(line)
            if self._characters > 2 * CHARACTERS_IN_BLOCK:
                raise UnreadableError(
                    RefusalReason.BROKEN_QUOTING,
                    f"this record, or one soon after it, is longer than {CHARACTERS_IN_BLOCK:,} characters: a closing "
                    "quotation mark may be missing",
                    self._next_line,
                )
            yield line

    def _numbered(self, rows: list[Row]) -> Block:
        """The lines of rows are counted only where one has several, or is blank; blank ones are left out."""
        first, self._next_line = self._next_line, self._reader.line_num + 1
        if self._next_line - first == len(rows) and all(rows):
            return range(first, self._next_line), rows
        lines = list(accumulate((_lines(row) for row in rows), initial=first))
        self._next_line = lines.pop()
        return list(compress(lines, rows)), list(filter(None, rows))

    def _broken(self, error: csv.Error) -> UnreadableError:
        found = (said for told, said in _QUOTING.items() if told in str(error))
        message = next(found, f"this is not CSV ({error})")
        return UnreadableError(RefusalReason.BROKEN_QUOTING, message, self._next_line)


def _lines(row: Row) -> int:
    return 1 + sum(cell.count("\n") + cell.count("\r") - cell.count("\r\n") for cell in row)
