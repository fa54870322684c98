"""twotier plan: what an update of a tenant's catalogue would do, before anybody approves it."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Final

import typer

from twotier.cli.client.cluster import spec_of
from twotier.cli.client.tenants import Assignment, assignment_of, names_of, tenant_path
from twotier.cli.failure import CommandError, unknown
from twotier.cli.render.layout import Line, Span, line, paragraph, section
from twotier.cli.render.plan import WARNING, EntryTable, plan_report
from twotier.cli.render.progress import following
from twotier.cli.render.screen import Form
from twotier.cli.session import Session, verb
from twotier.kinds.price_list.declaration import DEFINITION as PRICE_LIST
from twotier.kinds.price_list.declaration import PriceListStatus
from twotier.kinds.price_list.describe import not_accepted
from twotier.kinds.price_list_assignment.declaration import UP_TO_DATE
from twotier.kinds.price_list_assignment.describe import applied_when, is_planned
from twotier.runtime.status import READY
from twotier.web.api.models import Changes, Entry, EntryField, EntryKind, Plan
from twotier.words import ALGORITHM, abridged, short

CHANGES: Final = 2
"""Exit code when there is something to do; 0 when there is nothing, 1 when something went wrong."""
SHORTEST_PREFIX: Final = 6
CONTRADICTED: Final = "PlanContradicted"
"""The reason of an obstacle: the spec asks for something else than the plan does."""

AssignmentName = Annotated[
    str,
    typer.Argument(metavar="ASSIGNMENT", help="The PriceListAssignment.", autocompletion=names_of("pla")),
]
PlanId = Annotated[
    str | None,
    typer.Argument(metavar="PLAN", help="Id of a plan, or its beginning; the newest one when left out."),
]
KindFilter = Annotated[
    EntryKind | None, typer.Option("--kind", help="Entries of one kind.", show_choices=True, case_sensitive=False)
]
FieldFilter = Annotated[
    EntryField | None, typer.Option("--field", help="Entries of which one field changes.", case_sensitive=False)
]
SkuFilter = Annotated[str | None, typer.Option("--sku", help="Entries of one product.")]


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
) -> None:
    """Show what an update of a tenant's catalogue would do.

    Ends with 0 if it would do nothing or can no longer be applied, 2 if it would change something, 1 if that could not
    be found out. -o csv prints the entries.
    """
    declared = assignment_of(session.namespace, assignment)
    path = tenant_path(session.namespace, declared.spec.tenant)
    found = find_plan(session, declared, path, plan)
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
        listed = {"entries": read_entries(session, of_plan, found.changes, filters)} if entries or filters else {}
        session.screen.data({"plan": found, **listed}, session.form)
    raise typer.Exit(CHANGES if found.live and found.changes != Changes() else 0)


def find_plan(session: Session, declared: Assignment, path: str, wanted: str | None) -> Plan | None:
    """Return the plan that is wanted, the one that the status shows if none is named; None if there is nothing to do.

    Raises:
        CommandError: there is no such plan, or none can be made at present; the message says why.
    """
    if wanted is not None:
        return _named_plan(session, path, wanted)
    shown = shown_plan(declared)
    return None if shown is None else session.api.read(f"{path}/plans/{shown}", Plan)


def shown_plan(declared: Assignment) -> str | None:
    """Return the id of the plan that an assignment awaits; None if its catalogue is up to date.

    Raises:
        CommandError: nobody knows, because it was not looked at yet or cannot be followed; the message says why.
    """
    ready = declared.status.condition(READY)
    if ready is None or not declared.looked_at:
        raise CommandError(
            f"the operator has not looked at the newest change of PriceListAssignment {declared.name} yet: try again "
            "in a moment, and look whether it runs if that does not help"
        )
    if not is_planned(declared.shown):
        raise CommandError(f"there is no plan for {declared.name} at present: {ready.message}")
    return None if declared.status.plan is None else declared.status.plan.id


def behind(session: Session, declared: Assignment, width: int) -> list[Line]:
    """Return what keeps the newest content of an assignment's price list from its tenant; nothing if it is there."""
    body = session.namespace.find(PRICE_LIST, declared.spec.price_list)
    why = None if body is None else not_accepted(PriceListStatus.model_validate(body.get("status") or {}))
    if why is None:
        return []
    told = f"The source of PriceList {declared.spec.price_list} is not accepted, and leads to no plan: {abridged(why)}"
    return paragraph(Span(told, WARNING), width)


