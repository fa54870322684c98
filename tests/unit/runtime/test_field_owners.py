"""Who set a field, by what the API server remembers."""

from datetime import UTC, datetime
from typing import Any

import pytest

from twotier.runtime.field_owners import FieldOwner, owner_of

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def managed(manager: str, *fields: str, time: str | None = None) -> dict[str, Any]:
    owned: dict[str, Any] = {"f:spec": {f"f:{field}": {} for field in fields}}
    return {"manager": manager, "fieldsV1": owned} | ({} if time is None else {"time": time})


@pytest.mark.parametrize(
    ("entries", "owner"),
    [
        pytest.param(
            [
                managed("flux", "mode", time="2026-11-23T11:00:00Z"),
                managed("ada", "approvedPlan", time="2026-11-23T12:00:00Z"),
            ],
            FieldOwner("ada", NOON),
            id="the manager of the field",
        ),
        pytest.param(
            [
                managed("ada", "approvedPlan", time="2026-11-23T12:00:00Z"),
                managed("flux", "approvedPlan", time="2026-11-23T11:00:00Z"),
            ],
            FieldOwner("ada", NOON),
            id="the last one of several that share it",
        ),
        pytest.param([managed("ada", "approvedPlan")], FieldOwner("ada", None), id="a manager without a time"),
        pytest.param(
            [{"manager": "operator", "fieldsV1": {"f:status": {"f:plan": {}}}}],
            FieldOwner(),
            id="nobody if none owns it",
        ),
    ],
)
def test_a_field_was_set_by(entries: list[dict[str, Any]], owner: FieldOwner) -> None:
    assert owner_of(entries, "approvedPlan") == owner
