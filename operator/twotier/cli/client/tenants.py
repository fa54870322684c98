"""Tenants and their assignments, as verbs name them, and their paths in TwoTier's API."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import typer
from pydantic import ValidationError

from twotier.cli.client.api import distributor_path, segment
from twotier.cli.client.cluster import Namespace, definition_of, spec_of
from twotier.cli.client.connection import Json, connect
from twotier.cli.failure import CommandError
from twotier.kinds.describing import Shown
from twotier.kinds.price_list_assignment.declaration import DEFINITION as PRICE_LIST_ASSIGNMENT
from twotier.kinds.price_list_assignment.declaration import PriceListAssignmentSpec, PriceListAssignmentStatus
from twotier.kinds.price_list_assignment.describe import ShownAssignment
from twotier.kinds.schema.resource import Definition
from twotier.kinds.tenant_reseller.declaration import DEFINITION as TENANT_RESELLER
from twotier.runtime.resource import describe

UNTIL: Final = "/"


@dataclass(frozen=True, slots=True)
class Assignment:
    """A PriceListAssignment as the cluster has it."""

    body: Json
    spec: PriceListAssignmentSpec
    status: PriceListAssignmentStatus

    @property
    def name(self) -> str:
        """Its name, which is its tenant's too."""
        return str(self.body["metadata"]["name"])

    @property
    def looked_at(self) -> bool:
        """Whether the status describes the current spec."""
        return self.shown.looked_at

    @property
    def shown(self) -> ShownAssignment:
        """As it is shown to people."""
        return Shown(self.name, self.body["metadata"]["generation"], self.spec, self.status)


def assignment_of(namespace: Namespace, name: str) -> Assignment:
    """Return an assignment by its name, which may be prefixed with its kind, as in pla/meltemi.

    Raises:
        CommandError: there is none of that name, another kind is named, or its spec cannot be used.
    """
    body = namespace.get(PRICE_LIST_ASSIGNMENT, _own_name(PRICE_LIST_ASSIGNMENT, name))
    try:
        spec = PriceListAssignmentSpec.model_validate(spec_of(body))
    except ValidationError as error:
        raise CommandError(f"PriceListAssignment {name} is invalid: {describe(error)}: correct the spec") from error
    return Assignment(body, spec, PriceListAssignmentStatus.model_validate(body.get("status") or {}))


def tenant_path(namespace: Namespace, name: str) -> str:
    """Return the path of a tenant in TwoTier's API, by the name of its TenantReseller.

    Raises:
        CommandError: there is none of that name.
    """
    return path_of_tenant(namespace.name, namespace.get(TENANT_RESELLER, _own_name(TENANT_RESELLER, name)))


def path_of_tenant(namespace: str, tenant: Json) -> str:
    """Return the path of a tenant in TwoTier's API."""
    spec = spec_of(tenant)
    return f"{distributor_path(namespace, spec['distributor'])}/tenants/{segment(spec['account']['number'])}"


def names_of(kind: str) -> Callable[[typer.Context, str], list[str]]:
    """Return the shell completion for names of a kind's resources."""

    def complete(context: typer.Context, incomplete: str) -> list[str]:
        with suppress(CommandError):
            given = context.params
            kubeconfig = given.get("kubeconfig")
            connection = connect(Path(kubeconfig) if kubeconfig else None, given.get("context"))
            namespace = Namespace(connection, given.get("namespace") or connection.namespace)
            names = [str(each["metadata"]["name"]) for each in namespace.list(definition_of(kind))]
            return [name for name in names if name.startswith(incomplete)]
        return []

    return complete


def _own_name(definition: Definition, name: str) -> str:
    kind, found, rest = name.partition(UNTIL)
    if not found:
        return name
    if definition_of(kind) is not definition:
        raise CommandError(f"{name} is not a {definition.kind}: name one, such as {definition.short_name}/{rest}")
    return rest
