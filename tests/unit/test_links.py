"""Links between the pages lead somewhere."""

import re
from pathlib import Path

import pytest

from twotier.dev.installation import checkout

LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)")
PAGES = (*sorted(checkout().glob("*.md")), *sorted((checkout() / "docs").rglob("*.md")))


def anchors(page: Path) -> set[str]:
    """The headings of a page as addresses have them."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", [pytest.param(page, id=f"all links of {page.name} lead somewhere") for page in PAGES])
def test_every_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    for path, anchor in LINK.findall(page.read_text(encoding="utf-8")):
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), path
        assert not anchor or anchor in anchors(target), f"{path}#{anchor}"
