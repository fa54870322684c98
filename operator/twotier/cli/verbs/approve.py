"""twotier approve: let the operator apply a plan."""

import typer

from twotier.cli.client.assignment_fields import Force, Print, print_manifest, set_fields
from twotier.cli.client.observed import applied_when, contradiction
from twotier.cli.client.tenants import Assignment, assignment_of, tenant_path
from twotier.cli.failure import CommandError
from twotier.cli.render.layout import Span, line
from twotier.cli.render.plan import plan_report, tally
from twotier.cli.render.prompt import Yes, agreed
from twotier.cli.render.words import short
from twotier.cli.session import Session, verb
from twotier.cli.verbs.plan import AssignmentName, PlanId, behind, find_plan
from twotier.web.api.models import Plan


@verb
def approve(
    session: Session,
    assignment: AssignmentName,
    plan: PlanId = None,
    *,
    printed: Print = False,
    yes: Yes = False,
    force: Force = False,
) -> None:
    """Approve a plan: write its id into spec.approvedPlan, under your own rights.

    Without PLAN it shows the newest one and asks. In a pipe it needs PLAN or --yes. With --print it changes nothing and
    prints the YAML to commit instead.
    """
    declared = assignment_of(session.namespace, assignment)
    found = find_plan(session, declared, tenant_path(session.namespace, declared.spec.tenant), plan)
    if found is None:
        nothing = line(f"Nothing to approve: {declared.name} is up to date.")
        session.notes.show([nothing, *behind(session, declared, session.notes.width)])
        return
    require_good(declared, found)
    if printed:
        comment = f"Approves a plan of {found.planned_at:%Y-%m-%d %H:%M} UTC: {tally(found.changes)}."
        print_manifest(session, declared, {"approvedPlan": found.id}, comment)
        return
    if plan is None:
        session.screen.show([*plan_report(found, declared.name, session.screen.width), ()])
        if not agreed("Approve this plan?", yes=yes):
            raise typer.Exit(1)
    set_fields(session.namespace, declared, {"approvedPlan": found.id}, "approve", force=force)
    session.screen.show(
        [
            line(
                Span(f"Approved plan {short(found.id)} of {declared.name}.", "green"),
                f" The operator applies it {applied_when(declared.spec, declared.status)}.",
            ),
            line("See what becomes of it:  ", Span(f"kubectl twotier status pla/{declared.name}", "bold")),
        ]
    )


def require_good(declared: Assignment, plan: Plan) -> None:
    """Refuse what would have no effect.

    Raises:
        CommandError: it would have none; the message says why.
    """
    if declared.spec.restore_run is not None:
        raise CommandError(
            f"{declared.name} is put back to run {declared.spec.restore_run}, and nothing newer is applied meanwhile: "
            "remove spec.restoreRun first"
        )
    if not plan.live:
        raise CommandError(
            f"plan {short(plan.id)} can no longer be applied, because {plan.moved}: look at the newest with "
            f"kubectl twotier plan {declared.name}"
        )
    contradicted = contradiction(declared.spec, plan)
    if contradicted is not None:
        raise CommandError(
            f"plan {short(plan.id)} is not what {declared.name} asks for: {contradicted}; look at the newest with "
            f"kubectl twotier plan {declared.name}"
        )
    if declared.spec.approval != "Manual":
        raise CommandError(
            f"spec.approval of {declared.name} is {declared.spec.approval}, and only Manual asks for approvals: "
            + ("plans are applied by themselves" if declared.spec.approval == "Automatic" else "set it to Manual first")
        )
