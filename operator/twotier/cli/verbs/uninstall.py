"""twotier uninstall: release the resources, so that they can be deleted, and say what stays in the database."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Final

import typer

from twotier.cli.client.cluster import CONFLICT, Namespace, everywhere, require_namespace
from twotier.cli.client.connection import AnswerError, Connection, Json, Request
from twotier.cli.failure import CommandError
from twotier.cli.render.layout import GAP, Line, Span, line, paragraph
from twotier.cli.render.prompt import Yes, agreed
from twotier.cli.session import Session, verb
from twotier.kinds.tenant_reseller.declaration import DEFINITION as TENANT_RESELLER
from twotier.runtime.resource import FINALIZER
from twotier.words import counted

LEASE: Final = "twotier-operator"
NEXT: Final = (
    "kubectl delete --kustomize manifests/base",
    "drop the database, or keep it: a later installation with the same resources continues with it",
)


@verb
def uninstall(
    session: Session,
    *,
    yes: Yes = False,
    operator_is_gone: Annotated[
        bool, typer.Option("--operator-is-gone", help="Skip the check for a running operator.")
    ] = False,
) -> None:
    """Remove TwoTier's finalizers, so that resources can be deleted without the operator.

    Works in all namespaces, or only in that of --namespace. Deletes nothing in the cluster or the database.
    """
    if session.options.namespace:
        require_namespace(session.connection, session.options.namespace)
    if not operator_is_gone:
        _require_stopped(session.connection, session.options.installation, datetime.now(UTC))
    place = Namespace(session.connection, session.options.namespace) if session.options.namespace else None
    held = [
        each
        for each in (place or everywhere(session.connection)).list(TENANT_RESELLER)
        if FINALIZER in each["metadata"].get("finalizers", ())
    ]
    session.screen.show(report(held, session.screen.width))
    if held and not agreed(f"Remove the finalizer from {counted(len(held), 'TenantReseller')}?", yes=yes):
        raise typer.Exit(1)
    for each in held:
        _let_go(session.connection, each)
    session.screen.show(_farewell(len(held), session.screen.width))


def report(held: list[Json], width: int) -> list[Line]:
    """Return which tenants are held by a finalizer, and what stays of them."""
    if not held:
        return [line("No resource has TwoTier's finalizer."), ()]
    names = sorted(f"{each['metadata']['namespace']}/{each['metadata']['name']}" for each in held)
    return [
        line(Span(f"{counted(len(held), 'TenantReseller')} with TwoTier's finalizer:", "bold")),
        *(line(" " * GAP, name) for name in names),
        (),
        *paragraph(
            "Without it they can be deleted, but their organisations are neither marked nor erased: catalogues, logs, "
            "customers and subscriptions stay in the database, whatever their deletionPolicy says.",
            width,
        ),
        (),
    ]


def _require_stopped(connection: Connection, installation: str, now: datetime) -> None:
    """Refuse while an operator leads: it would set the finalizers again.

    Raises:
        CommandError: an operator leads.
    """
    path = f"/apis/coordination.k8s.io/v1/namespaces/{installation}/leases/{LEASE}"
    try:
        lease = connection.json(Request(path=path))["spec"]
    except AnswerError:
        return  # there never was one, or we may not look: trust the person
    renewed = lease.get("renewTime")
    if not lease.get("holderIdentity") or renewed is None:
        return
    if now < datetime.fromisoformat(renewed) + timedelta(seconds=lease.get("leaseDurationSeconds", 0)):
        raise CommandError(
            f"operator {lease['holderIdentity']} is still running and would set the finalizers again: stop it first "
            f"(kubectl --namespace={installation} scale deployment {LEASE} --replicas=0), or end its process if you "
            "started it yourself"
        )


def _let_go(connection: Connection, resource: Json) -> None:
    namespace = Namespace(connection, resource["metadata"]["namespace"])
    try:
        namespace.remove_finalizer(TENANT_RESELLER, resource, FINALIZER)
    except AnswerError as error:
        if error.status == CONFLICT:
            raise CommandError(
                f"TenantReseller {namespace.name}/{resource['metadata']['name']} has changed meanwhile: run this again"
            ) from error
        raise


def _farewell(count: int, width: int) -> list[Line]:
    done = [line(Span(f"Removed the finalizer from {counted(count, 'TenantReseller')}.", "green"))] if count else []
    steps = [each for step in NEXT for each in paragraph(step, width, GAP)]
    return [*done, line(Span("To remove the rest:", "bold")), *steps]
