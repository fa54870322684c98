"""Files from an untrusted tar.gz: streamed, bounded, and never written to disk."""

import gzip
import io
import shutil
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import IO, Final, NoReturn, Self

from twotier.bss.sheets.faults import RefusalReason, quoted
from twotier.bss.sheets.files import CHUNK, GZIP, MEBIBYTE

SHOWN_NAMES: Final = 5
LONGEST_METADATA: Final = 1 << 16
METADATA_TYPES: Final = (
    tarfile.XHDTYPE,
    tarfile.XGLTYPE,
    tarfile.SOLARIS_XHDTYPE,
    tarfile.GNUTYPE_LONGNAME,
    tarfile.GNUTYPE_LONGLINK,
)
UNREADABLE: Final = (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError, ValueError)
"""What the standard library raises for a damaged archive, depending on where the damage is."""


class ArchiveRefused(Exception):  # noqa: N818 -- a verdict on the archive, not a failure of the program
    """Nothing was extracted from the archive; the message says why, and follows the archive's name."""

    def __init__(self, reason: RefusalReason, message: str) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits on what is read from an archive.

    Attributes:
        size: bytes after decompression, those of unwanted files included.
        entries: of all kinds.
        files: that are wanted.
        held: bytes of those files, compressed, which are kept in memory.
    """

    size: int = 512 * MEBIBYTE
    entries: int = 100_000
    files: int = 200
    held: int = 64 * MEBIBYTE


@dataclass(frozen=True, slots=True)
class Contents:
    """What was found in an archive.

    Attributes:
        files: the wanted ones by their path, sorted; each compressed with gzip.
        others: paths of some other files, for the message when nothing was found.
    """

    files: Mapping[str, bytes]
    others: tuple[str, ...]


def extract(archive: IO[bytes], wanted: str, limits: Limits) -> Contents:
    """Extract files from a tar.gz.

    Links and devices are not files: a wanted one is refused, others are skipped.

    Args:
        wanted: the path of one file, or a glob: * and ? stand for characters of one name, never for a '/'.

    Raises:
        ArchiveRefused: it is not a tar.gz, is too large, or looks malicious.
    """
    files: dict[str, bytes] = {}
    others: list[str] = []
    try:
        with _opened(archive, limits) as entries:
            for entry in _each(entries, limits):
                path = _path_inside(entry.name)
                if entry.isdir():
                    continue
                if matches(path, wanted):
                    files[path] = _compressed(_file(entries, entry), limits)
                    _require_little(files, wanted, limits)
                elif len(others) < SHOWN_NAMES:
                    others.append(path)
    except RecursionError:
        raise ArchiveRefused(RefusalReason.UNSAFE_ARCHIVE, "has an entry with endlessly nested metadata") from None
    except UNREADABLE as error:
        raise ArchiveRefused(RefusalReason.NOT_AN_ARCHIVE, "is damaged, or not a tar.gz at all") from error
    return Contents(dict(sorted(files.items())), tuple(others))


def matches(path: str, wanted: str) -> bool:
    """Return whether a path in an archive is the wanted one, or matches the glob."""
    names, patterns = path.split("/"), wanted.removeprefix("./").split("/")
    return path == wanted or (
        len(names) == len(patterns) and all(fnmatchcase(*both) for both in zip(names, patterns, strict=True))
    )


def _sparse_file() -> ArchiveRefused:
    return ArchiveRefused(RefusalReason.UNSAFE_ARCHIVE, "has a sparse file, which cannot be a price list")


class _Entry(tarfile.TarInfo):
    """Limits metadata: the standard library would keep it in memory, whatever its declared length."""

    def _proc_gnusparse_10(self, *_: object) -> NoReturn:
        """Refuse a map of holes before the content, instead of reading it."""
        raise _sparse_file()

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        entry = super().frombuf(buf, encoding, errors)
        if entry.type == tarfile.GNUTYPE_SPARSE:
            raise _sparse_file()
        if entry.type in METADATA_TYPES and entry.size > LONGEST_METADATA:
            raise ArchiveRefused(
                RefusalReason.UNSAFE_ARCHIVE, f"has an entry with more than {LONGEST_METADATA // 1024} KiB of metadata"
            )
        return entry


class _Bounded(gzip.GzipFile):
    """The decompressed bytes, up to the limit."""

    def __init__(self, archive: IO[bytes], limit: int) -> None:
        super().__init__(fileobj=archive)
        self._limit = limit

    def read(self, size: int | None = -1) -> bytes:
        chunk = super().read(size)
        if self.tell() > self._limit:
            raise ArchiveRefused(
                RefusalReason.TOO_LARGE,
                f"is larger than {self._limit // MEBIBYTE} MiB unpacked, and was not read any further",
            )
        return chunk


def _opened(archive: IO[bytes], limits: Limits) -> tarfile.TarFile:
    return tarfile.open(fileobj=_Bounded(archive, limits.size), mode="r|", bufsize=CHUNK, tarinfo=_Entry)


def _each(entries: tarfile.TarFile, limits: Limits) -> Iterator[tarfile.TarInfo]:
    for _ in range(limits.entries):
        entry = entries.next()
        if entry is None:
            return
        yield entry
        entries.members.clear()  # type: ignore[attr-defined]  # would keep them all; undocumented
    raise ArchiveRefused(RefusalReason.TOO_LARGE, f"has more than {limits.entries:,} entries")


def _path_inside(name: str) -> str:
    names = name.split("/")
    if name.startswith("/") or ".." in names:
        raise ArchiveRefused(RefusalReason.UNSAFE_ARCHIVE, f"has an entry that points outside it, {quoted(name)}")
    return "/".join(each for each in names if each not in {"", "."})


def _file(entries: tarfile.TarFile, entry: tarfile.TarInfo) -> IO[bytes]:
    file = entries.extractfile(entry) if entry.isreg() and not entry.issparse() else None
    if file is None:
        what = f"is a link to {quoted(entry.linkname)}" if entry.islnk() or entry.issym() else "is not a regular file"
        raise ArchiveRefused(
            RefusalReason.UNSAFE_ARCHIVE, f"has {quoted(entry.name)}, which {what}: put the file itself there"
        )
    return file


def _compressed(file: IO[bytes], limits: Limits) -> bytes:
    """The file, mostly compressed to a tenth of its size; not much more of it than may be kept."""
    start, held = file.read(len(GZIP)), io.BytesIO()
    if start == GZIP:
        held.write(start)
        while held.tell() <= limits.held and (chunk := file.read(CHUNK)):
            held.write(chunk)
        return held.getvalue()
    with gzip.GzipFile(fileobj=held, mode="wb", compresslevel=1, mtime=0) as into:
        into.write(start)
        shutil.copyfileobj(file, into, CHUNK)
    return held.getvalue()


def _require_little(files: Mapping[str, bytes], wanted: str, limits: Limits) -> None:
    if len(files) > limits.files:
        raise ArchiveRefused(RefusalReason.TOO_LARGE, f"has more than {limits.files} files that match {quoted(wanted)}")
    if sum(map(len, files.values())) > limits.held:
        raise ArchiveRefused(
            RefusalReason.TOO_LARGE,
            f"has more than {limits.held // MEBIBYTE} MiB in files that match {quoted(wanted)}, compressed",
        )
