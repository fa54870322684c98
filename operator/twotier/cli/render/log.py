"""How the Update Tenant Log is presented. Pure."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from twotier.cli.render.layout import Column, Line, Span, Text, fields, line, paragraph, section, table
from twotier.cli.render.plan import counts, tally
from twotier.web.api.models import Changes, Run
from twotier.words import abridged, age, duration, moment, short, with_options

STYLES: Final = {"In force": "green", "Refused": "yellow", "Failed": "red"}
COLUMNS: Final = (
    Column("RUN", right=True),
    Column("WHEN"),
    Column("OUTCOME"),
    Column("TARGET"),
    Column("CHANGES"),
)


def run_table(runs: Sequence[Run], now: datetime, width: int, indent: int = 0) -> list[Line]:
    """Return runs as a table, the newest first."""
    return table(COLUMNS, [_row(run, now) for run in runs], width, indent=indent)


def run_report(run: Run, tenant: str, width: int) -> list[Line]:
    """Return all that is known of a run, except its entries."""
    told: list[tuple[str, Text]] = [
        ("Outcome", Span(_outcome(run), STYLES.get(_outcome(run), ""))),
        ("Target", _target(run)),
        ("From", _pin(run.from_price_list, run.from_revision)),
        ("Declared by", run.requested_by),
        ("Requested by", _asked_by(run)),
        ("When", moment(run.requested_at)),
        ("Took", "" if run.duration_milliseconds is None else duration(run.duration_milliseconds)),
        ("Plan", short(run.plan) if run.plan else ""),
        ("Why", abridged(run.message or "")),
    ]
    return [
        *paragraph(Span(f"{_called(run)} of {tenant}", "bold"), width),
        *fields(told, width),
        (),
        *section("Changes", _changed(run, width))[:-1],
    ]


def _changed(run: Run, width: int) -> Iterator[Line]:
    if run.changes == Changes():
        yield line("  nothing")
    else:
        yield from counts(run.changes, width)


def _row(run: Run, now: datetime) -> list[Text]:
    what = abridged(run.message or "") if run.outcome != "Applied" else _tally(run.changes)
    return [
        Span(run.position, "bold" if run.in_force else ""),
        f"{age(run.requested_at, now)} ago",
        Span(_outcome(run), STYLES.get(_outcome(run), "")),
        f"run {run.restored_run}" if run.kind == "undo" else _pin(run.price_list, run.revision),
        what,
    ]


def _outcome(run: Run) -> str:
    if run.in_force:
        return "In force"
    return run.outcome if run.undone_by is None else f"Undone by {run.undone_by}"


def _called(run: Run) -> str:
    return f"Run {run.position}" if run.number is not None else f"{run.outcome} {run.kind} {run.position}"


def _target(run: Run) -> str:
    if run.kind == "undo":
        return f"what the catalogue was after run {run.restored_run}"
    mode = with_options(run.mode or "", sell_prices=run.sell_prices, names=run.names)
    return f"{_pin(run.price_list, run.revision)} ({mode})"


def _asked_by(run: Run) -> str:
    when = "" if run.asked_at is None else f", {moment(run.asked_at)}"
    # A name that whoever wrote has chosen: it must not read like that of a user.
    return f"field manager {run.asked_by}{when}" if run.asked_by else ""


def _pin(price_list: str | None, revision: int | None) -> str:
    return f"{price_list}, revision {revision}" if price_list else ""


def _tally(changes: Changes) -> str:
    return "nothing" if changes == Changes() else tally(changes, done=True)
