"""twotier plan: what an update of a tenant's catalogue would do, before it is approved."""

from collections.abc import Iterator
from typing import Annotated, Final

import typer

from twotier.cli.client.cluster import spec_of
from twotier.cli.client.plans import find_plan, unaccepted
from twotier.cli.client.tenants import Assignment, assignment_of, tenant_path
from twotier.cli.parameters import AssignmentName, FieldFilter, KindFilter, PlanId, SkuFilter
from twotier.cli.render.entries import entry_filters, entry_lines, read_entries, touched
from twotier.cli.render.layout import Line, Span, line, paragraph, section
from twotier.cli.render.plan import behind, plan_report
from twotier.cli.render.screen import Form
from twotier.cli.session import CHANGES, Session, verb
from twotier.kinds.price_list_assignment.declaration import UP_TO_DATE
from twotier.kinds.price_list_assignment.describe import applied_when
from twotier.web.api.models import Changes, Plan
from twotier.words import short

CONTRADICTED: Final = "PlanContradicted"
"""The reason of an obstacle: the spec asks for something else than the plan does."""


@verb
def plan(
    session: Session,
    assignment: AssignmentName,
    plan: PlanId = None,
    *,
    entries: Annotated[bool, typer.Option("--entries", help="List every offer that would change.")] = False,
    kind: KindFilter = None,
    field: FieldFilter = None,
    sku: SkuFilter = None,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="Exit with 2 if it would change something.")] = False,
) -> None:
    """Show what an update of a tenant's catalogue would do. -o csv prints the entries.

    With --exit-code, it exits with 2 if it would change something, and with 0 if it would not or can no longer be
    applied.
    """
    declared = assignment_of(session.namespace, assignment)
    path = tenant_path(session.namespace, declared.spec.tenant)
    found = find_plan(session.api, declared, path, plan)
    if found is None:
        _show_nothing(session, declared)
        return
    filters = entry_filters(kind, field, sku)
    of_plan = f"{path}/plans/{found.id}/entries"
    if session.form is Form.CSV:
        session.screen.write(session.api.rows(of_plan, filters))
    elif session.form is Form.TABLE:
        session.screen.show(_told(session, declared, found, path, filters, listed=entries or bool(filters)))
    else:
        listed = {"entries": read_entries(session.api, of_plan, found.changes, filters)} if entries or filters else {}
        session.screen.data({"plan": found, **listed}, session.form)
    if exit_code and found.live and found.changes != Changes():
        raise typer.Exit(CHANGES)


def _told(
    session: Session, declared: Assignment, plan: Plan, path: str, filters: dict[str, str | int], *, listed: bool
) -> Iterator[Line]:
    width = session.screen.width
    if listed:
        yield from entry_lines(
            session.api, session.screen, f"{path}/plans/{plan.id}/entries", filters, touched(plan.changes)
        )
        yield ()
    yield from plan_report(plan, declared.name, width)
    yield ()
    yield from section("Next", how_to_go_on(declared, plan, _contradiction(session, declared, plan, path), width))[:-1]


def _contradiction(session: Session, declared: Assignment, plan: Plan, path: str) -> str | None:
    """What the spec asks for that a plan of an update does not do."""
    if not plan.live or plan.kind == "undo" or declared.spec.restore_run is not None:
        return None
    verdict = session.api.judge_approval(path, plan.id, spec_of(declared.body))
    return verdict.obstacle if verdict.reason == CONTRADICTED else None


def how_to_go_on(declared: Assignment, plan: Plan, contradicted: str | None, width: int) -> Iterator[Line]:
    """Yield what to do to have a plan applied.

    Args:
        declared: the assignment.
        plan: of its tenant.
        contradicted: what the spec asks for that the plan does not do.
        width: of lines.
    """
    if not plan.live:
        yield from paragraph(f"It can no longer be applied: {plan.moved}.", width, 2)
        yield line("  See the current plan:  ", Span(f"kubectl twotier plan {declared.name}", "bold"))
        return
    when = applied_when(declared.shown)
    beside = _beside_approvals(declared, plan, contradicted, when)
    if beside is not None:
        yield from paragraph(beside, width, 2)
        return
    match declared.spec.approval:
        case "Manual" if declared.spec.approved_plan == plan.id:
            yield from paragraph(f"It is approved: the operator applies it {when}.", width, 2)
        case "Manual":
            yield line(
                "  Approve it here:  ", Span(f"kubectl twotier approve {declared.name} {short(plan.id)}", "bold")
            )
            yield line(f"  Approve it in Git, in PriceListAssignment {declared.name}:")
            yield line(Span("      spec:", "bold"))
            yield line(Span(f"        approvedPlan: {plan.id}", "bold"))
        case "Automatic":
            yield from paragraph(
                f"spec.approval is Automatic: the operator applies it without approval {when}.", width, 2
            )
        case "Never":
            yield from paragraph(
                "spec.approval is Never: it is only shown. Set it to Manual or Automatic to have plans applied.",
                width,
                2,
            )


def _beside_approvals(declared: Assignment, plan: Plan, contradicted: str | None, when: str) -> str | None:
    """What becomes of a plan that needs no approval; None for other plans."""
    if plan.kind == "undo":
        return f"spec.restoreRun requests it: the operator applies it {when}."
    if declared.spec.restore_run is not None:
        return "spec.restoreRun is set: this plan would follow if it were removed."
    return None if contradicted is None else f"The spec now asks for something else: {contradicted}."


def _show_nothing(session: Session, declared: Assignment) -> None:
    match session.form:
        case Form.CSV:
            pass
        case Form.TABLE:
            up_to_date = declared.status.condition(UP_TO_DATE)
            told = f" {up_to_date.message}." if up_to_date is not None else ""
            width, why = session.screen.width, unaccepted(session.namespace, declared)
            session.screen.show(
                [*paragraph(f"No changes.{told}", width), *behind(declared.spec.price_list, why, width)]
            )
        case _:
            session.screen.data({"plan": None}, session.form)
