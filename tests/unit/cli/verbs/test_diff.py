"""What a comparison ends with and is summed up as: a gate on a pull request stops where a person has to act."""

from typing import Any

import pytest

from twotier.cli.render.diff import diff_report
from twotier.cli.render.layout import plain
from twotier.cli.verbs.diff import exit_code
from twotier.web.api.models import DryRun

DIGEST = "ab" * 32
MOVED = {"account": "R-1", "priceList": "retail", "outcome": "Planned"}
STILL = {"account": "R-1", "priceList": "retail", "outcome": "UpToDate"}


def dry_run(*outcomes: str, tenant: dict[str, Any] = STILL) -> DryRun:
    lists = [{"name": "retail", "outcome": outcome, "digest": DIGEST} for outcome in outcomes]
    return DryRun.model_validate({"priceLists": lists, "tenants": [tenant]})


@pytest.mark.parametrize(
    ("found", "code", "summary"),
    [
        pytest.param(dry_run("Unchanged"), 0, "No changes.", id="nothing changes"),
        pytest.param(
            dry_run("Accepted"),
            2,
            "Diff: 1 of 1 price list and 0 of 1 tenant would change. Nothing was applied.",
            id="a list changes",
        ),
        pytest.param(
            dry_run(tenant=MOVED),
            2,
            "Diff: 0 of 0 price lists and 1 of 1 tenant would change. Nothing was applied.",
            id="a tenant changes",
        ),
        pytest.param(
            dry_run("Held"),
            1,
            "Diff: nothing would change; 1 held. Nothing was applied.",
            id="what is held changes nothing",
        ),
        pytest.param(
            dry_run("Accepted", "Held", "Refused", "Refused", tenant=MOVED),
            1,
            "Diff: 1 of 4 price lists and 1 of 1 tenant would change; 1 held, 2 refused. Nothing was applied.",
            id="what is held or refused counts more than what changes",
        ),
    ],
)
def test_what_a_comparison_ends_with(found: DryRun, code: int, summary: str) -> None:
    assert exit_code([dry_run("Unchanged"), found]) == code
    assert plain(diff_report(found, {}, 200)[-1]) == summary


def test_what_accepts_held_content_is_yaml_to_copy() -> None:
    report = [plain(each) for each in diff_report(dry_run("Held"), {}, 80)]
    start = report.index("    spec:")
    assert report[start + 1] == f"      acceptedDigest: {DIGEST}"
