"""twotier approve: let the operator apply a plan."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import typer

from twotier.cli.client.assignment_fields import set_fields
from twotier.cli.client.cluster import spec_of
from twotier.cli.client.plans import find_plan, unaccepted
from twotier.cli.client.tenants import Assignment, assignment_of, tenant_path
from twotier.cli.failure import CommandError
from twotier.cli.parameters import AssignmentName, Force, PlanId, Print
from twotier.cli.render.layout import Span, line
from twotier.cli.render.manifest import manifest_text, to_commit
from twotier.cli.render.plan import behind, plan_report, tally
from twotier.cli.render.prompt import Yes, agreed
from twotier.cli.render.screen import Form
from twotier.cli.session import Session, verb
from twotier.kinds.price_list_assignment.describe import applied_when
from twotier.web.api.models import Plan, Verdict
from twotier.words import short

REMEDIES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "RunHeldInForce": "remove spec.restoreRun first",
        "NoApprovalNeeded": "set spec.approval to Manual first, so that plans wait for approval",
        "NeverApplied": "set spec.approval to Manual first",
        "NotAccepted": "correct spec.priceList, or see the condition Accepted of that PriceList",
        "NoSuchRevision": "correct spec.revision, or remove it to follow the newest revision",
        "OtherCurrency": "set spec.priceList to a list in the tenant's currency",
    }
)
"""What to do about obstacles, by reason; for all others: look at the newest plan."""


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
    """Approve a plan: write its ID into spec.approvedPlan, with your own permissions.

    Without PLAN, it shows the newest plan and asks for confirmation; in a pipe, PLAN or --yes is required. With
    --print, it changes nothing and prints the YAML to commit instead.
    """
    declared = assignment_of(session.namespace, assignment)
    path = tenant_path(session.namespace, declared.spec.tenant)
    found = find_plan(session.api, declared, path, plan)
    if found is None:
        nothing = line(f"Nothing to approve: {declared.name} is up to date.")
        why = unaccepted(session.namespace, declared)
        session.notes.show([nothing, *behind(declared.spec.price_list, why, session.notes.width)])
        return
    require_good(declared, found, session.api.judge_approval(path, found.id, spec_of(declared.body)))
    if printed:
        session.require_form(Form.TABLE, Form.YAML)
        comment = f"Approves the plan of {found.planned_at:%Y-%m-%d %H:%M} UTC: {tally(found.changes)}."
        session.screen.write(manifest_text(declared, {"approvedPlan": found.id}, comment))
        return
    if plan is None:
        session.screen.show([*plan_report(found, declared.name, session.screen.width), ()])
        if not agreed("Approve this plan?", yes=yes):
            raise typer.Exit(1)
    fields: dict[str, object] = {"approvedPlan": found.id}
    set_fields(session.namespace, declared, fields, "approve", force=force)
    session.screen.show(
        [
            line(
                Span(f"Approved plan {short(found.id)} of {declared.name}.", "green"),
                f" The operator applies it {applied_when(declared.shown)}.",
            ),
            line("To see the result:  ", Span(f"kubectl twotier status pla/{declared.name}", "bold")),
            *to_commit(declared, fields, session.screen.width),
        ]
    )


def require_good(declared: Assignment, plan: Plan, verdict: Verdict) -> None:
    """Refuse an approval that would have no effect.

    Args:
        declared: the assignment.
        plan: to be approved.
        verdict: what stands in the way.

    Raises:
        CommandError: something does; the message says what to do.
    """
    if verdict.obstacle is None:
        return
    newest = f"look at the newest plan with kubectl twotier plan {declared.name}"
    remedy = REMEDIES.get(verdict.reason or "", newest)
    raise CommandError(
        f"plan {short(plan.id)} of {declared.name} cannot be approved, because {verdict.obstacle}: {remedy}"
    )
