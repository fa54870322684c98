"""SQL that lives in a file of named blocks beside its module."""

import re
from collections.abc import Mapping
from importlib import resources
from types import MappingProxyType
from typing import Final

from sqlalchemy import TextClause, text

_NAME: Final = re.compile(r"^-- name: ([a-z][a-z0-9_]*)$", re.MULTILINE)
_DESCRIPTION: Final = re.compile(r"(?:-- .+\n)+")


class MalformedSqlError(Exception):
    """A file of statements is not made of described, named blocks; the message says where."""


def statements(module: str) -> Mapping[str, TextClause]:
    """Return the statements of the .sql file beside a module, by their names.

    The file is a row of blocks: a line `-- name: lock_assignment`, lines of comment that say what the statement does,
    and one statement with its `:parameters`.

    Args:
        module: the `__name__` of the module.

    Raises:
        MalformedSqlError: a block has no description or no statement, or two have one name.
    """
    package, _, name = module.rpartition(".")
    file = resources.files(package) / f"{name}.sql"
    return MappingProxyType({found: text(sql) for found, sql in blocks(file.name, file.read_text("utf-8")).items()})


def blocks(file: str, content: str) -> Mapping[str, str]:
    """Return the blocks of a file of statements, each with its description, by their names.

    Args:
        file: its name, for messages.
        content: all of it.

    Raises:
        MalformedSqlError: see `statements`.
    """
    before, *parts = _NAME.split(content)
    if before.strip():
        raise MalformedSqlError(f"{file} does not begin with a line such as -- name: find")
    found: dict[str, str] = {}
    for name, block in zip(parts[::2], parts[1::2], strict=True):
        body = block.strip("\n") + "\n"
        description = _DESCRIPTION.match(body)
        if description is None:
            raise MalformedSqlError(f"{file} does not say below -- name: {name} what the statement does")
        if not body[description.end() :].strip():
            raise MalformedSqlError(f"{file} has no statement below the description of {name}")
        if name in found:
            raise MalformedSqlError(f"{file} has two blocks of the name {name}")
        found[name] = body
    return found
