"""The objects of a file in JSON Lines: one on each line, whose keys are the columns."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import islice
from typing import Any, Final, TextIO

from twotier.bss.sheets.faults import RefusalReason, quoted
from twotier.bss.sheets.files import UnreadableError
from twotier.bss.sheets.format import REQUIRED, Format
from twotier.bss.sheets.records import CHARACTERS_IN_BLOCK, ROWS_IN_BLOCK, Block, Note, Row, RowError

_KINDS: Final = {dict: "an object", list: "a list", str: "a single value", bool: "true or false", type(None): "null"}

Entry = Mapping[str, Any]
Line = tuple[int, str]


class JsonRecords:
    """The objects of a file, in blocks, as rows with the columns that the format needs; a blank line is passed over.

    A key that an object does not have is an empty cell. Each line stands for itself, so one that is not an object is
    noted, and the next one is read.

    Args:
        text: the file.
        format_: says which keys are needed, and whether others are refused.
        note: takes what is wrong with a line.
    """

    def __init__(self, text: TextIO, format_: Format, note: Note) -> None:
        self._lines = enumerate(text, start=1)
        self._format = format_
        self._note = note
        self._columns = tuple(format_.columns)
        self._known = format_.columns.keys()
        self._unseen = {column for column, required in format_.columns.items() if required}
        self._first: list[Line] = []
        # Numbers stay as they are written: a price is never a float.
        self._decoder = json.JSONDecoder(object_pairs_hook=_object, parse_float=str, parse_int=str, parse_constant=str)

    def header(self) -> Row:
        """Return the columns that the format needs; the first object must have those of the key and the price."""
        found = next(((line, text) for line, text in self._lines if not text.isspace()), None)
        if found is None:
            raise UnreadableError(RefusalReason.EMPTY_FILE, "is empty")
        self._first = [found]
        _require_object(found[1])
        with suppress(RowError):  # noted when the line is read as a row
            self._require_keys(self._entry(found[1]))
        return list(self._columns)

    def __iter__(self) -> Iterator[Block]:
        """Give a row for each line that is an object of single values."""
        lines = self._all_lines()
        while block := _block(lines):
            rows = [(line, row) for line, text in block if (row := self._row(line, text)) is not None]
            yield [line for line, _ in rows], [row for _, row in rows]
        self._require_seen()

    def _all_lines(self) -> Iterator[Line]:
        yield from self._first
        yield from ((line, text) for line, text in self._lines if not text.isspace())

    def _row(self, line: int, text: str) -> Row | None:
        try:
            entry = self._entry(text)
            if self._format.exclusive and not entry.keys() <= self._known:
                _refuse_unknown(entry.keys() - self._known)
            self._unseen -= entry.keys()
            return _cells(entry, self._columns, text)
        except RowError as error:
            self._note(error, line)
            return None

    def _entry(self, text: str) -> Entry:
        try:
            entry = self._decoder.decode(text)
        except json.JSONDecodeError as error:
            raise RowError(RefusalReason.BROKEN_JSON, f"is not JSON from character {error.pos + 1} on") from None
        except RecursionError:
            raise RowError(RefusalReason.BROKEN_JSON, "is not a row: its values are nested too deeply") from None
        if not isinstance(entry, dict):
            raise RowError(RefusalReason.BROKEN_JSON, f"is {_kind(entry)}, and no object with the values of a row")
        return entry

    def _require_keys(self, entry: Entry) -> None:
        needed = (column for wanted in REQUIRED for column in self._format.templates[wanted].columns)
        missing = [column for column in needed if column not in entry]
        if missing:
            raise _without(missing, f"its first object has {_names(entry)}")

    def _require_seen(self) -> None:
        if self._unseen:
            raise _without(sorted(self._unseen), "no object has it")


def _block(lines: Iterator[Line]) -> list[Line]:
    """The next lines, and fewer of them where they are long; none at the end."""
    block, characters = [], 0
    for line in islice(lines, ROWS_IN_BLOCK):
        block.append(line)
        characters += len(line[1])
        if characters > CHARACTERS_IN_BLOCK:
            break
    return block


def _object(pairs: list[tuple[str, Any]]) -> Entry:
    entry = dict(pairs)
    if len(entry) < len(pairs):
        times = Counter(name for name, _ in pairs)
        twice = next(name for name in times if times[name] > 1)
        raise RowError(RefusalReason.BROKEN_JSON, f"has {quoted(twice)} more than once", twice)
    return entry


def _require_object(text: str) -> None:
    """Tell apart what is often delivered in place of JSON Lines, by its first line."""
    if text.strip() == "{":
        wrong = "is JSON over several lines, and in JSON Lines each object has one line"
    elif not text.lstrip().startswith("{"):
        wrong = f"begins with {quoted(text.strip())}, and not with a JSON object: is the type CSV?"
    else:
        return
    raise UnreadableError(RefusalReason.NOT_JSON_LINES, wrong)


def _refuse_unknown(names: set[str]) -> None:
    column = min(names)
    message = f"has {quoted(column)}, which the format does not know: is it misspelt?"
    raise RowError(RefusalReason.WRONG_COLUMNS, message, column)


def _cells(entry: Entry, columns: tuple[str, ...], text: str) -> Row:
    cells = [_cell(column, entry.get(column)) for column in columns]
    # Only an escape can stand for half a character, which no text in the database may have.
    if "\\u" in text:
        _require_characters(cells, columns)
    return cells


def _cell(column: str, value: object) -> str:
    match value:
        case str():
            return value
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case _:
            raise RowError(RefusalReason.INVALID_VALUE, f"{column} is {_kind(value)}, and not a single value", column)


def _require_characters(cells: Row, columns: tuple[str, ...]) -> None:
    for column, cell in zip(columns, cells, strict=True):
        try:
            cell.encode()
        except UnicodeEncodeError as error:
            escape = f"\\u{ord(cell[error.start]):04x}"
            message = f"{column} has {escape} in it, which is half of a character"
            raise RowError(RefusalReason.INVALID_VALUE, message, column) from None


def _kind(value: object) -> str:
    return _KINDS[type(value)]


def _without(columns: list[str], found: str) -> UnreadableError:
    names = ", ".join(quoted(column) for column in columns[:10])
    return UnreadableError(RefusalReason.WRONG_COLUMNS, f"has no key {names}; {found}")


def _names(entry: Entry) -> str:
    return ", ".join(quoted(column) for column in list(entry)[:10]) or "none"
