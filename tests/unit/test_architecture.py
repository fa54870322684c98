"""The shape of the code that no import tells: what a part may know, and what a new one needs."""

import re
from pathlib import Path

import pytest

import twotier
from twotier.kinds.registry import DEFINITIONS

PACKAGE = Path(twotier.__file__).parent
RUNTIME = sorted((PACKAGE / "runtime").glob("**/*.py"))
WORDS_OF_KINDS = re.compile(
    "|".join((r"price.?lists?\b", r"tenants?\b", r"\bflux\b", *(rf"\b{each.kind}" for each in DEFINITIONS))),
    re.IGNORECASE,
)


@pytest.mark.parametrize("path", RUNTIME, ids=lambda path: path.name)
def test_the_runtime_knows_nothing_of_a_kind(path: Path) -> None:
    told = [line for line in path.read_text().splitlines() if WORDS_OF_KINDS.search(line)]
    assert told == []
