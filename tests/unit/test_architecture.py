"""The shape of the code that no import tells: what a part may know, and what a new one needs."""

import importlib
import json
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
import yaml

import twotier
from twotier.kinds.context import Context
from twotier.kinds.operator import kinds
from twotier.kinds.registry import DEFINITIONS, KINDS, Registered
from twotier.kinds.schema.resource import Definition
from twotier.kinds.schema.structural import VALIDATIONS, spec_schema
from twotier.runtime.kind import Kind
from twotier.runtime.resource import GROUP
from twotier.web.api import routes
from twotier.web.api.routing import operation_id

PACKAGE = Path(twotier.__file__).parent
ROOT = PACKAGE.parents[1]
OPERATED = kinds(cast("Context", SimpleNamespace(clock=None, cluster=SimpleNamespace(resume=None))))
WATCHING = ("get", "list", "watch")
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


def granted() -> set[tuple[str, str, str]]:
    """What the operator's ClusterRole allows, by API group, resource and verb."""
    documents = yaml.safe_load_all((ROOT / "manifests/base/rbac.yaml").read_text())
    (role,) = (each for each in documents if each["kind"] == "ClusterRole")
    return {
        (group, resource, verb)
        for rule in role["rules"]
        for group in rule["apiGroups"]
        for resource in rule["resources"]
        for verb in rule["verbs"]
    }


@pytest.mark.parametrize("kind", OPERATED, ids=lambda kind: str(kind.name))
def test_to_add_a_kind_is_to_give_the_operator_its_rights(kind: Kind[Any]) -> None:
    needed = {(GROUP, kind.plural, verb) for verb in WATCHING} | {(GROUP, f"{kind.plural}/status", "patch")}
    followed = {(each.resource.group, each.resource.plural, verb) for each in kind.follows for verb in WATCHING}
    assert (needed | followed) - granted() == set()
    # The finalizer is written to the resource itself.
    assert ((GROUP, kind.plural, "patch") in granted()) == (kind.finalize is not None)


@pytest.mark.parametrize("definition", DEFINITIONS, ids=lambda each: str(each.kind))
def test_to_add_a_kind_is_to_generate_its_definition(definition: Definition) -> None:
    assert (ROOT / f"crds/{definition.plural}.yaml").exists()
    assert f"{definition.plural}.yaml" in yaml.safe_load((ROOT / "crds/kustomization.yaml").read_text())["resources"]


@pytest.mark.parametrize(
    "registered", [pytest.param(each, id=each.definition.kind) for each in KINDS if each.has_effect]
)
def test_to_add_a_kind_is_to_show_it_in_an_example(registered: Registered) -> None:
    files = [each.read_text() for each in (ROOT / "examples").glob("**/*.yaml")]
    assert any(re.search(rf"^kind: {registered.definition.kind}$", each, re.MULTILINE) for each in files)


def names_of_resources(schema: Mapping[str, Any], path: str) -> Iterator[str]:
    """Paths of the fields that hold the name of a resource in the same namespace, as kustomize writes them."""
    if any(
        "name of a resource" in rule["message"] for rule in schema.get(VALIDATIONS, ()) if schema["type"] == "string"
    ):
        yield path
    for name, inner in schema.get("properties", {}).items():
        yield from names_of_resources(inner.get("items", inner), f"{path}/{name}")


def test_to_add_a_kind_is_to_tell_kustomize_of_its_references() -> None:
    references = yaml.safe_load((ROOT / "manifests/kustomize/references.yaml").read_text())["nameReference"]
    told = {(field["kind"], field["path"]) for target in references for field in target["fieldSpecs"]}
    fields = {(each.kind, path) for each in DEFINITIONS for path in names_of_resources(spec_schema(each.spec), "spec")}
    assert told == fields


ROUTES = [importlib.import_module(f"{routes.__name__}.{each.name}") for each in pkgutil.iter_modules(routes.__path__)]


@pytest.mark.parametrize("module", ROUTES, ids=lambda module: str(module.__name__.rpartition(".")[2]))
def test_to_add_a_route_is_to_include_its_router(module: Any) -> None:
    described = json.loads((ROOT / "docs/reference/openapi.json").read_text())["paths"]
    operations = {each["operationId"] for path in described.values() for each in path.values()}
    assert {operation_id(each) for each in module.router.routes} - operations == set()


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
