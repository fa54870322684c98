"""What the status of a price list is worth to those who plan."""

import pytest

from twotier.kinds.price_list.declaration import PriceListStatus
from twotier.kinds.price_list.describe import not_accepted


@pytest.mark.parametrize(
    ("conditions", "why"),
    [
        pytest.param([("Accepted", "False", "held back")], "held back", id="it is held back"),
        pytest.param(
            [("Accepted", "True", "Revision 2"), ("Ready", "False", "the sha256 does not fit")],
            "the sha256 does not fit",
            id="it could not be read",
        ),
        pytest.param([("Accepted", "True", "Revision 2"), ("Ready", "True", "Imported")], None, id="it is accepted"),
    ],
)
def test_why_the_source_of_a_list_leads_to_no_plan(conditions: list[tuple[str, str, str]], why: str | None) -> None:
    shown = [
        {
            "type": type_,
            "status": status,
            "reason": "Reason",
            "message": message,
            "lastTransitionTime": "2026-11-01T08:00:00Z",
        }
        for type_, status, message in conditions
    ]
    assert not_accepted(PriceListStatus.model_validate({"conditions": shown})) == why
