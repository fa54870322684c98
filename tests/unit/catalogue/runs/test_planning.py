"""What a plan says of itself."""

from uuid import UUID

import pytest

from twotier.bss.catalogue.runs.changes import Changes
from twotier.bss.catalogue.runs.planning import Plan
from twotier.bss.catalogue.runs.updates import Update


@pytest.mark.parametrize(
    ("changes", "empty", "by_name"),
    [
        pytest.param(Changes(), True, {}, id="nothing changes"),
        pytest.param(Changes(changed=2, cost=2), False, {"changed": 2, "cost": 2}, id="offers change"),
        pytest.param(Changes(relations=1), False, {"relations": 1}, id="a relation alone changes"),
        pytest.param(
            Changes(names_displaced=3), False, {"names_displaced": 3}, id="only the reseller's own names would go"
        ),
    ],
)
def test_a_plan_is_empty_if_nothing_would_change_and_lists_what_would(
    *, changes: Changes, empty: bool, by_name: dict[str, int]
) -> None:
    plan = Plan(UUID(int=1), Update(1, 2), newest=1, watermark=0, changes=changes, below_cost=0, unpriced=0)
    assert plan.empty is empty
    assert changes.by_name() == by_name