def entry_filters(kind: EntryKind | None, field: EntryField | None, sku: str | None) -> dict[str, str | int]:
    """Return what is asked of entries, as the API takes it."""
    return {name: value for name, value in (("kind", kind), ("field", field), ("sku", sku)) if value is not None}


def entry_lines(session: Session, path: str, filters: dict[str, str | int], total: int) -> Iterator[Line]:
    """Yield entries as lines, as they come, with their progress shown beside."""
    listed = EntryTable(session.screen.width)
    shown = 0
    pages: Iterable[Sequence[Entry]] = session.api.pages(path, Entry, filters)
    for page in pages if session.screen.is_terminal else following(pages, "Reading entries", total):
        shown += len(page)
        yield from listed.lines(page)
    if not shown:
        yield line("  No entry is of that kind.")


def _named_plan(session: Session, path: str, wanted: str) -> Plan:
    known: list[Plan] = []
    for page in session.api.pages(f"{path}/plans", Plan):
        known.extend(page)
    found = [each for each in known if _begins(each.id, wanted)]
    if not found:
        raise unknown("plan", wanted, (short(each.id) for each in known if each.live), " of this tenant")
    if len(found) > 1:
        raise CommandError(f"{len(found)} plans begin with {wanted}: write more of the id")
    return found[0]


def _begins(id_: str, wanted: str) -> bool:
    beginning = wanted.removeprefix(ALGORITHM)
    return len(beginning) >= SHORTEST_PREFIX and id_.removeprefix(ALGORITHM).startswith(beginning)


def _told(
    session: Session, declared: Assignment, plan: Plan, path: str, filters: dict[str, str | int], *, listed: bool
) -> Iterator[Line]:
    width = session.screen.width
    if listed:
        yield from entry_lines(session, f"{path}/plans/{plan.id}/entries", filters, touched(plan.changes))
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


def touched(changes: Changes) -> int:
    """Return how many entries an update has."""
    return changes.added + changes.returned + changes.changed + changes.discontinued + changes.removed


def how_to_go_on(declared: Assignment, plan: Plan, contradicted: str | None, width: int) -> Iterator[Line]:
    """Yield what has to be written to have a plan applied.

    Args:
        declared: the assignment.
        plan: of its tenant.
        contradicted: what the spec asks for that the plan does not do.
        width: of lines.
    """
    if not plan.live:
        yield from paragraph(f"It can no longer be applied: {plan.moved}.", width, 2)
        yield line("  Look at the plan of now:  ", Span(f"kubectl twotier plan {declared.name}", "bold"))
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
            yield from paragraph(f"spec.approval is Automatic: the operator applies it by itself {when}.", width, 2)
        case "Never":
            yield from paragraph(
                "spec.approval is Never: it is only shown. Set it to Manual or Automatic to have plans applied.",
                width,
                2,
            )


def _beside_approvals(declared: Assignment, plan: Plan, contradicted: str | None, when: str) -> str | None:
    """What becomes of a plan that no approval has a say in; None for other plans."""
    if plan.kind == "undo":
        return f"spec.restoreRun asks for it: the operator applies it {when}."
    if declared.spec.restore_run is not None:
        return "spec.restoreRun is set: it is what removing that would lead to."
    return None if contradicted is None else f"The spec asks for something else now: {contradicted}."


def read_entries(session: Session, path: str, changes: Changes, filters: dict[str, str | int]) -> list[Entry]:
    """Return all entries of a plan or a run."""
    pages = session.api.pages(path, Entry, filters)
    return [entry for page in following(pages, "Reading entries", touched(changes)) for entry in page]


def _show_nothing(session: Session, declared: Assignment) -> None:
    match session.form:
        case Form.CSV:
            pass
        case Form.TABLE:
            up_to_date = declared.status.condition(UP_TO_DATE)
            told = f" {up_to_date.message}." if up_to_date is not None else ""
            width = session.screen.width
            session.screen.show([*paragraph(f"No changes.{told}", width), *behind(session, declared, width)])
        case _:
            session.screen.data({"plan": None}, session.form)
