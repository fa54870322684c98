"""The CustomResourceDefinition of a kind."""

from typing import Any, Final

from twotier.kinds.schema.resource import Column, Definition
from twotier.kinds.schema.structural import VALIDATIONS, spec_schema, status_schema, validations
from twotier.runtime.resource import GROUP, VERSION

FIRST_COLUMNS: Final = (
    Column("Ready", '.status.conditions[?(@.type=="Ready")].status'),
    Column("Reason", '.status.conditions[?(@.type=="Ready")].reason'),
)
LAST_COLUMNS: Final = (
    Column("Age", ".metadata.creationTimestamp", "date"),
    Column("Message", '.status.conditions[?(@.type=="Ready")].message', wide=True),
)


def manifest(definition: Definition) -> dict[str, Any]:
    """Return the CustomResourceDefinition of a kind, as `kubectl apply` takes it."""
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{definition.plural}.{GROUP}"},
        "spec": {
            "group": GROUP,
            "names": {
                "kind": definition.kind,
                "listKind": f"{definition.kind}List",
                "plural": definition.plural,
                "singular": definition.kind.lower(),
                "shortNames": [definition.short_name],
                "categories": ["twotier"],
            },
            "scope": "Namespaced",
            "versions": [_version(definition)],
        },
    }


def resource_schema(definition: Definition) -> dict[str, Any]:
    """Return the schema of the whole resource."""
    schema: dict[str, Any] = {"type": "object", "description": definition.description, "required": ["spec"]}
    if definition.rules:
        schema[VALIDATIONS] = validations(definition.rules)
    schema["properties"] = {
        "apiVersion": {"type": "string"},
        "kind": {"type": "string"},
        "metadata": {"type": "object"},
        "spec": spec_schema(definition.spec),
        # Without a status, a new resource would count as ready; this way it is in progress until it is observed.
        "status": {**status_schema(definition.status), "default": {"observedGeneration": -1}},
    }
    return schema


def columns(definition: Definition) -> tuple[Column, ...]:
    """Return what `kubectl get` prints, in order."""
    return FIRST_COLUMNS + definition.columns + LAST_COLUMNS


def _version(definition: Definition) -> dict[str, Any]:
    # The API server drops an empty list, and each apply would find a difference.
    selectable = {"selectableFields": [{"jsonPath": path} for path in definition.selectable]}
    return {
        "name": VERSION,
        "served": True,
        "storage": True,
        "additionalPrinterColumns": [_printer_column(column) for column in columns(definition)],
        **(selectable if definition.selectable else {}),
        "subresources": {"status": {}},
        "schema": {"openAPIV3Schema": resource_schema(definition)},
    }


def _printer_column(column: Column) -> dict[str, Any]:
    shown = {"name": column.name, "type": column.type, "jsonPath": column.path}
    return {**shown, "priority": 1} if column.wide else shown
