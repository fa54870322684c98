"""How the state of resources is presented: many in a table, one in sections. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

from twotier.bss.catalogue.runs.changes import Changes
from twotier.cli.render.advice import advice
from twotier.cli.render.layout import GAP, Column, Line, Span, Text, fields, line, paragraph, section, table
from twotier.cli.render.log import run_table
from twotier.cli.render.plan import WARNING, counts
from twotier.cli.render.resource import Standing, became, declared
from twotier.kinds.describing import Part, Remark, Rows, Step, Values
from twotier.kinds.schema.status import StatusCondition
from twotier.runtime.status import READY, STALLED
from twotier.web.api.models import Run
from twotier.words import abridged, age

TRUTH: Final = {"True": "green", "False": "red", "Unknown": "yellow"}
OVERVIEW: Final = (Column("NAME"), Column("READY"), Column("REASON"), Column("AGE", right=True), Column("MESSAGE"))
CONDITIONS: Final = (Column("CONDITION"), Column(""), Column("REASON"), Column("SINCE", right=True), Column("MESSAGE"))
DEEP: Final = 6


def overview(standings: Iterable[Standing], namespace: str, now: datetime, width: int) -> list[Line]:
    """Return a table of resources of a namespace, in their given order."""
    rows = [_row(standing, now) for standing in standings]
    nothing = f"No TwoTier resources found in namespace {namespace}: name another one with -n."
    return table(OVERVIEW, rows, width) if rows else paragraph(nothing, width)


def overview_row(standing: Standing) -> dict[str, object]:
    """Return the line of a resource in the overview, for programs."""
    ready = standing.shown.status.condition(READY)
    return {
        "kind": standing.definition.kind,
        "name": standing.name,
        "ready": ready.status if ready else "Unknown",
        "reason": ready.reason if ready else None,
        "createdAt": standing.body["metadata"]["creationTimestamp"],
        "message": ready.message if ready else None,
    }


OVERVIEW_COLUMNS: Final = ("kind", "name", "ready", "reason", "createdAt", "message")


def status_report(standing: Standing, runs: Sequence[Run] | str | None, now: datetime, width: int) -> list[Line]:
    """Return all that is known of one resource, in sections.

    Args:
        runs: the newest runs of an assignment, or why they could not be read; None for other kinds.
    """
    kind, metadata = standing.definition.kind, standing.body["metadata"]
    return [
        line(Span(f"{kind} {standing.name}", "bold"), f" in namespace {metadata['namespace']}"),
        (),
        *section("Declared", fields(declared(standing), width)),
        *section("Current state", fields(became(standing), width)),
        *section("Checklist", _checklist(standing, width)),
        *section("Conditions", _conditions(standing, now, width)),
        *_sections(standing, width),
        *section("Last runs", _runs(runs, now, width)),
        *section("What to do next", _advice(advice(standing), width))[:-1],
    ]


def _row(standing: Standing, now: datetime) -> list[Text]:
    ready = standing.shown.status.condition(READY)
    since = age(datetime.fromisoformat(standing.body["metadata"]["creationTimestamp"]), now)
    if ready is None:
        return [standing.called, Span("Unknown", TRUTH["Unknown"]), "", since, "the operator has not observed it yet"]
    reason = "Terminating" if standing.deleting else ready.reason
    return [standing.called, Span(ready.status, TRUTH[ready.status]), reason, since, abridged(ready.message)]


def _conditions(standing: Standing, now: datetime, width: int) -> list[Line]:
    rows = [_condition(each, now) for each in standing.shown.status.conditions]
    lines = table(CONDITIONS, rows, width, indent=GAP) if rows else [line("  none yet")]
    if rows and not standing.shown.looked_at:
        lines += paragraph(Span("These describe an earlier version of the spec.", WARNING), width, GAP)
    return lines


def _condition(each: StatusCondition, now: datetime) -> list[Text]:
    bad = each.type == STALLED and each.status == "True"
    style = TRUTH["False"] if bad else TRUTH[each.status]
    return [
        each.type,
        Span(each.status, style),
        each.reason,
        age(each.last_transition_time, now),
        abridged(each.message),
    ]


def _checklist(standing: Standing, width: int) -> Iterator[Line]:
    for each in standing.kind.description.checks(standing.shown.status):
        mark = Span("  ✓ ", "green") if each.passed else Span("  ✗ ", "red")
        yield line(mark, each.item)
        if each.remedy and not each.passed:
            yield from paragraph(each.remedy, width, DEEP)


def _sections(standing: Standing, width: int) -> Iterator[Line]:
    if standing.fault is not None:  # sections tell of a spec together with its status
        return
    for each in standing.kind.description.sections(standing.shown):
        yield from section(each.title, (part for told in each.parts for part in _part(told, width)))


def _part(part: Part, width: int) -> list[Line]:
    match part:
        case Values(pairs):
            return fields(pairs, width)
        case Rows(titles, rows):
            return table([Column(title) for title in titles], rows, width, indent=GAP)
        case Remark(text, alarming=True):
            return paragraph(Span(text, WARNING), width, GAP, mark="! ")
        case Remark(text):
            return paragraph(text, width, GAP)
        case Changes():
            return counts(part, width)


def _runs(runs: Sequence[Run] | str | None, now: datetime, width: int) -> list[Line]:
    match runs:
        case None:
            return []
        case str():
            return paragraph(Span(f"unknown: {runs}", WARNING), width, GAP)
        case _:
            return run_table(runs, now, width, indent=GAP) if runs else [line("  none yet")]


def _advice(steps: Sequence[Step], width: int) -> Iterator[Line]:
    for step in steps:
        yield from paragraph(step.what, width, GAP)
        for each in step.command:
            yield line(" " * DEEP, Span(each, "bold"))
