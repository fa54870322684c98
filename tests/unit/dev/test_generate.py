"""Generated files are what the code says, and whatever is not is named."""

from pathlib import Path

import pytest

from twotier.dev.generate import ROOT, generated, stale, write


def test_the_committed_files_are_what_the_code_generates() -> None:
    assert stale(ROOT) == []


def test_writing_makes_every_file_current(tmp_path: Path) -> None:
    assert stale(tmp_path) == sorted(generated())
    write(tmp_path)
    assert stale(tmp_path) == []


@pytest.mark.parametrize("path", [pytest.param(Path("crds/pricelists.yaml"), id="a definition")])
def test_a_file_that_was_edited_by_hand_is_named_and_written_anew(tmp_path: Path, path: Path) -> None:
    write(tmp_path)
    (tmp_path / path).write_text("edited", encoding="utf-8")
    assert stale(tmp_path) == [path]
    write(tmp_path)
    assert (tmp_path / path).read_text(encoding="utf-8") == generated()[path]


def test_a_file_that_nothing_generates_any_more_is_named_and_removed(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "crds" / "formerly.yaml").touch()
    assert stale(tmp_path) == [Path("crds/formerly.yaml")]
    write(tmp_path)
    assert not (tmp_path / "crds" / "formerly.yaml").exists()
