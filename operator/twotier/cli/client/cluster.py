"""TwoTier's resources in a namespace, read and changed with the permissions of the user who runs the command."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from twotier.cli.client.connection import AnswerError, Connection, Json, Request
from twotier.cli.failure import CommandError, unknown
from twotier.kinds.registry import KINDS, Registered
from twotier.kinds.schema.resource import Definition
from twotier.runtime.resource import API_VERSION, GROUP, VERSION

NOT_FOUND: Final = 404
FORBIDDEN: Final = 403
CONFLICT: Final = 409
PAGE: Final = 500
APPLY_PATCH: Final = "application/apply-patch+yaml"
MERGE_PATCH: Final = "application/merge-patch+json"
MANAGER_PREFIX: Final = "twotier"
"""Fields that a command sets are owned by this and the command, so that the log can name the requester. It must not
begin with "kubectl": Flux takes over what such managers set, and removes what Git does not have."""


def kind_of(word: str) -> Registered:
    """Return the kind of this name, plural or short name, in any case.

    Raises:
        CommandError: there is no such kind.
    """
    for each in KINDS:
        if word.lower() in {each.definition.kind.lower(), each.definition.plural, each.definition.short_name}:
            return each
    words = [f"{each.definition.kind} ({each.definition.short_name})" for each in KINDS]
    raise CommandError(f"there is no kind {word}: name one of {', '.join(words)}")


def definition_of(word: str) -> Definition:
    """Return the definition of a kind; see `kind_of`."""
    return kind_of(word).definition


@dataclass(frozen=True, slots=True)
class Namespace:
    """A namespace of a cluster."""

    connection: Connection
    name: str

    def list(self, definition: Definition) -> Sequence[Json]:
        """Return all resources of a kind, ordered by name."""
        found: list[Json] = []
        query: dict[str, str | int] = {"limit": PAGE}
        while True:
            page = self._ask(definition, Request(path=self._path(definition), query=query))
            # The items of a list do not carry their own kind.
            found.extend({"apiVersion": API_VERSION, "kind": definition.kind, **item} for item in page["items"])
            following = page["metadata"].get("continue")
            if not following:
                return sorted(found, key=lambda body: str(body["metadata"]["name"]))
            query = {"limit": PAGE, "continue": following}

    def get(self, definition: Definition, name: str) -> Json:
        """Return a resource.

        Raises:
            CommandError: there is none of that name; the message suggests similar names.
        """
        found = self.find(definition, name)
        if found is None:
            known = [each["metadata"]["name"] for each in self.list(definition)]
            raise unknown(definition.kind, name, known, f" in namespace {self.name}")
        return found

    def find(self, definition: Definition, name: str) -> Json | None:
        """Return a resource, or None if there is none of that name."""
        try:
            return self._ask(definition, Request(path=self._path(definition, name)))
        except AnswerError as error:
            if error.status == NOT_FOUND:
                return None
            raise

    def apply_spec(self, definition: Definition, resource: Json, fields: Json, manager: str, *, force: bool) -> Json:
        """Set fields of a resource's spec by server-side apply, and own them.

        Args:
            resource: as it was read; one that was deleted meanwhile is not recreated.
            fields: of the spec. What the same manager set before and is not among them is removed.
            manager: who sets them, without the prefix "twotier-".
            force: take fields over from other managers.

        Raises:
            CommandError: the API server refuses, or another manager owns a field with another value.
        """
        metadata = {"name": resource["metadata"]["name"], "uid": resource["metadata"]["uid"]}
        body = {"apiVersion": API_VERSION, "kind": definition.kind, "metadata": metadata, "spec": fields}
        query = {"fieldManager": f"{MANAGER_PREFIX}-{manager}", "force": str(force).lower()}
        path = self._path(definition, metadata["name"])
        request = Request(method="PATCH", path=path, query=query, body=body, content_type=APPLY_PATCH)
        return self._ask(definition, request)

    def remove_finalizer(self, definition: Definition, resource: Json, finalizer: str) -> None:
        """Remove one finalizer; all others stay.

        Raises:
            CommandError: the API server refuses, or the resource has changed since it was read.
        """
        metadata = resource["metadata"]
        kept = [each for each in metadata.get("finalizers", ()) if each != finalizer]
        body = {"metadata": {"finalizers": kept, "resourceVersion": metadata["resourceVersion"]}}
        query = {"fieldManager": f"{MANAGER_PREFIX}-uninstall"}
        path = self._path(definition, metadata["name"])
        self._ask(definition, Request(method="PATCH", path=path, query=query, body=body, content_type=MERGE_PATCH))

    def config_map(self, name: str) -> Json | None:
        """Return a ConfigMap, or None if there is none of that name."""
        try:
            return self.connection.json(Request(path=f"/api/v1/namespaces/{self.name}/configmaps/{name}"))
        except AnswerError as error:
            if error.status == NOT_FOUND:
                return None
            raise

    def _path(self, definition: Definition, name: str | None = None) -> str:
        place = f"/namespaces/{self.name}" if self.name else ""
        suffix = "" if name is None else f"/{name}"
        return f"/apis/{GROUP}/{VERSION}{place}/{definition.plural}{suffix}"

    def _ask(self, definition: Definition, request: Request) -> Json:
        try:
            return self.connection.json(request)
        except AnswerError as error:
            if error.status == NOT_FOUND and not error.body:
                raise CommandError(
                    f"the cluster at {self.connection.server} does not know {definition.kind} of {API_VERSION}: "
                    "install TwoTier there (kubectl apply --server-side --kustomize manifests/base), or name another "
                    "cluster with --context"
                ) from error
            if error.status == FORBIDDEN:
                raise CommandError(
                    f"not allowed: {error}: ask your cluster administrator for this permission"
                ) from error
            raise


def everywhere(connection: Connection) -> Namespace:
    """Return all namespaces at once, to list what is in them."""
    return Namespace(connection, "")


def require_namespace(connection: Connection, name: str) -> None:
    """Refuse a namespace that does not exist, where otherwise nothing would be found and no error reported.

    Raises:
        CommandError: it does not exist.
    """
    try:
        connection.json(Request(path=f"/api/v1/namespaces/{name}"))
    except AnswerError as error:
        if error.status == NOT_FOUND:
            raise CommandError(f"there is no namespace {name}: kubectl get namespaces lists the namespaces") from error
        if error.status != FORBIDDEN:  # without permission to read namespaces, a user may still work in one
            raise


def spec_of(resource: Json) -> dict[str, Any]:
    """Return what a resource declares."""
    return dict(resource.get("spec") or {})
