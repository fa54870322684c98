"""An assignment as YAML to commit, with fields that a verb would otherwise set in the cluster. Pure."""

from collections.abc import Mapping
from typing import Final

from twotier.cli.client.connection import Json
from twotier.cli.client.tenants import Assignment
from twotier.cli.render.screen import as_yaml
from twotier.kinds.price_list_assignment.declaration import DEFINITION as PRICE_LIST_ASSIGNMENT
from twotier.runtime.resource import API_VERSION

MACHINE_ANNOTATIONS: Final = frozenset({"kubectl.kubernetes.io/last-applied-configuration"})


def manifest_text(declared: Assignment, fields: Mapping[str, object], comment: str) -> str:
    """Return an assignment as it must be declared to have these fields; None removes a field."""
    return f"# {comment}\n{as_yaml(_manifest(declared, fields))}"


def _manifest(declared: Assignment, fields: Mapping[str, object]) -> Json:
    """Return an assignment as a person declares it, without defaults; None removes a field of the spec."""
    body = declared.body
    shown = declared.spec.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    spec = {name: value for name, value in {**shown, **fields}.items() if value is not None}
    metadata = {name: body["metadata"][name] for name in ("name", "namespace", "labels") if name in body["metadata"]}
    annotations = {
        name: value
        for name, value in body["metadata"].get("annotations", {}).items()
        if name not in MACHINE_ANNOTATIONS
    }
    if annotations:
        metadata["annotations"] = annotations
    return {"apiVersion": API_VERSION, "kind": PRICE_LIST_ASSIGNMENT.kind, "metadata": metadata, "spec": spec}
