"""SQL that lives in files beside its use case."""

from functools import cache
from importlib import resources

from sqlalchemy import TextClause, text


@cache
def statement(path: str) -> TextClause:
    """Return the one statement of an .sql file below this package, with its `:parameters`.

    Args:
        path: relative to twotier/bss, such as "catalogue/runs/apply.sql".
    """
    return text((resources.files(__package__) / path).read_text(encoding="utf-8"))
