"""twotier undo: put a tenant's catalogue back to what it was after an earlier run."""

from typing import Annotated

import typer

from twotier.cli.client.assignment_fields import Force, Print, print_manifest, set_fields
from twotier.cli.client.cluster import spec_of
from twotier.cli.client.tenants import Assignment, assignment_of, tenant_path
from twotier.cli.failure import CommandError
from twotier.cli.render.layout import Line, Span, line, paragraph
from twotier.cli.render.plan import summary
from twotier.cli.render.prompt import Yes, agreed
from twotier.cli.session import Session, verb
from twotier.cli.verbs.log import find_run
from twotier.cli.verbs.plan import AssignmentName
from twotier.kinds.tenant_reseller.declaration import DEFINITION as TENANT_RESELLER
from twotier.web.api.models import RehearsalRequest, RehearsedAssignment, Run, TenantRehearsal


@verb
def undo(
    session: Session,
    assignment: AssignmentName,
    *,
    run: Annotated[int, typer.Option("--to", metavar="RUN", min=1, help="Number of the run to go back to; see log.")],
    printed: Print = False,
    yes: Yes = False,
    force: Force = False,
) -> None:
    """Put a tenant's catalogue back to what it was after a run: write its number into spec.restoreRun.

    It shows what that would change and asks. What the reseller set himself after that run stays. Nothing newer is
    applied while spec.restoreRun is set. With --print it changes nothing and prints the YAML to commit.
    """
    declared = assignment_of(session.namespace, assignment)
    path = tenant_path(session.namespace, declared.spec.tenant)
    fault = no_way_back(declared.spec.tenant, run, find_run(session, path, str(run)))
    if fault is not None:
        raise CommandError(f"{fault}: kubectl twotier log {declared.spec.tenant} shows the updates to go back to")
    rehearsed = _rehearse(session, declared, run)
    fields: dict[str, object] = {"restoreRun": run}
    if printed:
        # No approval given so far outlives an undo: plans are good for the newest run alone.
        without = {"revision": None, "approvedPlan": None}
        print_manifest(session, declared, fields | without, f"Puts the catalogue back to run {run}.")
        return
    if declared.spec.revision is not None:
        raise CommandError(
            f"{declared.name} is pinned to a revision, which excludes an undo: remove spec.revision first, or commit "
            "what --print shows"
        )
    session.screen.show(_report(declared, rehearsed, run, session.screen.width))
    if not agreed(f"Put {declared.name} back to run {run}?", yes=yes):
        raise typer.Exit(1)
    set_fields(session.namespace, declared, fields, "undo", force=force)
    back = f"""kubectl patch pla {declared.name} --type=merge --patch='{{"spec": {{"restoreRun": null}}}}'"""
    session.screen.show(
        [
            line(Span(f"{declared.name} goes back to run {run}.", "green"), " Nothing newer is applied meanwhile."),
            line("To follow the price list again:  ", Span(back, "bold")),
        ]
    )


def no_way_back(tenant: str, number: int, run: Run | None) -> str | None:
    """Say why a catalogue cannot go back to a run; None if it can.

    Args:
        run: of this number; None if there is none.
    """
    if run is None:
        return f"{tenant} has no run {number}"
    if run.kind == "restore":
        return f"run {number} of {tenant} is itself a return to run {run.restored_run}"
    if run.undone_by is not None:
        return f"run {number} of {tenant} was undone by run {run.undone_by}"
    if run.in_force:
        return f"run {number} of {tenant} is the one in force: there is nothing to put back"
    return None


def _rehearse(session: Session, declared: Assignment, run: int) -> TenantRehearsal:
    tenant = spec_of(session.namespace.get(TENANT_RESELLER, declared.spec.tenant))
    spec = {name: value for name, value in spec_of(declared.body).items() if name != "revision"} | {"restoreRun": run}
    request = RehearsalRequest(assignments=(RehearsedAssignment(account=tenant["account"]["number"], spec=spec),))
    (rehearsed,) = session.api.rehearse(request, session.namespace.name, tenant["distributor"]).tenants
    if rehearsed.outcome == "NotPlanned":
        raise CommandError(f"{declared.name} cannot go back to run {run}: {rehearsed.message}")
    return rehearsed


def _report(declared: Assignment, rehearsed: TenantRehearsal, run: int, width: int) -> list[Line]:
    told = f"{declared.name}: back to what the catalogue was after run {run}"
    return [*paragraph(Span(told, "bold"), width), (), *summary(rehearsed.changes, width), ()]
