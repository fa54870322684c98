"""A format applied to the columns of one file: where each value of a row comes from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Final

from twotier.bss.sheets.faults import RefusalReason, quoted
from twotier.bss.sheets.files import UnreadableError
from twotier.bss.sheets.format import Format, Property, Template
from twotier.bss.sheets.records import Row, RowError
from twotier.bss.sheets.selection import Selection, Tally, selection

# Whether a row is valid is known before it is copied.
_NOT_STAGED: Final = frozenset({Property.VALID_FROM, Property.VALID_UNTIL})

LONGEST_COMPOSITION: Final = 20_000

Values = tuple[str, ...]


def staged_columns(format_: Format) -> tuple[Property, ...]:
    """The properties of which staged rows have values, in their order; part and line come before them."""
    return tuple(wanted for wanted in Property if wanted in format_.templates and wanted not in _NOT_STAGED)


@dataclass(frozen=True, slots=True)
class Check:
    """What the cell of a column must be like before it becomes part of a key."""

    position: int
    column: str
    width: int | None

    def apply(self, row: Row) -> None:
        """Take white space away, and refuse what cannot be part of a key.

        Raises:
            RowError: the cell is empty, or has another width than it must.
        """
        value = row[self.position] = row[self.position].strip()
        if not value:
            raise RowError(RefusalReason.INVALID_VALUE, f"{self.column} is empty", self.column)
        if self.width is not None and len(value) != self.width:
            self._refuse_width(value, self.width)

    def _refuse_width(self, value: str, width: int) -> None:
        has = f"{self.column} {quoted(value)} has {len(value)} characters, but the format says {width}"
        if len(value) > width:
            raise RowError(RefusalReason.INVALID_VALUE, has, self.column)
        lost = f"{has}: a spreadsheet may have taken leading zeros away"
        raise RowError(RefusalReason.LOST_LEADING_ZEROS, lost, self.column)


@dataclass(frozen=True, slots=True)
class Layout:
    """A format applied to the columns of one file.

    Attributes:
        width: cells that a row has.
        defaults: what stands for an empty cell, by its position.
        selection: which rows are taken.
        checks: of the columns that keys are made of.
        compositions: formats of values that are made of several cells, appended to a row first.
        constants: appended next; the line comes last.
        pick: takes the part, the line and the staged values out of such a row.
        staged: the properties that it takes.
        labels: what a person would call each of them.
    """

    width: int
    defaults: tuple[tuple[int, str], ...]
    selection: Selection
    checks: tuple[Check, ...]
    compositions: tuple[str, ...]
    constants: tuple[str, ...]
    pick: Callable[[Row], Values]
    staged: tuple[Property, ...]
    labels: tuple[str, ...]

    @property
    def simple(self) -> bool:
        """Whether every row of the right width is taken, and needs no more than what all rows get."""
        return self.selection.takes_all and not (self.defaults or self.checks or self.compositions)

    def complete(self, row: Row, line: int) -> bool:
        """Fill in and append what a row does not have of itself; whether it is taken.

        Raises:
            RowError: it is taken and wrong.
            UnreadableError: it cannot be in one list with those before.
        """
        for position, default in self.defaults:
            row[position] = row[position] or default
        if not self.selection.takes(row, line):
            return False
        for check in self.checks:
            check.apply(row)
        row += [_composed(composition, row) for composition in self.compositions]
        return True


def layout(part: int, header: Row, format_: Format, tally: Tally) -> Layout:
    """Apply a format to a file with this header.

    Raises:
        UnreadableError: the file has other columns.
    """
    _require_columns(header, format_)
    index = {column: position for position, column in enumerate(header)}
    staged = staged_columns(format_)
    made = [_made(format_.templates[wanted], index) for wanted in staged]
    constants = list(dict.fromkeys((_Constant(str(part)), *(value for value in made if isinstance(value, _Constant)))))
    compositions = list(dict.fromkeys(value for value in made if isinstance(value, _Composition)))
    appended = [*compositions, *constants]
    positions = [value if isinstance(value, int) else len(header) + appended.index(value) for value in made]
    return Layout(
        width=len(header),
        defaults=tuple((index[column], value) for column, value in format_.defaults.items()),
        selection=selection(format_, index, tally),
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


def _composed(pattern: str, row: Row) -> str:
    """A value made of several cells; one cell may stand in it a hundred times."""
    value = pattern.format(*row)
    if len(value) > LONGEST_COMPOSITION:
        raise RowError(
            RefusalReason.INVALID_VALUE,
            f"the cells make a value of {len(value):,} characters, and {LONGEST_COMPOSITION:,} are the most",
        )
    return value


def _made(template: Template, index: Mapping[str, int]) -> int | _Constant | _Composition:
    """Where a value comes from: a position in the row, a constant (empty when a column is absent), or several cells."""
    if any(column not in index for column in template.columns):
        return _Constant("")
    if template.only_column is not None:
        return index[template.only_column]
    if not template.columns:
        return _Constant(template.constant)
    return _Composition(template.pattern(index))


def _checks(format_: Format, index: Mapping[str, int]) -> tuple[Check, ...]:
    """Fixed widths, what must be there, and the parts of a composed SKU: it would be the key of something else."""
    sku = format_.templates[Property.SKU]
    parts_of_key = () if sku.only_column else sku.columns
    columns = dict.fromkeys((*parts_of_key, *format_.fixed_widths, *sorted(format_.filled)))
    return tuple(Check(index[column], column, format_.fixed_widths.get(column)) for column in columns)


def _require_columns(header: Row, format_: Format) -> None:
    wanted = format_.columns
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
