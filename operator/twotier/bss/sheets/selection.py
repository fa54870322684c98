"""Which rows of a file are taken: those that the row filter names and that are valid now."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter
from typing import Final

from twotier.bss.sheets.faults import Fault, RefusalReason, quoted
from twotier.bss.sheets.files import UnreadableError
from twotier.bss.sheets.format import Format, Property, Template
from twotier.bss.sheets.records import Row, RowError
from twotier.bss.sheets.validity import MomentError, validity

Read = Callable[[Row], str]

SHOWN_VALUES: Final = 10


@dataclass
class Tally:
    """What became of the rows of all files, counted while they are read.

    Attributes:
        now: the moment at which rows must be valid, aware.
        rows: read, headers apart.
        filtered_out: left out by the row filter.
        not_valid: taken by the filter, and not valid now.
        next_boundary: the next moment at which another set of rows is valid, in UTC; None if there is none.
        unwanted: some values of filtered columns that are not wanted.
        single: the values of columns that have only one.
    """

    now: datetime
    rows: int = 0
    filtered_out: int = 0
    not_valid: int = 0
    next_boundary: datetime | None = None
    unwanted: dict[str, set[str]] = field(default_factory=dict)
    single: dict[str, str] = field(default_factory=dict)

    @property
    def taken(self) -> int:
        """The rows that belong to the list."""
        return self.rows - self.filtered_out - self.not_valid

    def nothing_left(self, part: str, row_filter: Mapping[str, frozenset[str]]) -> Fault | None:
        """Say why no row was taken, if there were rows and none was."""
        if not self.rows or self.taken:
            return None
        if self.not_valid:
            when = (
                "" if self.next_boundary is None else f"; the next one is from {self.next_boundary:%Y-%m-%dT%H:%MZ} on"
            )
            text = f"has no row that is valid now ({self.now:%Y-%m-%dT%H:%MZ}){when}"
        else:
            wanted = ", ".join(f"{column} {_listed(values)}" for column, values in row_filter.items())
            found = ", ".join(f"{column} {_listed(values)}" for column, values in self.unwanted.items())
            text = f"has no row with {wanted}, which the row filter asks for; it has {found}"
        return Fault(part, None, None, RefusalReason.NO_ROWS_LEFT, text)


def _listed(values: frozenset[str] | set[str]) -> str:
    return " or ".join(quoted(value) for value in sorted(values)[:SHOWN_VALUES])


@dataclass(frozen=True, slots=True)
class Selection:
    """The choice among the rows of one file, whose columns have known positions.

    Attributes:
        filters: position and name of a column, and the values that it may have.
        single: position and name of a column that has the same value in all rows.
        start: reads the start of the validity.
        end: reads its end.
        labels: what the file calls the two.
        tally: is kept.
    """

    filters: tuple[tuple[int, str, frozenset[str]], ...]
    single: tuple[tuple[int, str], ...]
    start: Read | None
    end: Read | None
    labels: tuple[str, str]
    tally: Tally

    @property
    def takes_all(self) -> bool:
        """Whether there is nothing to choose by."""
        return not (self.filters or self.single or self.start or self.end)

    def takes(self, row: Row, line: int) -> bool:
        """Whether a row is taken; if not, it is counted.

        Raises:
            RowError: a moment cannot be read.
            UnreadableError: the row is of another market than those before.
        """
        for position, column, values in self.filters:
            value = row[position].strip()
            if value not in values:
                self._leave_out(column, value)
                return False
        for position, column in self.single:
            self._require_same(column, row[position].strip(), line)
        return (self.start is None and self.end is None) or self._is_valid(row)

    def _leave_out(self, column: str, value: str) -> None:
        self.tally.filtered_out += 1
        unwanted = self.tally.unwanted.setdefault(column, set())
        if len(unwanted) < SHOWN_VALUES:
            unwanted.add(value)

    def _require_same(self, column: str, value: str, line: int) -> None:
        first = self.tally.single.setdefault(column, value)
        if value != first:
            raise UnreadableError(
                RefusalReason.MIXED_ROWS,
                f"{column} is {quoted(value)}, and {quoted(first)} in the rows before: a price list is of one; "
                f"choose it with rowFilter, such as {column}: [{first}]",
                line,
            )

    def _is_valid(self, row: Row) -> bool:
        texts = tuple("" if read is None else read(row).strip() for read in (self.start, self.end))
        try:
            found = validity(*texts)
        except MomentError as error:
            label = self.labels[error.is_end]
            raise RowError(
                RefusalReason.INVALID_VALUE, f"{label} {quoted(texts[error.is_end])} {error}", label
            ) from None
        tally = self.tally
        boundary = found.next_boundary(tally.now)
        if boundary is not None and (tally.next_boundary is None or boundary < tally.next_boundary):
            tally.next_boundary = boundary
        if found.includes(tally.now):
            return True
        tally.not_valid += 1
        return False


def selection(format_: Format, index: Mapping[str, int], tally: Tally) -> Selection:
    """Return the choice that a format makes among rows whose columns have these positions."""
    start, end = (
        _reads(format_.templates.get(wanted), index) for wanted in (Property.VALID_FROM, Property.VALID_UNTIL)
    )
    return Selection(
        filters=tuple((index[column], column, values) for column, values in format_.row_filter.items()),
        single=tuple((index[column], column) for column in sorted(format_.single)),
        start=start,
        end=end,
        labels=(format_.label(Property.VALID_FROM), format_.label(Property.VALID_UNTIL)),
        tally=tally,
    )


def _reads(template: Template | None, index: Mapping[str, int]) -> Read | None:
    """How a value is read from a row; None where the file has no such column, which only an optional one may lack."""
    if template is None or any(column not in index for column in template.columns):
        return None
    if template.only_column is not None:
        return itemgetter(index[template.only_column])
    pattern = template.pattern(index)
    return lambda row: pattern.format(*row)
