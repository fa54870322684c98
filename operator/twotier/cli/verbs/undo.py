"""twotier undo: take a tenant's catalogue back to what it was after an earlier run."""

from typing import Annotated

import typer

from twotier.cli.client.assignment_fields import set_fields
from twotier.cli.client.cluster import spec_of
from twotier.cli.client.runs import find_run
from twotier.cli.client.tenants import Assignment, assignment_of, tenant_path
from twotier.cli.failure import CommandError
from twotier.cli.parameters import AssignmentName, Force, Print
from twotier.cli.render.layout import Line, Span, line, paragraph
from twotier.cli.render.manifest import manifest_text, to_commit
from twotier.cli.render.plan import summary
from twotier.cli.render.prompt import Yes, agreed
from twotier.cli.render.screen import Form
from twotier.cli.session import Session, verb
from twotier.kinds.tenant_reseller.declaration import DEFINITION as TENANT_RESELLER
from twotier.web.api.models import DraftAssignment, DryRunRequest, Run, TenantDryRun


@verb
def undo(
    session: Session,
    assignment: AssignmentName,
    *,
    run: Annotated[int, typer.Option("--to", metavar="RUN", min=1, help="Number of the run to restore; see log.")],
    printed: Print = False,
    yes: Yes = False,
    force: Force = False,
) -> None:
    """Undo updates: take a tenant's catalogue back to what it was after an earlier run.

    It shows what would change, asks for confirmation, and writes the number of the run into spec.restoreRun. Overrides
    that were set after that run stay. Nothing newer is applied while spec.restoreRun is set. With --print, it changes
    nothing and prints the YAML to commit.
    """
    declared = assignment_of(session.namespace, assignment)
    path = tenant_path(session.namespace, declared.spec.tenant)
    require_restorable(declared.spec.tenant, run, find_run(session.api, path, str(run)))
    tried = _dry_run(session, declared, run)
    fields: dict[str, object] = {"restoreRun": run}
    if printed:
        session.require_form(Form.TABLE, Form.YAML)
        # No earlier approval survives an undo: plans are valid for the newest run only.
        without = {"revision": None, "approvedPlan": None}
        comment = f"Undoes all updates after run {run}."
        session.screen.write(manifest_text(declared, fields | without, comment))
        return
    if declared.spec.revision is not None:
        raise CommandError(
            f"{declared.name} is pinned to a revision, which rules out an undo: remove spec.revision first, or commit "
            "what --print shows"
        )
    session.screen.show(_report(declared, tried, run, session.screen.width))
    if not agreed(f"Undo all updates of {declared.name} after run {run}?", yes=yes):
        raise typer.Exit(1)
    set_fields(session.namespace, declared, fields, "undo", force=force)
    back = f"""kubectl patch pla {declared.name} --type=merge --patch='{{"spec": {{"restoreRun": null}}}}'"""
    session.screen.show(
        [
            line(Span(f"Restoring {declared.name} to run {run}.", "green"), " Nothing newer is applied meanwhile."),
            line("To follow the price list again:  ", Span(back, "bold")),
            *to_commit(declared, fields, session.screen.width),
        ]
    )


def require_restorable(tenant: str, number: int, run: Run | None) -> None:
    """Refuse a run that no undo can restore.

    Args:
        run: of this number; None if there is none.

    Raises:
        CommandError: it cannot be restored; the message says why.
    """
    obstacle = f"there is no run {number}" if run is None else run.undo_obstacle
    if obstacle is not None:
        raise CommandError(
            f"the catalogue of {tenant} cannot be restored to run {number}, because {obstacle}: "
            f"kubectl twotier log {tenant} shows the runs that can be restored"
        )


def _dry_run(session: Session, declared: Assignment, run: int) -> TenantDryRun:
    tenant = spec_of(session.namespace.get(TENANT_RESELLER, declared.spec.tenant))
    spec = {name: value for name, value in spec_of(declared.body).items() if name != "revision"} | {"restoreRun": run}
    request = DryRunRequest(assignments=(DraftAssignment(account=tenant["account"]["number"], spec=spec),))
    (tried,) = session.api.dry_run(request, session.namespace.name, tenant["distributor"]).tenants
    if tried.outcome == "NotPlanned":
        raise CommandError(f"{declared.name} cannot be restored to run {run}: {tried.message}")
    return tried


def _report(declared: Assignment, tried: TenantDryRun, run: int, width: int) -> list[Line]:
    told = f"{declared.name}: undo to run {run}"
    return [*paragraph(Span(told, "bold"), width), (), *summary(tried.changes, width), ()]
