"""twotier log: what became of every update of a tenant's catalogue."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated

import typer

from twotier.cli.failure import CommandError
from twotier.cli.layout import Line, line
from twotier.cli.log_words import run_report, run_table
from twotier.cli.plan import (
    FieldFilter,
    KindFilter,
    SkuFilter,
    entry_filters,
    entry_lines,
    read_entries,
    touched,
)
from twotier.cli.screen import Form
from twotier.cli.session import Session, verb
from twotier.cli.tenants import names_of, tenant_path
from twotier.web.models import Run

TenantName = Annotated[str, typer.Argument(metavar="TENANT", help="The TenantReseller.", autocompletion=names_of("tr"))]


@verb
def log(
    session: Session,
    tenant: TenantName,
    run: Annotated[int | None, typer.Argument(metavar="RUN", min=1, help="Number of a run, to see all of it.")] = None,
    *,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many runs to list, the newest first.")] = 20,
    entries: Annotated[bool, typer.Option("--entries", help="List every offer that the run changed.")] = False,
    kind: KindFilter = None,
    field: FieldFilter = None,
    sku: SkuFilter = None,
) -> None:
    """Show the log of a tenant's updates, refused and failed ones too; with RUN, what that one changed."""
    path = tenant_path(session.namespace, tenant)
    filters = entry_filters(kind, field, sku)
    if run is None:
        if entries or filters:
            raise CommandError("entries are of one run: name it, as in `twotier log TENANT 7 --entries`")
        _list(session, path, limit)
        return
    found = session.api.read(f"{path}/runs/{run}", Run)
    of_run = f"{path}/runs/{run}/entries"
    if session.form is Form.CSV:
        session.screen.write(session.api.rows(of_run, filters))
    elif session.form is Form.TABLE:
        session.screen.show(_told(session, found, tenant, of_run, filters, listed=entries or bool(filters)))
    else:
        listed = {"entries": read_entries(session, of_run, found.changes, filters)} if entries or filters else {}
        session.screen.data({"run": found, **listed}, session.form)


def newest_runs(session: Session, path: str, limit: int) -> list[Run]:
    """Return a tenant's newest runs, the newest first."""
    found: list[Run] = []
    for page in session.api.pages(f"{path}/runs", Run, {"limit": min(limit, 1_000)}):
        found.extend(page)
        if len(found) >= limit:
            break
    return found[:limit]


def _list(session: Session, path: str, limit: int) -> None:
    if session.form is Form.CSV:
        session.screen.write(session.api.rows(f"{path}/runs"))
        return
    found = newest_runs(session, path, limit)
    if session.form is not Form.TABLE:
        session.screen.data({"runs": found}, session.form)
    elif found:
        session.screen.show(run_table(found, datetime.now(UTC), session.screen.width))
    else:
        session.notes.show([line("Nothing was ever applied or refused.")])


def _told(
    session: Session, run: Run, tenant: str, path: str, filters: dict[str, str | int], *, listed: bool
) -> Iterator[Line]:
    if listed:
        yield from entry_lines(session, path, filters, touched(run.changes))
        yield ()
    yield from run_report(run, tenant, session.screen.width)
