"""Pydantic's JSON Schema, restated in the dialect of OpenAPI v3.0 that a CustomResourceDefinition accepts."""

from collections.abc import Mapping
from typing import Any, Final

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from twotier.kinds.schema.model import Declared, Rule
from twotier.kinds.schema.spec import Spec
from twotier.kinds.schema.status import Status

VALIDATIONS: Final = "x-kubernetes-validations"
DEFINITIONS: Final = "#/$defs/"
DROPPED: Final = frozenset({"title", "discriminator", "propertyNames", "uniqueItems"})
LONGEST_NUMBER: Final = 40
LONGEST_DURATION: Final = 40


def spec_schema(model: type[Spec]) -> dict[str, Any]:
    """Return the structural schema of what users write."""
    return _structural(model.model_json_schema(schema_generator=SpecSchema))


def status_schema(model: type[Status]) -> dict[str, Any]:
    """Return the structural schema of what the operator writes."""
    return _structural(model.model_json_schema(schema_generator=StructuralSchema))


def validations(rules: tuple[Rule, ...]) -> list[dict[str, str]]:
    """Return rules as the API server reads them."""
    return [
        {"rule": rule.rule, "message": rule.message} | ({"fieldPath": rule.field} if rule.field else {})
        for rule in rules
    ]


class StructuralSchema(GenerateJsonSchema):
    """Replaces what pydantic writes where a CustomResourceDefinition cannot have it."""

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        """Add the rules of a model to its object."""
        written = super().model_schema(schema)
        model = schema["cls"]
        if issubclass(model, Declared) and model.rules:
            written[VALIDATIONS] = validations(model.rules)
        return written

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        """Leave a field out where there is no value: it is absent, never null."""
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """Leave the default to the reader: one in a schema is written into objects, where nobody owns it."""
        return self.generate_inner(schema["schema"])

    def decimal_schema(self, _schema: core_schema.DecimalSchema) -> JsonSchemaValue:
        """Write a decimal as a string: a number in YAML may have passed through a float."""
        return {"type": "string", "maxLength": LONGEST_NUMBER}

    def timedelta_schema(self, _schema: core_schema.TimedeltaSchema) -> JsonSchemaValue:
        """Write a duration as a string; its own rule says which."""
        return {"type": "string", "maxLength": LONGEST_DURATION}

    def frozenset_schema(self, schema: core_schema.FrozenSetSchema) -> JsonSchemaValue:
        """Write a set as a list that server-side apply merges by value."""
        return {**super().frozenset_schema(schema), "x-kubernetes-list-type": "set"}


class SpecSchema(StructuralSchema):
    """Shows in live objects what a user left out if it is one word or number."""

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """Keep the default of a scalar; an object that a user left out stays absent."""
        inner = self.generate_inner(schema["schema"])
        default = schema.get("default")
        return {**inner, "default": default} if isinstance(default, bool | int | str) else inner


def _structural(schema: dict[str, Any]) -> dict[str, Any]:
    definitions = schema.pop("$defs", {})
    return {key: _inline(value, definitions) for key, value in schema.items() if key not in DROPPED}


def _inline(node: Any, definitions: Mapping[str, Any]) -> Any:
    match node:
        case {"$ref": str(reference), **siblings}:
            return _inline({**definitions[reference.removeprefix(DEFINITIONS)], **siblings}, definitions)
        case {"const": value, **rest}:
            return _inline({**rest, "enum": [value]}, definitions)
        case {"properties": dict(properties), **rest}:  # a property may itself be called "title"
            inlined = {name: _inline(schema, definitions) for name, schema in properties.items()}
            return {**_inline(rest, definitions), "properties": inlined}
        case dict():
            return {key: _inline(value, definitions) for key, value in node.items() if key not in DROPPED}
        case list():
            return [_inline(value, definitions) for value in node]
        case _:
            return node
