"""What the tutorial and the how-tos say to do can be done, in their order, and prints what they show."""

from pathlib import Path

import pytest
from tests.cluster.docs.conftest import Reader
from tests.cluster.docs.pages import Command, fits, steps

from twotier.dev.installation import checkout

DOCS = checkout() / "docs"
TRIED_ELSEWHERE = {"bring-your-own.md", "price-lists-from-flux.md"}
PAGES = [
    page
    for page in (DOCS / "tutorial.md", *sorted((DOCS / "how-to").glob("*.md")))
    if page.name not in TRIED_ELSEWHERE and any(isinstance(step, Command) for step in steps(page.read_text("utf-8")))
]


@pytest.mark.usefixtures("namespace_of_the_tutorial")
@pytest.mark.parametrize("page", [pytest.param(page, id=f"{page.stem} does what it says") for page in PAGES])
def test_each_command_of_a_page_prints_what_it_shows(page: Path, reader: Reader) -> None:
    done = reader.follow(page.read_text(encoding="utf-8"))
    different = [
        f"{page}:{command.line}: $ {command.text}\nends with {outcome.status} and prints\n{outcome.printed}"
        for command, outcome in done
        if not fits(command, outcome)
    ]
    assert not different, "\n".join(different)
