"""What is taken out of a tar.gz, and what is refused."""

import gzip
import io
import tarfile
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from twotier.bss.sheets.faults import RefusalReason
from twotier.kinds.price_list.source.archive import ArchiveRefused, Limits, extract, matches

CSV = b"sku,unit,price\nMAIL,month,4.20\n"
MEBIBYTE = 1 << 20


def entry(name: str, content: bytes | None = None, kind: bytes = tarfile.REGTYPE, **fields: Any) -> bytes:
    """One entry as it stands in a tar; its size can be stated otherwise than it is."""
    made = tarfile.TarInfo(name)
    made.type = kind
    made.size = len(content or b"")
    for field, value in fields.items():
        setattr(made, field, value)
    padded = (content or b"").ljust(-(-len(content or b"") // tarfile.BLOCKSIZE) * tarfile.BLOCKSIZE, b"\0")
    return made.tobuf(tarfile.PAX_FORMAT) + padded


def archive(*entries: bytes, end: bytes = bytes(2 * tarfile.BLOCKSIZE)) -> io.BytesIO:
    return io.BytesIO(gzip.compress(b"".join(entries) + end, mtime=0))


def extracted(packed: io.BytesIO, wanted: str = "prices.csv", limits: Limits | None = None) -> Mapping[str, bytes]:
    """The files that are wanted, decompressed."""
    contents = extract(packed, wanted, limits or Limits())
    return {path: gzip.decompress(content) for path, content in contents.files.items()}


@pytest.mark.parametrize(
    ("packed", "wanted", "files"),
    [
        pytest.param(archive(entry("prices.csv", CSV)), "prices.csv", {"prices.csv": CSV}, id="one file"),
        pytest.param(archive(entry("./prices.csv", CSV)), "prices.csv", {"prices.csv": CSV}, id="one of the folder ."),
        pytest.param(archive(entry("prices.csv", CSV)), "./prices.csv", {"prices.csv": CSV}, id="one wanted of it"),
        pytest.param(
            archive(entry("prices.csv.gz", gzip.compress(CSV))), "*.gz", {"prices.csv.gz": CSV}, id="a compressed one"
        ),
        pytest.param(archive(entry("prices.csv")), "prices.csv", {"prices.csv": b""}, id="an empty one"),
        pytest.param(
            archive(
                entry("lists", kind=tarfile.DIRTYPE),
                entry("lists/gr.csv", b"gr"),
                entry("README.md", b"hello"),
                entry("lists/de.csv", b"de"),
            ),
            "lists/*.csv",
            {"lists/de.csv": b"de", "lists/gr.csv": b"gr"},
            id="all that fit a glob, sorted",
        ),
        pytest.param(
            archive(entry("prices.csv", b"old"), entry("prices.csv", CSV)),
            "prices.csv",
            {"prices.csv": CSV},
            id="the last of one name, as tar does",
        ),
        pytest.param(
            archive(entry("latest.csv", kind=tarfile.SYMTYPE, linkname="prices.csv"), entry("prices.csv", CSV)),
            "prices.csv",
            {"prices.csv": CSV},
            id="a file beside a link that nobody wants",
        ),
        pytest.param(archive(entry("prices.csv", kind=tarfile.DIRTYPE)), "prices.csv", {}, id="no folder"),
        pytest.param(archive(), "prices.csv", {}, id="nothing out of an empty archive"),
        pytest.param(
            archive(entry("ä" * 120 + ".csv", CSV)), "*.csv", {"ä" * 120 + ".csv": CSV}, id="one with a long name"
        ),
    ],
)
def test_what_is_taken_out(packed: io.BytesIO, wanted: str, files: Mapping[str, bytes]) -> None:
    found = extracted(packed, wanted)
    assert found == files
    assert list(found) == sorted(found)


@pytest.mark.parametrize(
    ("path", "wanted", "fits"),
    [
        pytest.param("a.csv", "a.csv", True, id="a path is itself"),
        pytest.param("x/a.csv", "a.csv", False, id="a path is not one in a folder"),
        pytest.param("x/a.csv", "*.csv", False, id="a star stands for no folder"),
        pytest.param("x/a.csv", "*/a.csv", True, id="a star stands for one name"),
        pytest.param("x/y/a.csv", "*/a.csv", False, id="and not for two"),
        pytest.param("a1.csv", "a?.csv", True, id="a question mark stands for one character"),
        pytest.param("A.csv", "a.csv", False, id="upper case is not lower case"),
        pytest.param("a[1].csv", "a[1].csv", True, id="what is written literally fits in any case"),
    ],
)
def test_what_fits_a_glob(path: str, wanted: str, *, fits: bool) -> None:
    assert matches(path, wanted) is fits


SYMBOLIC = entry("prices.csv", kind=tarfile.SYMTYPE, linkname="/etc/passwd")
SPARSE = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.name": "README.md"}
HARD = entry("prices.csv", kind=tarfile.LNKTYPE, linkname="other.csv")


@pytest.mark.parametrize(
    ("packed", "limits", "reason", "message"),
    [
        pytest.param(
            io.BytesIO(b"<!DOCTYPE html>"),
            None,
            RefusalReason.NOT_AN_ARCHIVE,
            "is damaged, or not a tar.gz at all",
            id="a web page",
        ),
        pytest.param(
            io.BytesIO(b""),
            None,
            RefusalReason.NOT_AN_ARCHIVE,
            "is damaged, or not a tar.gz at all",
            id="nothing",
        ),
        pytest.param(
            io.BytesIO(gzip.compress(CSV * 50)),
            None,
            RefusalReason.NOT_AN_ARCHIVE,
            "is damaged, or not a tar.gz at all",
            id="a compressed file that is no tar",
        ),
        pytest.param(
            io.BytesIO(archive(entry("prices.csv", CSV)).getvalue()[:-20]),
            None,
            RefusalReason.NOT_AN_ARCHIVE,
            "is damaged, or not a tar.gz at all",
            id="a tar.gz that is cut off",
        ),
        pytest.param(
            archive(entry("prices.csv", CSV, size=5000), end=b""),
            None,
            RefusalReason.NOT_AN_ARCHIVE,
            "is damaged, or not a tar.gz at all",
            id="a tar that is cut off",
        ),
        pytest.param(
            archive(entry("README.md", bytes(3 * MEBIBYTE))),
            Limits(size=2 * MEBIBYTE),
            RefusalReason.TOO_LARGE,
            "is larger than 2 MiB unpacked, and was not read any further",
            id="a gzip bomb beside what is wanted",
        ),
        pytest.param(
            archive(entry("prices.csv", bytes(3 * MEBIBYTE))),
            Limits(size=2 * MEBIBYTE),
            RefusalReason.TOO_LARGE,
            "is larger than 2 MiB unpacked, and was not read any further",
            id="a gzip bomb that is wanted",
        ),
        pytest.param(
            archive(entry("prices.csv", b"\x1f\x8b" + bytes(2 * MEBIBYTE))),
            Limits(held=2 * MEBIBYTE),
            RefusalReason.TOO_LARGE,
            'has more than 2 MiB in files that match "prices.csv", compressed',
            id="a gzip bomb that says it is compressed already",
        ),
        pytest.param(
            archive(*(entry(f"{number}.md") for number in range(4))),
            Limits(entries=3),
            RefusalReason.TOO_LARGE,
            "has more than 3 entries",
            id="entries without end",
        ),
        pytest.param(
            archive(entry("prices.csv", CSV), entry("../prices.csv", CSV)),
            None,
            RefusalReason.UNSAFE_ARCHIVE,
            'has an entry that points outside it, "../prices.csv"',
            id="an entry above the archive",
        ),
        pytest.param(
            archive(entry("/etc/prices.csv", CSV)),
            None,
            RefusalReason.UNSAFE_ARCHIVE,
            'has an entry that points outside it, "/etc/prices.csv"',
            id="an entry at an absolute path",
        ),
        pytest.param(
            archive(SYMBOLIC),
            None,
            RefusalReason.UNSAFE_ARCHIVE,
            'has "prices.csv", which is a link to "/etc/passwd": put the file itself there',
            id="a symbolic link",
        ),
        pytest.param(
            archive(entry("other.csv", CSV), HARD),
            None,
            RefusalReason.UNSAFE_ARCHIVE,
            'has "prices.csv", which is a link to "other.csv": put the file itself there',
            id="a hard link",
        ),
        pytest.param(
            archive(entry("prices.csv", kind=tarfile.CHRTYPE)),
            None,
            RefusalReason.UNSAFE_ARCHIVE,
            'has "prices.csv", which is not a regular file: put the file itself there',
            id="a device",
        ),
        pytest.param(
            archive(entry("@", bytes(70_000), kind=tarfile.XHDTYPE)),
            None,
            RefusalReason.UNSAFE_ARCHIVE,
            "has an entry with more than 64 KiB of metadata",
            id="metadata that would fill the memory",
        ),
        pytest.param(
            archive(entry("README.md", kind=tarfile.GNUTYPE_SPARSE)),
            None,
            RefusalReason.UNSAFE_ARCHIVE,
            "has a sparse file, which cannot be a price list",
            id="a map of holes that would fill the memory",
        ),
        pytest.param(
            archive(entry("README.md", b"9999\n" + b"1\n" * 250, pax_headers=SPARSE)),
            None,
            RefusalReason.UNSAFE_ARCHIVE,
            "has a sparse file, which cannot be a price list",
            id="a newer map of holes that would fill the memory",
        ),
        pytest.param(
            archive(*[entry("@", b"name", kind=tarfile.GNUTYPE_LONGNAME)] * 2000),
            None,
            RefusalReason.UNSAFE_ARCHIVE,
            "has an entry with endlessly nested metadata",
            id="metadata of metadata without end",
        ),
    ],
)
def test_what_is_refused(packed: io.BytesIO, limits: Limits | None, reason: RefusalReason, message: str) -> None:
    with pytest.raises(ArchiveRefused) as refused:
        extracted(packed, limits=limits)
    assert (refused.value.reason, str(refused.value)) == (reason, message)


def test_more_files_than_a_list_may_have_are_refused() -> None:
    with pytest.raises(ArchiveRefused, match=r'has more than 2 files that match "\*\.csv"'):
        extracted(archive(*(entry(f"{number}.csv", CSV) for number in range(3))), "*.csv", Limits(files=2))


def test_what_was_there_instead_is_told() -> None:
    contents = extract(archive(*(entry(f"{number}.md") for number in range(9))), "prices.csv", Limits())
    assert contents.others == ("0.md", "1.md", "2.md", "3.md", "4.md")


PLAIN = b"".join((entry("lists", kind=tarfile.DIRTYPE), entry("ä" * 120, CSV), entry("prices.csv", CSV), bytes(1024)))


@given(st.integers(0, len(PLAIN) - 1), st.binary(min_size=1, max_size=40))
@example(156, b"S")
def test_whatever_is_wrong_with_a_tar_it_is_read_or_refused(place: int, damage: bytes) -> None:
    damaged = PLAIN[:place] + damage + PLAIN[place + len(damage) :]
    with suppress(ArchiveRefused):
        extract(io.BytesIO(gzip.compress(damaged)), "*", Limits(size=MEBIBYTE))
