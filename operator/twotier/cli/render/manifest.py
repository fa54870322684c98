"""An assignment as YAML to commit, with fields that a verb would otherwise set in the cluster. Pure."""

from collections.abc import Iterator, Mapping

from twotier.cli.client.connection import Json
from twotier.cli.client.gitops import declared_marks, git_controller
from twotier.cli.client.tenants import Assignment
from twotier.cli.render.layout import Line, Span, line, paragraph
from twotier.cli.render.plan import WARNING
from twotier.cli.render.screen import as_yaml
from twotier.kinds.price_list_assignment.declaration import DEFINITION as PRICE_LIST_ASSIGNMENT
from twotier.runtime.resource import API_VERSION

Fields = Mapping[str, object]
"""Fields of a spec; None removes one."""


def manifest_text(declared: Assignment, fields: Fields, comment: str) -> str:
    """Return an assignment as it must be declared to have these fields, below a comment that has only them."""
    remarks = [comment, *_changes(declared, fields)]
    return "".join(f"# {each}\n" for each in remarks) + as_yaml(_manifest(declared, fields))


def to_commit(declared: Assignment, fields: Fields, width: int) -> Iterator[Line]:
    """Yield what to commit after a change of an assignment that a controller applies from Git; nothing for others."""
    controller = git_controller(declared.body)
    if controller is None:
        return
    yield from paragraph(
        Span(f"{controller} applies {declared.name} from Git and may take this back: commit it there, too.", WARNING),
        width,
        mark="! ",
    )
    for each in _patch(fields):
        yield line("    ", Span(each, "bold"))


def _changes(declared: Assignment, fields: Fields) -> Iterator[str]:
    removed = [f"spec.{name}" for name, value in fields.items() if value is None and _has(declared, name)]
    yield "In the file in Git, only this changes:"
    yield from (f"  {each}" for each in _patch(fields))
    if removed:
        yield f"Remove {' and '.join(removed)}."


def _patch(fields: Fields) -> list[str]:
    set_ = {name: value for name, value in fields.items() if value is not None}
    return as_yaml({"spec": set_}).splitlines()


def _has(declared: Assignment, name: str) -> bool:
    return name in declared.body.get("spec", {})


def _manifest(declared: Assignment, fields: Fields) -> Json:
    """Return an assignment as a person declares it: without defaults, and without what Git controllers add."""
    body = declared.body
    shown = declared.spec.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    spec = {name: value for name, value in {**shown, **fields}.items() if value is not None}
    return {
        "apiVersion": API_VERSION,
        "kind": PRICE_LIST_ASSIGNMENT.kind,
        "metadata": _metadata(body["metadata"], in_git=git_controller(body) is not None),
        "spec": spec,
    }


def _metadata(metadata: Json, *, in_git: bool) -> Json:
    # A controller may have added the namespace, and in Git another overlay may depend on its absence.
    names = ("name",) if in_git else ("name", "namespace")
    marks = {name: declared_marks(metadata.get(name, {})) for name in ("labels", "annotations")}
    return {name: metadata[name] for name in names if name in metadata} | {
        name: value for name, value in marks.items() if value
    }
