"""What the rows of a file are before a format is applied to them, whatever the notation."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final, Protocol

from twotier.bss.sheets.faults import RefusalReason

# Blocks are as small as the caches of a processor: larger ones take longer.
ROWS_IN_BLOCK: Final = 500
# A block ends early where rows are long, and no record is longer than this: it is in memory as a whole.
CHARACTERS_IN_BLOCK: Final = 1 << 20

Row = list[str]
Block = tuple[Sequence[int], list[Row]]
"""The physical line that each row begins on, and the rows."""
Note = Callable[["RowError", int], None]
"""Notes a fault of the row on a line."""


class RowError(Exception):
    """A row that is wrong for itself; the message is to be read after its line.

    Attributes:
        reason: why it is refused.
        column: what the file calls the value that is wrong, if one is.
    """

    def __init__(self, reason: RefusalReason, message: str, column: str | None = None) -> None:
        super().__init__(message)
        self.reason = reason
        self.column = column


class Records(Protocol):
    """The rows of one file, to be read once: the header first."""

    def header(self) -> Row:
        """Return the names of the columns, in the order of the cells of each row.

        Raises:
            UnreadableError: the file has none.
        """

    def __iter__(self) -> Iterator[Block]:
        """Give the rows in blocks.

        Raises:
            UnreadableError: the file cannot be read on.
        """
