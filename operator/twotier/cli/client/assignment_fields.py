"""Fields of an assignment that a verb sets: in the cluster under the person's own rights, or as YAML to commit."""

from collections.abc import Mapping
from typing import Annotated, Final

import typer

from twotier.cli.client.cluster import CONFLICT, Namespace
from twotier.cli.client.connection import AnswerError, Json
from twotier.cli.client.tenants import Assignment
from twotier.cli.failure import CommandError
from twotier.cli.render.screen import Form, as_yaml
from twotier.cli.session import Session
from twotier.kinds.price_list_assignment.declaration import DEFINITION as PRICE_LIST_ASSIGNMENT
from twotier.runtime.resource import API_VERSION

Print = Annotated[bool, typer.Option("--print", help="Print the YAML to commit, and change nothing in the cluster.")]
Force = Annotated[
    bool, typer.Option("--force", help="Take the field over where somebody else, such as Git's controller, set it.")
]
MACHINE_ANNOTATIONS: Final = frozenset({"kubectl.kubernetes.io/last-applied-configuration"})


def set_fields(namespace: Namespace, declared: Assignment, fields: Json, verb: str, *, force: bool) -> None:
    """Set fields of an assignment's spec in the cluster.

    Raises:
        CommandError: the API server refuses; where somebody else set a field, the message says who and what to do.
    """
    try:
        namespace.apply_spec(PRICE_LIST_ASSIGNMENT, declared.body, fields, verb, force=force)
    except AnswerError as error:
        if error.status != CONFLICT:
            raise CommandError(f"the cluster refuses it: {error}") from error
        raise CommandError(
            f"somebody else sets {' and '.join(f'spec.{name}' for name in fields)} of {declared.name} ({error}): "
            "change it there (--print shows the YAML), or take it over with --force"
        ) from error


def print_manifest(session: Session, declared: Assignment, fields: Mapping[str, object], comment: str) -> None:
    """Print an assignment as it has to be declared to have these fields; None takes a field away."""
    session.require_form(Form.TABLE, Form.YAML)
    session.screen.write(f"# {comment}\n{as_yaml(manifest(declared, fields))}")


def manifest(declared: Assignment, fields: Mapping[str, object]) -> Json:
    """Return an assignment as a person declares it, without defaults; None takes a field of the spec away."""
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
