"""Files of statements: described, named blocks, checked when their module is imported."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

import twotier
from twotier.bss.sql import MalformedSqlError, blocks

PACKAGE: Final = Path(twotier.__file__).parent
MIGRATIONS: Final = PACKAGE / "bss" / "migrations"
MODULES: Final = sorted(PACKAGE.rglob("*.py"))
FILES: Final = sorted(file for file in PACKAGE.rglob("*.sql") if not file.is_relative_to(MIGRATIONS))

WITH_TEXT: Final = {
    "bss/sql.py": "makes statements of the files",
    "bss/administration.py": "names roles and the schema, which cannot be parameters",
    "bss/dry_run.py": "bounds one transaction, two settings at once",
}
"""Modules that may make statements of strings, and what they do with them."""

WITH_STRINGS: Final = {
    "bss/database.py": "sets the role and the settings of a new connection, all at once",
}
"""Modules that may run strings as they are."""

GOOD = """-- name: find
-- Find a thing by its number.
select * from thing where number = :number

-- name: forget
-- Forget it.
-- Nothing else goes with it.
delete from thing where number = :number
"""


def test_a_block_is_found_by_its_name_with_its_description() -> None:
    found = blocks("thing.sql", GOOD)
    assert list(found) == ["find", "forget"]
    assert found["find"].splitlines() == [
        "-- Find a thing by its number.",
        "select * from thing where number = :number",
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param("select 1", "thing.sql does not begin with a line", id="what stands before the first name"),
        pytest.param("-- name: find\nselect 1", "does not say below -- name: find", id="a block without a description"),
        pytest.param("-- name: find\n-- Find it.\n", "has no statement", id="a block without a statement"),
        pytest.param(GOOD + GOOD, "two blocks of the name find", id="two blocks of one name"),
    ],
)
def test_a_file_is_refused_for(content: str, said: str) -> None:
    with pytest.raises(MalformedSqlError, match=said):
        blocks("thing.sql", content)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(PACKAGE).as_posix())
def test_all_that_a_file_has_is_used_by_the_module_beside_it_and_nothing_else(file: Path) -> None:
    module = ast.parse(file.with_suffix(".py").read_text())
    assert loads(module)
    assert sorted(used(module)) == sorted(blocks(file.name, file.read_text()))


def test_no_module_loads_a_file_that_is_not_there() -> None:
    loading = {module.with_suffix(".sql") for module in MODULES if loads(ast.parse(module.read_text()))}
    assert loading == set(FILES)


def test_no_statement_is_a_string_of_a_module() -> None:
    assert {name(module) for module in MODULES if imports_text(ast.parse(module.read_text()))} == set(WITH_TEXT)
    assert {name(module) for module in MODULES if runs_strings(ast.parse(module.read_text()))} == set(WITH_STRINGS)


def test_the_end_of_an_open_version_is_said_once() -> None:
    versions = MIGRATIONS / "versions"
    sources = [file for file in [*MODULES, *PACKAGE.rglob("*.sql")] if not file.is_relative_to(versions)]
    saying = [name(file) for file in sources for _ in range(file.read_text().count("2147483647"))]
    assert saying == ["bss/migrations/routines/price_list.sql"]


def name(file: Path) -> str:
    return file.relative_to(PACKAGE).as_posix()


def loads(module: ast.Module) -> bool:
    """Whether a module has the statements of its file in `_SQL`."""
    return any(
        isinstance(node, ast.AnnAssign)
        and ast.unparse(node.target) == "_SQL"
        and node.value is not None
        and ast.unparse(node.value) == "statements(__name__)"
        for node in module.body
    )


def used(module: ast.Module) -> set[str]:
    """The names of the statements that a module uses, each of which it must spell out."""
    named, mentioned = set(), 0
    for node in ast.walk(module):
        match node:
            case ast.Subscript(value=ast.Name(id="_SQL"), slice=ast.Constant(value=str(found))):
                named.add(found)
                mentioned -= 1
            case ast.Name(id="_SQL", ctx=ast.Load()):
                mentioned += 1
    assert mentioned == 0, "_SQL is used otherwise than with the name of a statement"
    return named


def imports_text(module: ast.Module) -> bool:
    return any(
        isinstance(node, ast.ImportFrom)
        and node.module is not None
        and node.module.startswith("sqlalchemy")
        and any(imported.name in {"text", "DDL"} for imported in node.names)
        for node in ast.walk(module)
    )


def runs_strings(module: ast.Module) -> bool:
    return any(isinstance(given, ast.Constant | ast.JoinedStr | ast.BinOp) for given in executed(module))


def executed(module: ast.Module) -> Iterator[ast.expr]:
    """What a module hands to a connection."""
    for node in ast.walk(module):
        match node:
            case ast.Call(func=ast.Attribute(attr="execute" | "exec_driver_sql" | "copy"), args=[given, *_]):
                yield given
