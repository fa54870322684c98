"""The shape of the code that no import tells: what a part may know, and what a new one needs."""

import importlib
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest

import twotier
from twotier.kinds.registry import DEFINITIONS, KINDS, Registered

PACKAGE = Path(twotier.__file__).parent
RUNTIME = sorted((PACKAGE / "runtime").glob("**/*.py"))
WORDS_OF_KINDS = re.compile(
    "|".join((r"price.?lists?\b", r"tenants?\b", r"\bflux\b", *(rf"\b{each.kind}" for each in DEFINITIONS))),
    re.IGNORECASE,
)

ROOMS = {
    "declaration": "what people write, and what they read in the status",
    "reasons": "the words of its conditions, for programs",
    "describe": "how people are told of a resource on the command line",
    "translate": "the declaration in the terms of the BSS",
    "observe": "what is known of a resource, gathered",
    "decide": "what is done now, from facts alone",
    "apply": "transactions of the BSS",
    "report": "status, conditions and messages",
    "reconcile": "the way through them",
}
"""A room that is too large for one file has further ones, such as declaration_format."""
OTHER_ROOMS = {
    "price_list": {"source"},
    "tenant_reseller": {"credentials"},
}
"""What a single kind has beside them: packages, for what only it does."""


def rooms(package: str) -> set[str]:
    """What the folder of a kind holds, by the room that it belongs to."""
    folder = Path(importlib.import_module(package).__path__[0])
    modules = {each.name for each in pkgutil.iter_modules([str(folder)])}
    return {next((room for room in ROOMS if name.startswith(f"{room}_")), name) for name in modules}


@pytest.mark.parametrize("registered", [pytest.param(each, id=each.definition.kind) for each in KINDS])
def test_all_folders_of_kinds_have_the_same_rooms(registered: Registered) -> None:
    found = rooms(registered.package)
    assert found - set(ROOMS) == OTHER_ROOMS.get(registered.package.rpartition(".")[2], set())
    needed = {"declaration", "reasons", "describe", "reconcile"} if registered.has_effect else {"declaration"}
    assert needed - found == set()


@pytest.mark.parametrize("path", RUNTIME, ids=lambda path: path.name)
def test_the_runtime_knows_nothing_of_a_kind(path: Path) -> None:
    told = [line for line in path.read_text().splitlines() if WORDS_OF_KINDS.search(line)]
    assert told == []


ANOTHER_PRESET = """
from twotier.bss.sheets import presets
presets.PRESETS = {**presets.PRESETS, "acme": presets.Preset("the sheet of Acme", presets.twotier)}

from twotier.cli.client.format_file import format_of_preset
from twotier.dev.commands import commands
from twotier.dev.reference import resources
from twotier.kinds.price_list.declaration import DEFINITION
from twotier.kinds.price_list.translate import read_format
from twotier.kinds.schema.manifest import manifest

assert read_format(format_of_preset("acme", [])) == presets.twotier(), "import --preset"
assert "microsoft-nce or acme" in commands(), "the reference of the commands"
assert "; acme is the sheet of Acme." in resources(), "the reference of the resources"
(version,) = manifest(DEFINITION)["spec"]["versions"]
spec = version["schema"]["openAPIV3Schema"]["properties"]["spec"]
assert spec["properties"]["format"]["properties"]["preset"]["enum"] == list(presets.PRESETS), "the schema"
"""


def test_to_add_a_preset_is_to_name_it_in_their_table() -> None:
    subprocess.run([sys.executable, "-c", ANOTHER_PRESET], check=True)
