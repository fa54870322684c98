"""What the registry says of each kind is what its folder holds."""

import importlib
import importlib.util
import pkgutil
import subprocess
import sys
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast, get_args, get_origin, get_type_hints

import pytest

from twotier import kinds as package
from twotier.kinds.context import Context
from twotier.kinds.operator import kinds
from twotier.kinds.registry import DEFINITIONS, KINDS, Registered
from twotier.runtime.kind import Kind

ACTING = [pytest.param(each, id=each.definition.kind) for each in KINDS if each.has_effect]
LIGHT = """
import sys
import twotier.kinds.registry
heavy = {"aiohttp", "alembic", "kopf", "psycopg", "sqlalchemy", "structlog"} & set(sys.modules)
assert not heavy, f"the registry imports {heavy}"
"""


def context() -> Context:
    """As much of a context as is asked for before the first reconcile."""
    cluster = SimpleNamespace(resume=None)
    return cast("Context", SimpleNamespace(cluster=cluster, clock=lambda: datetime(2026, 11, 2, tzinfo=UTC)))


def test_every_folder_with_a_declaration_is_registered() -> None:
    folders = [each.name for each in pkgutil.iter_modules(package.__path__, f"{package.__name__}.") if each.ispkg]
    declared = [each for each in folders if importlib.util.find_spec(f"{each}.declaration") is not None]
    assert sorted(each.package for each in KINDS) == sorted(declared)


def test_names_are_unique() -> None:
    words = [word for each in DEFINITIONS for word in {each.kind.lower(), each.plural, each.short_name}]
    assert len(words) == len(set(words))


@pytest.mark.parametrize("registered", [pytest.param(each, id=each.definition.kind) for each in KINDS])
def test_a_kind_with_effect_has_a_reconcile_and_reasons_and_no_other_has(registered: Registered) -> None:
    reconcile = importlib.util.find_spec(f"{registered.package}.reconcile")
    assert (reconcile is not None, registered.reasons is not None) == (registered.has_effect, registered.has_effect)


@pytest.mark.parametrize("registered", ACTING)
def test_a_reconcile_gives_the_kind_in_a_context(registered: Registered) -> None:
    made = get_type_hints(importlib.import_module(f"{registered.package}.reconcile").kind)
    assert list(made.values())[:-1] == [Context]
    assert (get_origin(made["return"]), get_args(made["return"])) == (Kind, (registered.definition.spec,))


def test_the_operator_reconciles_every_kind_as_it_is_defined() -> None:
    found: dict[str, Kind[Any]] = {each.name: each for each in kinds(context())}
    assert list(found) == [each.kind for each in DEFINITIONS]
    for registered in KINDS:
        definition = registered.definition
        kind = found[definition.kind]
        assert (kind.plural, kind.spec) == (definition.plural, definition.spec)
        assert kind.condition_types == (tuple(definition.conditions) if registered.has_effect else ())


def test_the_registry_is_read_without_what_only_the_operator_needs() -> None:
    subprocess.run([sys.executable, "-c", LIGHT], check=True)
