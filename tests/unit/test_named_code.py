"""What the pages for contributors name is there: files, folders, and what they define."""

import re

import pytest

from twotier.dev.installation import checkout

ROOT = checkout()
PAGES = ("ARCHITECTURE.md", "CONTRIBUTING.md")
FOLDERS = ("operator/twotier", "crds", "docs", "examples", "manifests", "tests", "benchmarks")
CODE = re.compile(r"`([^`\n]+)`")
PATH = re.compile(r"[\w.-]+(/[\w.-]+)*(/|\.py|\.sql|\.md|\.toml|\.yaml)|[a-z_]+(/[a-z_]+)+")
DOTTED = re.compile(r"(?:\w+\.)*(\w+)\.(\w+)")
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
FIELDS = ("spec", "status")
"""They begin the names of a resource's fields, not of a module's definitions."""


def files() -> list[str]:
    """The paths of all files of the project, each with a slash before it."""
    found = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.is_file()]
    return [f"/{path.relative_to(ROOT)}" for path in (*found, *ROOT.glob("*"))]


def named(page: str, pattern: re.Pattern[str]) -> list[re.Match[str]]:
    """What a page names in code, outside of blocks, that looks like something."""
    text = FENCE.sub("", (ROOT / page).read_text(encoding="utf-8"))
    return [match for word in CODE.findall(text) if (match := pattern.fullmatch(word.partition("(")[0]))]


def is_there(path: str, known: list[str]) -> bool:
    """Whether a path, or the end of one, is that of a file, a folder or a module."""
    if path.endswith("/"):
        return any(f"/{path}" in each for each in known)
    return any(each.endswith((f"/{path}", f"/{path}.py")) or f"/{path}/" in each for each in known)


def defines(file: str, name: str) -> bool:
    """Whether a module defines a name: a function, a class, a value or a field."""
    source = (ROOT / file[1:]).read_text(encoding="utf-8")
    return re.search(rf"^\s*((async )?def|class) {name}\b|^\s*{name}\b *[:=]", source, re.MULTILINE) is not None


def holders(name: str, known: list[str]) -> list[str]:
    """The modules of this name, and those that define a class of this name."""
    modules = [each for each in known if each.startswith("/operator/") and each.endswith(".py")]
    if name[0].isupper():
        return [each for each in modules if defines(each, name)]
    return [each for each in modules if each.endswith(f"/{name}.py")]


@pytest.mark.parametrize("page", PAGES)
def test_every_path_that_a_page_names_is_there(page: str) -> None:
    known = files()
    assert [match[0] for match in named(page, PATH) if not is_there(match[0], known)] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_definition_that_a_page_names_is_there(page: str) -> None:
    known = files()
    names = [match for match in named(page, DOTTED) if match[1] not in FIELDS and not is_there(match[0], known)]
    assert [each[0] for each in names if not any(defines(file, each[2]) for file in holders(each[1], known))] == []
