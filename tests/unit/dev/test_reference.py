"""The reference pages tell what the code says."""

from collections.abc import Callable

import pytest

from twotier.dev import reference
from twotier.kinds.registry import KINDS
from twotier.runtime.reasons import CommonReason
from twotier.runtime.settings import described, variable


@pytest.mark.parametrize(
    ("page", "line"),
    [
        pytest.param(
            reference.resources,
            "| `spec.billingDay` | integer | `1` | 1 to 31 | Day of the month on which the distributor bills; the last "
            "day in shorter months. |",
            id="a field with its type, default, limits and meaning",
        ),
        pytest.param(
            reference.resources,
            "| `spec.distributor` | string | required | write the name of a resource in the same namespace: lower-case "
            "letters, digits, '-' and '.' | The Distributor that sells to this reseller. Cannot be changed. |",
            id="a field that is required, with its rule in words",
        ),
        pytest.param(
            reference.resources,
            "| `spec.edition` | string | required | `Basic`, `Premium` | Basic has the business system; Premium also "
            "has a storefront and the reseller's own products. |",
            id="a field with its choices",
        ),
        pytest.param(
            reference.resources,
            "| `spec.source.configMaps[].name` | string | required | write the name of a resource in the same "
            "namespace: lower-case letters, digits, '-' and '.' | The ConfigMap, in the namespace of the price list. |",
            id="a field of an entry of a list",
        ),
        pytest.param(
            reference.ownership,
            "| Purchase price (`cost`) | distributor | not allowed | Each update writes it: it is the price in the "
            "distributor's list. | Set a sell price or a margin of your own, or ask the distributor for another price. "
            "| A tenant's session has no right to write offer.price, and its use case refuses. |",
            id="who owns a property of an inherited product",
        ),
        pytest.param(
            reference.resources,
            "- an assignment has the name of its tenant: set metadata.name and spec.tenant to the same value",
            id="a rule of the whole resource",
        ),
        pytest.param(reference.resources, "This kind has no effect in this version.", id="a kind without effect"),
        pytest.param(
            reference.metrics,
            "| `twotier_api_writes_total` | counter | `verb`, `resource` | Writes to the API server |",
            id="a metric as Prometheus shows it",
        ),
        pytest.param(
            reference.metrics,
            "Processes serve them at `/metrics`, for Prometheus. `twotier_condition` reports these conditions: of a "
            "PriceList `Accepted`, `Fresh`.",
            id="which conditions are metrics",
        ),
        pytest.param(
            reference.settings,
            "| `TWOTIER_SWEEP_INTERVAL` | a number of seconds | 600 | How often every resource is reconciled again, "
            "give or take half. |",
            id="a setting with its default in the unit that it takes",
        ),
        pytest.param(
            reference.conditions_and_reasons,
            "| PriceListAssignment | UpToDate | An update under the declared mode and options would change nothing. |",
            id="a condition of a kind",
        ),
        pytest.param(
            reference.conditions_and_reasons,
            "| `WrongEncoding` | The file is not encoded in UTF-8. |",
            id="a reason for which a list is refused",
        ),
    ],
)
def test_a_page_tells(page: Callable[[], str], line: str) -> None:
    assert line in page().splitlines()


def test_nothing_is_left_out() -> None:
    kinds = [each.definition.kind for each in KINDS]
    assert [each for each in kinds if f"\n## {each}\n" not in reference.resources()] == []
    reasons = [*CommonReason, *(reason for each in KINDS for reason in each.reasons or ())]
    assert [each for each in reasons if f"| `{each}` |" not in reference.conditions_and_reasons()] == []
    names = [name for settings in reference.PROCESSES.values() for name in described(settings)]
    assert [name for name in names if f"| `{variable(name)}` |" not in reference.settings()] == []
