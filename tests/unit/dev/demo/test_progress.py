"""What the demo reads out of a status."""

from collections.abc import Mapping
from typing import Any

import pytest

from twotier.dev.demo.progress import Observed


def condition(kind: str, status: str) -> Mapping[str, str]:
    return {"type": kind, "status": status, "reason": f"{kind}{status}", "message": "so it is"}


@pytest.mark.parametrize(
    ("observed_generation", "conditions", "expected"),
    [
        pytest.param(2, [condition("Ready", "True")], (True, False, "ReadyTrue: so it is"), id="ready"),
        pytest.param(2, [condition("Ready", "False")], (False, False, "ReadyFalse: so it is"), id="not ready"),
        pytest.param(
            2,
            [condition("Stalled", "True"), condition("Ready", "False")],
            (False, True, "ReadyFalse: so it is"),
            id="stalled",
        ),
        pytest.param(
            2,
            [condition("UpToDate", "False"), condition("Ready", "True")],
            (False, False, "ReadyTrue: so it is"),
            id="ready, but an update is still to come",
        ),
        pytest.param(
            1,
            [condition("Stalled", "True"), condition("Ready", "True")],
            (False, False, "not observed yet"),
            id="all that is said is of an earlier spec",
        ),
        pytest.param(-1, [], (False, False, "not observed yet"), id="nothing is said yet"),
    ],
)
def test_a_resource_is(
    observed_generation: int, conditions: list[Mapping[str, str]], expected: tuple[bool, bool, str]
) -> None:
    resource: Mapping[str, Any] = {
        "kind": "PriceList",
        "metadata": {"name": "vm", "generation": 2},
        "status": {"observedGeneration": observed_generation, "conditions": conditions},
    }
    seen = Observed.of(resource)
    assert (seen.ready, seen.stalled, seen.explanation) == expected
