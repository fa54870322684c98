"""How much one price list may hold. Memory, disk and time that its files can take grow with these numbers alone."""

from dataclasses import dataclass
from typing import Final

MEBIBYTE: Final = 1 << 20
LINES_OF_ROW: Final = 10


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits on all files of one price list together.

    The largest public lists have some 110,000 offers, and a sheet of all markets about a million rows, most of which
    the row filter leaves out. A small file cannot be told by its size: a mebibyte of gzip may hold 170 million rows.

    Attributes:
        rows: that are taken: those that the row filter leaves out, or that are not valid, are not counted.
        total: bytes after decompression, and of the values that a format makes of them.
        line: bytes of one line.
    """

    rows: int = 1_000_000
    total: int = 512 * MEBIBYTE
    line: int = MEBIBYTE // 4

    @property
    def lines(self) -> int:
        """Of the files, those of all rows that are left out among them: blank lines take time, too."""
        return LINES_OF_ROW * self.rows
