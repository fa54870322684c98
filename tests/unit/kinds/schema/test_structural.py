"""Models become schemas that a CustomResourceDefinition accepts."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field

from twotier.kinds.registry import DEFINITIONS
from twotier.kinds.schema.fields import Duration, Percent
from twotier.kinds.schema.manifest import resource_schema
from twotier.kinds.schema.model import Declared, immutable
from twotier.kinds.schema.resource import Definition
from twotier.kinds.schema.spec import Spec
from twotier.kinds.schema.status import Status
from twotier.kinds.schema.structural import spec_schema, status_schema

EACH_KIND = pytest.mark.parametrize("definition", [pytest.param(each, id=each.kind) for each in DEFINITIONS])


class Part(Declared):
    """A part."""

    rules = (immutable("title", "the title cannot be changed"),)

    title: Annotated[str, Field(max_length=5, description="Its title.")]


class Example(Spec):
    """An example."""

    part: Annotated[Part | None, Field(description="The one.")] = None
    parts: Annotated[tuple[Part, ...], Field(max_length=2, description="The others.")] = ()
    tags: Annotated[frozenset[Annotated[str, Field(max_length=3)]], Field(max_length=4, description="Tags.")] = (
        frozenset()
    )
    widths: Annotated[dict[Annotated[str, Field(max_length=3)], int], Field(max_length=6, description="Widths.")] = (
        Field(default_factory=dict)
    )
    only: Annotated[Literal["one"], Field(description="The only one.")] = "one"
    rate: Annotated[Percent | None, Field(description="Rate.")] = None
    age: Annotated[Duration | None, Field(description="Age.")] = None
    day: Annotated[date | None, Field(description="Day.")] = None


class Outcome(Status):
    """What became of an example."""

    parts: Annotated[int, Field(ge=0, description="How many.")] = 0


@pytest.fixture
def properties() -> dict[str, Any]:
    return dict(spec_schema(Example)["properties"])


def test_a_model_inside_a_model_keeps_its_rules_and_the_field_its_description(properties: dict[str, Any]) -> None:
    assert properties["part"] == {
        "description": "The one.",
        "type": "object",
        "required": ["title"],
        "x-kubernetes-validations": [
            {
                "rule": "self.title == oldSelf.title",
                "message": "the title cannot be changed",
                "fieldPath": ".title",
            }
        ],
        "properties": {"title": {"description": "Its title.", "type": "string", "maxLength": 5}},
    }


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        pytest.param(
            "tags",
            {
                "type": "array",
                "items": {"type": "string", "maxLength": 3},
                "maxItems": 4,
                "x-kubernetes-list-type": "set",
            },
            id="a set is a list that is merged by value",
        ),
        pytest.param(
            "widths",
            {"type": "object", "additionalProperties": {"type": "integer"}, "maxProperties": 6},
            id="a map says nothing of its keys",
        ),
        pytest.param("only", {"type": "string", "enum": ["one"], "default": "one"}, id="a constant is a choice of one"),
        pytest.param("day", {"type": "string", "format": "date"}, id="a date may be absent and is never null"),
    ],
)
def test_a_field_is_restated(properties: dict[str, Any], field: str, expected: dict[str, Any]) -> None:
    described = {key: value for key, value in properties[field].items() if key != "description"}
    assert described == expected


@pytest.mark.parametrize("field", ["rate", "age"])
def test_a_decimal_or_a_duration_is_a_string_with_a_rule_in_words(properties: dict[str, Any], field: str) -> None:
    schema = properties[field]
    assert (schema["type"], "pattern" in schema, "format" in schema) == ("string", False, False)
    assert [rule["message"].split()[0] for rule in schema["x-kubernetes-validations"]] == ["write"]


def test_a_default_is_shown_in_a_spec_and_never_in_a_status(properties: dict[str, Any]) -> None:
    assert properties["suspend"]["default"] is False
    assert "default" not in status_schema(Outcome)["properties"]["parts"]


def test_a_property_may_be_called_title(properties: dict[str, Any]) -> None:
    assert list(properties["parts"]["items"]["properties"]) == ["title"]


@EACH_KIND
def test_every_field_is_described_and_has_a_limit(definition: Definition) -> None:
    fields = list(_fields(resource_schema(definition)["properties"]))
    assert [path for path, schema in fields if "description" not in schema] == []
    assert [path for path, schema in fields if not _is_limited(schema)] == []


def _fields(properties: dict[str, Any], path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    for name, schema in properties.items():
        if not path and name in {"apiVersion", "kind", "metadata"}:
            continue
        place = f"{path}.{name}" if path else name
        yield place, schema
        inner = schema.get("items", schema)
        if "items" in schema:
            yield f"{place}[]", {"description": "", **inner}
        yield from _fields(inner.get("properties", {}), place)


def _is_limited(schema: dict[str, Any]) -> bool:
    match schema:
        case {"type": "string"}:
            return bool({"maxLength", "enum", "format"} & schema.keys())
        case {"type": "array"}:
            return "maxItems" in schema
        case {"type": "object", "additionalProperties": _}:
            return "maxProperties" in schema
        case _:
            return True
