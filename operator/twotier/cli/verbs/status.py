"""twotier status: the state of resources, and what to do next."""

from datetime import UTC, datetime
from typing import Annotated, Final

import typer

from twotier.cli.client.cluster import kind_of
from twotier.cli.client.connection import Json
from twotier.cli.client.runs import newest_runs
from twotier.cli.client.tenants import path_of_tenant
from twotier.cli.failure import CommandError
from twotier.cli.render.resource import Standing
from twotier.cli.render.screen import Form, as_data
from twotier.cli.render.status import OVERVIEW_COLUMNS, overview, overview_row, status_report
from twotier.cli.session import Session, verb
from twotier.kinds.price_list_assignment.declaration import PriceListAssignmentSpec
from twotier.kinds.registry import KINDS
from twotier.kinds.tenant_reseller.declaration import DEFINITION as TENANT_RESELLER
from twotier.web.api.models import Run

SHOWN_RUNS: Final = 5


@verb
def status(
    session: Session,
    resource: Annotated[
        str | None,
        typer.Argument(metavar="KIND/NAME", help="A resource, such as pla/meltemi, or a kind; default: all resources."),
    ] = None,
    named: Annotated[
        str | None, typer.Argument(metavar="NAME", help="Its name, if only its kind is given before.")
    ] = None,
) -> None:
    """Show the state of resources: all of a namespace in a table, or one in detail with what to do next."""
    kind, _, name = (resource or "").partition("/")
    if name and named:
        raise CommandError(f"{resource} already names a resource: leave {named} out, or ask for each on its own")
    if name := name or named or "":
        _show_one(session, kind, name)
    else:
        _show_all(session, kind)


def _show_all(session: Session, kind: str) -> None:
    kinds = [kind_of(kind)] if kind else KINDS
    standings = [Standing.of(each, body) for each in kinds for body in session.namespace.list(each.definition)]
    match session.form:
        case Form.TABLE:
            table = overview(standings, session.namespace.name, datetime.now(UTC), session.screen.width)
            session.screen.show(table)
        case Form.CSV:
            session.screen.rows(map(overview_row, standings), OVERVIEW_COLUMNS)
        case _:
            session.screen.data({"resources": [overview_row(each) for each in standings]}, session.form)


def _show_one(session: Session, kind: str, name: str) -> None:
    session.require_form(Form.TABLE, Form.JSON, Form.YAML)
    found = kind_of(kind)
    standing = Standing.of(found, session.namespace.get(found.definition, name))
    runs = _runs(session, standing)
    if session.form is Form.TABLE:
        session.screen.show(status_report(standing, runs, datetime.now(UTC), session.screen.width))
        return
    listed = {"runs": [as_data(run) for run in runs]} if isinstance(runs, list) else {}
    session.screen.data({"resource": _without_bookkeeping(standing.body), **listed}, session.form)


def _runs(session: Session, standing: Standing) -> list[Run] | str | None:
    """The newest runs of an assignment, or why they cannot be read: the rest is still worth showing."""
    spec = standing.shown.spec
    if not isinstance(spec, PriceListAssignmentSpec):
        return None
    tenant = session.namespace.find(TENANT_RESELLER, spec.tenant)
    if tenant is None:
        return []
    try:
        return newest_runs(session.api, path_of_tenant(session.namespace.name, tenant), SHOWN_RUNS)
    except CommandError as error:
        return str(error)


def _without_bookkeeping(body: Json) -> Json:
    metadata = {name: value for name, value in body["metadata"].items() if name != "managedFields"}
    return {**body, "metadata": metadata}
