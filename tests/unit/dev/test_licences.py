"""Licences of dependencies, as the reference lists them."""

import re
from importlib.metadata import distributions
from pathlib import Path

import pytest

from twotier.dev.generate import ROOT
from twotier.dev.licences import licence, licences

LOCK = "uvicorn==0.54.0 \\\n    --hash=sha256:00\npyyaml==6.0.3 ; python_version >= '3.11' \\\n    --hash=sha256:00\n"
OTHER = "colorama==0.4.6 ; sys_platform == 'win32' \\\n    --hash=sha256:00\nuvicorn==0.54.0 \\\n    --hash=sha256:00\n"


def test_each_package_is_listed_once_unless_it_is_for_another_system(tmp_path: Path) -> None:
    (tmp_path / "requirements.lock").write_text(LOCK, encoding="utf-8")
    (tmp_path / "build.lock").write_text(OTHER, encoding="utf-8")
    rows = [line for line in licences(tmp_path).splitlines() if re.match(r"\| [a-z]+ \| [0-9]", line)]
    assert rows == ["| pyyaml | 6.0.3 | MIT License |", "| uvicorn | 0.54.0 | BSD-3-Clause |"]


def test_whatever_is_installed_is_listed() -> None:
    listed = set(re.findall(r"^\| ([a-z0-9-]+) \|", licences(ROOT), re.MULTILINE))
    installed = {re.sub(r"[-_.]+", "-", each.metadata["Name"]).lower() for each in distributions()}
    assert installed - listed <= {"twotier", "pip", "setuptools", "wheel"}


def test_a_package_without_a_licence_is_not_locked_unseen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "nameless-1.dist-info").mkdir()
    (tmp_path / "nameless-1.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: nameless\n", "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ValueError, match="nameless states no licence"):
        licence("nameless")
