"""What can be wrong with the file of a price list, told so that its author can correct it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

SHOWN_FAULTS: Final = 20
SHOWN_CHARACTERS: Final = 60


class RefusalReason(StrEnum):
    """Why a file was refused: one word for each case that needs a different remedy."""

    EMPTY_FILE = "EmptyFile"
    """The file has no rows."""
    NOT_CSV = "NotCsv"
    """The file is not CSV but something else, such as a web page."""
    NOT_JSON_LINES = "NotJsonLines"
    """The file is not JSON Lines but something else, such as CSV or one JSON list."""
    BROKEN_JSON = "BrokenJson"
    """A line is not a JSON object, or names a value twice."""
    WRONG_ENCODING = "WrongEncoding"
    """The file is not encoded in UTF-8."""
    BROKEN_GZIP = "BrokenGzip"
    """The compressed file is damaged or cut off."""
    TOO_LARGE = "TooLarge"
    """The files are too large: see `TWOTIER_MAX_PLAIN_SIZE`, and what an artifact may have."""
    TOO_MANY_ROWS = "TooManyRows"
    """The files have more rows than `TWOTIER_MAX_ROWS`."""
    NOT_AN_ARCHIVE = "NotAnArchive"
    """The artifact is not a tar.gz file, or is damaged."""
    UNSAFE_ARCHIVE = "UnsafeArchive"
    """The artifact has something that an honest one does not have, or cannot be verified."""
    BROKEN_QUOTING = "BrokenQuoting"
    """A quoted cell does not end."""
    WRONG_COLUMNS = "WrongColumns"
    """The header lacks a column, or has one that is not known."""
    RAGGED_ROW = "RaggedRow"
    """A row has more or fewer cells than the header."""
    NO_ROWS_LEFT = "NoRowsLeft"
    """There are rows, but the row filter takes none, or none is valid now."""
    MIXED_ROWS = "MixedRows"
    """The rows are of several markets; a row filter chooses one."""
    LOST_LEADING_ZEROS = "LostLeadingZeros"
    """A key is shorter than its fixed width; a spreadsheet may have taken its zeros."""
    WRONG_CURRENCY = "WrongCurrency"
    """A row has another currency than the price list."""
    DUPLICATE_KEY = "DuplicateKey"
    """Two rows have the same SKU and unit, and differ."""
    INVALID_PRICE = "InvalidPrice"
    """A price is not a number, is negative, or is absurd."""
    INVALID_VALUE = "InvalidValue"
    """Another value cannot be used."""
    INVALID_RELATION = "InvalidRelation"
    """A relation leads to a product that is not in the list, or to itself."""


_WITHOUT_VALUES: Final[Mapping[RefusalReason, str]] = {
    RefusalReason.NOT_CSV: "is not CSV",
    RefusalReason.NOT_JSON_LINES: "is not JSON Lines",
    RefusalReason.BROKEN_JSON: "this is not a JSON object, or it names a value twice",
    RefusalReason.WRONG_ENCODING: "is not UTF-8",
    RefusalReason.BROKEN_GZIP: "is a gzip file that is damaged or cut off",
    RefusalReason.BROKEN_QUOTING: "a quoted cell does not end",
    RefusalReason.WRONG_COLUMNS: "lacks a column, or has one that the format does not know",
    RefusalReason.RAGGED_ROW: "there are more or fewer cells than in the header",
    RefusalReason.NO_ROWS_LEFT: "has no row that the row filter takes and that is valid now",
    RefusalReason.MIXED_ROWS: "the rows are of several markets",
    RefusalReason.LOST_LEADING_ZEROS: "a key is shorter than the format says",
    RefusalReason.WRONG_CURRENCY: "this is not the currency of the price list",
    RefusalReason.DUPLICATE_KEY: "the same offer stands on an earlier line with other content",
    RefusalReason.INVALID_PRICE: "this is not a price",
    RefusalReason.INVALID_VALUE: "the value cannot be used",
    RefusalReason.INVALID_RELATION: "this is not a relation to another product of the list",
}
"""What is said of a fault where nothing of the file may be; the texts of other reasons quote nothing of it."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong.

    Attributes:
        part: name of the file.
        line: physical line on which the record begins, counted from 1; None when the whole file is meant.
        column: what the file calls the value, if a value is meant.
        text: what is wrong, to be read after the line, or after the name of the file where the whole is meant.
    """

    part: str
    line: int | None
    column: str | None
    reason: RefusalReason
    text: str

    def without_values(self, columns: Collection[str]) -> "Fault":
        """Return this fault with nothing of the file in it.

        Args:
            columns: names that are known without the file.
        """
        column = self.column if self.column in columns else None
        told = _WITHOUT_VALUES.get(self.reason, self.text)
        return Fault(self.part, self.line, column, self.reason, told if column is None else f"{column}: {told}")

    def __str__(self) -> str:
        return f"{self.part} {self.text}" if self.line is None else f"line {self.line}: {self.text}"


class PriceListRefused(Exception):  # noqa: N818 -- a verdict on the file, not a failure of the program
    """The content was not imported, and nothing changed.

    Attributes:
        reason: of the first fault.
        faults: the first of them, in the order of the lines.
        total: how many there are.
        until: the moment, aware and in UTC, from which on other rows are valid; None if the files are refused
            at any time.
    """

    def __init__(self, faults: tuple[Fault, ...], total: int, *, until: datetime | None = None) -> None:
        self.reason = faults[0].reason
        self.faults = faults
        self.total = total
        self.until = until
        super().__init__(self._message())

    def without_values(self, columns: Collection[str]) -> "PriceListRefused":
        """Return this refusal with nothing of the files in it; see `Fault.without_values`."""
        faults = tuple(fault.without_values(columns) for fault in self.faults)
        return PriceListRefused(faults, self.total, until=self.until)

    def _message(self) -> str:
        several = len({fault.part for fault in self.faults}) > 1
        # What is said of a whole file names it already.
        told = [f"{fault.part}: {fault}" if several and fault.line is not None else str(fault) for fault in self.faults]
        if self.total > len(told):
            told.append(f"and {self.total - len(told)} more")
        return "\n".join(told)


@dataclass
class FaultLog:
    """Faults as they are found: the first of them are kept, all are counted."""

    faults: list[Fault] = field(default_factory=list)
    total: int = 0

    def add(self, fault: Fault) -> None:
        """Note one more fault, found after all others."""
        self.total += 1
        if len(self.faults) < SHOWN_FAULTS:
            self.faults.append(fault)

    def merge(self, faults: list[Fault], total: int, parts: list[str]) -> "FaultLog":
        """Return this log with faults that were found apart, in the order of the parts and their lines."""
        order = {name: number for number, name in enumerate(parts)}
        both = sorted(self.faults + faults, key=lambda fault: (order[fault.part], fault.line or 0))
        return FaultLog(both[:SHOWN_FAULTS], self.total + total)

    def refuse_if_any(self) -> None:
        """Refuse the content if anything is wrong with it.

        Raises:
            PriceListRefused: there is at least one fault.
        """
        if self.faults:
            raise PriceListRefused(tuple(self.faults), self.total)


def quoted(value: str) -> str:
    """Show a value of a file inside a message: in quotes, on one line, not too long."""
    shown = value if len(value) <= SHOWN_CHARACTERS else value[: SHOWN_CHARACTERS - 1] + "…"
    return '"' + "".join(character if character.isprintable() else "�" for character in shown) + '"'
