"""twotier log: what became of every update of a tenant's catalogue."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Final

import typer

from twotier.cli.client.runs import find_run, newest_runs
from twotier.cli.client.tenants import tenant_path
from twotier.cli.failure import CommandError
from twotier.cli.parameters import FieldFilter, KindFilter, SkuFilter, TenantName
from twotier.cli.render.entries import entry_filters, entry_lines, read_entries, touched
from twotier.cli.render.layout import Line, line
from twotier.cli.render.log import run_report, run_table
from twotier.cli.render.screen import Form
from twotier.cli.session import Session, verb
from twotier.web.api.models import Run

POSITION: Final = re.compile(r"[1-9][0-9]{0,9}(\.[1-9][0-9]{0,9})?")


def _position(written: str) -> str:
    if not POSITION.fullmatch(written):
        raise typer.BadParameter(f'"{written}" is not a run: give its number, such as 7, or 7.1 for an attempt')
    return written


@verb
def log(
    session: Session,
    tenant: TenantName,
    run: Annotated[
        str | None,
        typer.Argument(
            metavar="RUN",
            parser=_position,
            help="A run or attempt by its number in the log, such as 7 or 7.1; shows its details.",
        ),
    ] = None,
    *,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many runs to list, the newest first.")] = 20,
    entries: Annotated[bool, typer.Option("--entries", help="List every offer that the run changed.")] = False,
    kind: KindFilter = None,
    field: FieldFilter = None,
    sku: SkuFilter = None,
) -> None:
    """Show the log of a tenant's updates, including refused and failed ones; with RUN, what that run changed."""
    path = tenant_path(session.namespace, tenant)
    filters = entry_filters(kind, field, sku)
    if run is None:
        if entries or filters:
            raise CommandError("entries belong to one run: name it, as in `kubectl twotier log TENANT 7 --entries`")
        _list(session, path, limit)
        return
    found = _named_run(session, path, tenant, run)
    if found.number is None and (entries or filters or session.form is Form.CSV):
        raise CommandError(f"{run} was {found.outcome.lower()} and changed nothing: it has no entries")
    of_run = f"{path}/runs/{run}/entries"
    if session.form is Form.CSV:
        session.screen.write(session.api.rows(of_run, filters))
    elif session.form is Form.TABLE:
        session.screen.show(_told(session, found, tenant, of_run, filters, listed=entries or bool(filters)))
    else:
        listed = {"entries": read_entries(session.api, of_run, found.changes, filters)} if entries or filters else {}
        session.screen.data({"run": found, **listed}, session.form)


def _named_run(session: Session, path: str, tenant: str, position: str) -> Run:
    """Return a run or an attempt by its position in the log.

    Raises:
        CommandError: there is none; the message says where to look.
    """
    found = find_run(session.api, path, position)
    if found is None:
        raise CommandError(f"{tenant} has no run {position}: kubectl twotier log {tenant} lists its runs")
    return found


def _list(session: Session, path: str, limit: int) -> None:
    if session.form is Form.CSV:
        session.screen.write(session.api.rows(f"{path}/runs"))
        return
    found = newest_runs(session.api, path, limit)
    if session.form is not Form.TABLE:
        session.screen.data({"runs": found}, session.form)
    elif found:
        session.screen.show(run_table(found, datetime.now(UTC), session.screen.width))
    else:
        session.notes.show([line("No update was ever applied or attempted.")])


def _told(
    session: Session, run: Run, tenant: str, path: str, filters: dict[str, str | int], *, listed: bool
) -> Iterator[Line]:
    if listed:
        yield from entry_lines(session.api, session.screen, path, filters, touched(run.changes))
        yield ()
    yield from run_report(run, tenant, session.screen.width)
