"""What verbs print, looked at in 80 columns and in 200, with 3 changes and with 30,000."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest
from tests.unit.cli.showing import (
    CONCERNS,
    FEW,
    FEW_ENTRIES,
    MANY,
    MANY_ENTRIES,
    NOW,
    RUNS,
    agrees,
    plan,
    printed,
)
from tests.unit.cli.showing_resources import DRY_RUN, EXPLANATION, OWNERSHIP, STANDINGS, TENANTS

from twotier.cli.render.diff import diff_report
from twotier.cli.render.explain import explanation_report, ownership_table
from twotier.cli.render.layout import Line
from twotier.cli.render.log import run_report, run_table
from twotier.cli.render.plan import EntryTable, plan_report
from twotier.cli.render.resource import Standing
from twotier.cli.render.status import overview, status_report

WIDTHS = (80, 200)
DIGEST = "acceptedDigest: "
"""A line to copy is never broken."""
PAGE = 1_000
SHOWN_OF_MANY = 5


def of_many(width: int) -> list[Line]:
    """The first and the last lines of many entries, which come in pages."""
    listed = EntryTable(width)
    lines = [
        line for start in range(0, len(MANY_ENTRIES), PAGE) for line in listed.lines(MANY_ENTRIES[start : start + PAGE])
    ]
    return [*lines[:SHOWN_OF_MANY], *lines[-SHOWN_OF_MANY:]]


def of_one(standing: Standing, width: int) -> list[Line]:
    runs = RUNS if standing.definition.short_name == "pla" else None
    return status_report(standing, runs, NOW, width)


PRINTED: dict[str, Callable[[int], list[Line]]] = {
    "plan-few": lambda width: plan_report(plan(FEW, **CONCERNS), "meltemi", width),
    "plan-many": lambda width: plan_report(plan(MANY, mode="Partial", names=True), "meltemi", width),
    "plan-undo": lambda width: plan_report(
        plan(replace(FEW, removed=4, names_brought_back=2), kind="undo", restored_run=2),
        "meltemi",
        width,
    ),
    "entries-few": lambda width: EntryTable(width).lines(FEW_ENTRIES),
    "entries-many": of_many,
    "log": lambda width: run_table(RUNS, NOW, width),
    "log-run": lambda width: run_report(RUNS[2], "meltemi", width),
    "log-refused": lambda width: run_report(RUNS[1], "meltemi", width),
    "explain-price": lambda width: explanation_report(EXPLANATION, "meltemi", "USD", width),
    "explain-ownership": lambda width: ownership_table(OWNERSHIP, width),
    "diff": lambda width: diff_report(DRY_RUN, TENANTS, width),
    "status": lambda width: overview(STANDINGS.values(), "shop", NOW, width),
    "status-of-nothing": lambda width: overview((), "shop", NOW, width),
    **{f"status-{name}": partial(of_one, standing) for name, standing in STANDINGS.items()},
}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PRINTED)
def test_what_is_printed(name: str, width: int) -> None:
    text = printed(PRINTED[name](width))
    assert agrees(f"{name}-{width}", text)
    assert max(len(each) for each in text.splitlines() if DIGEST not in each) <= width
