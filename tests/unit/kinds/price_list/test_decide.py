"""How a price list stands after its source was read."""

from datetime import UTC, datetime, timedelta

import pytest

from twotier.bss.price_lists.importing import ImportResult
from twotier.kinds.price_list.decide import decide, freshness
from twotier.kinds.price_list.declaration import PriceListSpec
from twotier.kinds.price_list.report import fresh

NOW = datetime(2026, 8, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("imported_at", "status", "reason", "until"),
    [
        pytest.param(NOW, "True", "WithinMaxAge", NOW + 2 * HOUR, id="just imported"),
        pytest.param(NOW - HOUR, "True", "WithinMaxAge", NOW + HOUR, id="imported within the age"),
        pytest.param(NOW - 2 * HOUR, "False", "OlderThanMaxAge", None, id="as old as the age"),
        pytest.param(NOW - 5 * HOUR, "False", "OlderThanMaxAge", None, id="older"),
        pytest.param(None, "False", "NeverImported", None, id="never imported"),
    ],
)
def test_a_list_is_fresh(imported_at: datetime | None, status: str, reason: str, until: datetime | None) -> None:
    found = freshness(2 * HOUR, imported_at, now=NOW)
    condition = fresh(found)
    assert (condition.type, condition.status, condition.reason) == ("Fresh", status, reason)
    assert found.until == until


def test_an_import_leaves_something() -> None:
    declared = PriceListSpec.model_validate({"distributor": "d", "currency": "EUR", "source": {"inline": "x"}})
    with pytest.raises(LookupError):
        decide(declared, ImportResult(None, changed=False), now=NOW)
