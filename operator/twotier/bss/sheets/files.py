"""From the bytes of a file to its text: gzip, size and encoding, without ever holding the text as a whole."""

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Final, TextIO

from twotier.bss.sheets.faults import RefusalReason
from twotier.bss.sheets.format import Csv, JsonLines, Notation
from twotier.limits import LINES_OF_ROW, Limits

GZIP: Final = b"\x1f\x8b"
CHUNK: Final = 1 << 18
MEBIBYTE: Final = 1 << 20

# What is often delivered in place of a price list, by its first bytes.
_IMPOSTORS: Final = (
    (b"<", "is a web page or XML, not {notation}: the address may have answered with a sign-in page"),
    (b"PK\x03\x04", "is a spreadsheet or a zip archive, not {notation}: export it as {notation}"),
    (b"\xd0\xcf\x11\xe0", "is a spreadsheet, not {notation}: export it as {notation}"),
    (b"%PDF", "is a PDF document, not {notation}"),
)
_NOT_CSV: Final = (
    (b"{", "is JSON, not CSV: if each of its lines is an object, declare type: JSONLines"),
    (b"[", "is JSON, not CSV"),
)
_NOT_JSON_LINES: Final = ((b"[", "is one JSON list, not JSON Lines: write each object on a line of its own"),)
_EXPECTED: Final[Mapping[type[Notation], tuple[str, RefusalReason, tuple[tuple[bytes, str], ...]]]] = {
    Csv: ("CSV", RefusalReason.NOT_CSV, _NOT_CSV),
    JsonLines: ("JSON Lines", RefusalReason.NOT_JSON_LINES, _NOT_JSON_LINES),
}


class UnreadableError(Exception):
    """A file that cannot be read to its end; the message says why, to be read after the line."""

    def __init__(self, reason: RefusalReason, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.reason = reason
        self.line = line


class LimitError(UnreadableError):
    """The files of a list are beyond its limits: there is no use in reading the others."""


@dataclass
class Measure:
    """How much the files of one list hold, counted while they are read.

    Attributes:
        limits: of all of them together.
        size: bytes of the files, decompressed.
        lines: of the files.
        staged: bytes of what the format makes of them: it may use a column several times.
    """

    limits: Limits
    size: int = 0
    lines: int = 0
    staged: int = 0

    def add_file(self, content: bytes) -> None:
        """Count what is in one more file; nothing beyond the limits is decompressed.

        Raises:
            LimitError: it is too much.
            UnreadableError: it is a gzip file that is damaged or ends too early.
        """
        for chunk in _decompressed(content) if content.startswith(GZIP) else (content,):
            self.size += len(chunk)
            self.lines += max(chunk.count(b"\n"), chunk.count(b"\r"))
            self._require_size(self.size, "decompressed")
            if self.lines > self.limits.lines:
                raise _too_many(f"{self.limits.lines:,} lines, {LINES_OF_ROW} for each of {self.limits.rows:,} rows")

    def add_rows(self, taken: int, staged: bytes) -> None:
        """Count rows that were read.

        Args:
            taken: how many rows were taken so far.
            staged: the last of them, as the format makes them.

        Raises:
            LimitError: it is too much.
        """
        self.staged += len(staged)
        self._require_size(self.staged, "in the values that the format makes of it")
        if taken > self.limits.rows:
            raise _too_many(f"{self.limits.rows:,} rows")

    def _require_size(self, size: int, of_what: str) -> None:
        if size > self.limits.total:
            raise LimitError(
                RefusalReason.TOO_LARGE,
                f"takes the list beyond {self.limits.total // MEBIBYTE} MiB {of_what}, the most that a price list may "
                "have: divide the list, or have TWOTIER_MAX_PLAIN_SIZE raised",
            )


def _too_many(most: str) -> LimitError:
    return LimitError(
        RefusalReason.TOO_MANY_ROWS,
        f"takes the list beyond {most}, the most that a price list may have: divide the list, leave rows out with "
        "rowFilter, or have TWOTIER_MAX_ROWS raised",
    )


def open_text(content: bytes, limits: Limits, notation: Notation) -> TextIO:
    """Open a file that was measured, as lines with their line ends. A byte order mark is taken away.

    Raises:
        UnreadableError: at once when it is not text; when it is read, for a line that is too long.
    """
    start = _raw(content).read(64)
    if not start:
        raise UnreadableError(RefusalReason.EMPTY_FILE, "is empty")
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableError(RefusalReason.WRONG_ENCODING, "is encoded as UTF-16: save it as UTF-8")
    visible = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    name, reason, own = _EXPECTED[type(notation)]
    for signature, message in (*_IMPOSTORS, *own):
        if visible.startswith(signature):
            raise UnreadableError(reason, message.format(notation=name))
    too_long = UnreadableError(
        reason, f"has a line longer than {limits.line} bytes, so it is not a price list in {name}"
    )
    bounded = io.BufferedReader(_BoundedLines(_raw(content), limits.line, too_long), CHUNK)
    return io.TextIOWrapper(bounded, encoding="utf-8-sig", newline="")


def undecodable(content: bytes) -> UnreadableError:
    """Tell where a file that turned out not to be UTF-8 has its first wrong byte."""
    lines, decoder = 1, codecs.getincrementaldecoder("utf-8")()
    for chunk in chain(_chunks(_raw(content)), (b"",)):
        try:
            decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            # What was held back of the chunk before comes first in the bytes that the error is about.
            line = lines + error.object.count(b"\n", 0, error.start)
            wrong = f"byte 0x{error.object[error.start]:02X} is not UTF-8: save the file as UTF-8"
            return UnreadableError(RefusalReason.WRONG_ENCODING, wrong, line)
        lines += chunk.count(b"\n")
    return UnreadableError(RefusalReason.WRONG_ENCODING, "is not UTF-8: save the file as UTF-8")


def _raw(content: bytes) -> io.BufferedIOBase:
    plain = io.BytesIO(content)
    return gzip.GzipFile(fileobj=plain) if content.startswith(GZIP) else plain


def _chunks(file: io.BufferedIOBase) -> Iterator[bytes]:
    return iter(partial(file.read, CHUNK), b"")


def _decompressed(content: bytes) -> Iterator[bytes]:
    try:
        yield from _chunks(_raw(content))
    except EOFError:
        raise UnreadableError(
            RefusalReason.BROKEN_GZIP, "is a gzip file that ends too early: it was not transferred as a whole"
        ) from None
    except (gzip.BadGzipFile, zlib.error) as error:
        raise UnreadableError(RefusalReason.BROKEN_GZIP, f"is a damaged gzip file ({error})") from None


class _BoundedLines(io.RawIOBase):
    """Bytes of which no line is longer than a limit: the text layer above would hold it in memory as a whole."""

    def __init__(self, source: io.BufferedIOBase, limit: int, too_long: UnreadableError) -> None:
        self._source = source
        self._limit = limit
        self._too_long = too_long
        self._open_line = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # what BufferedReader hands over
        count = self._source.readinto(buffer)
        chunk = bytes(buffer[:count])
        line_end = max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
        self._open_line = count - line_end - 1 if line_end >= 0 else self._open_line + count
        if self._open_line > self._limit:
            raise self._too_long
        return count
