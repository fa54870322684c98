"""Pages in Markdown, as the reference has them."""

from collections.abc import Sequence


def page(title: str, *parts: str) -> str:
    """Return a page of these parts."""
    return "\n\n".join((f"# {title}", *parts)) + "\n"


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table."""
    ruler = ["---"] * len(headings)
    return "\n".join(_row(cells) for cells in (headings, ruler, *rows))


def code(names: Sequence[str]) -> str:
    """Return names as code, with commas between them."""
    return ", ".join(f"`{name}`" for name in names)


def _row(cells: Sequence[str]) -> str:
    escaped = (cell.replace("|", r"\|") for cell in cells)
    return f"| {' | '.join(escaped)} |"
