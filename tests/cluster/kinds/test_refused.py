"""What may be declared already and has no effect yet is refused, never ignored."""

from typing import Any

import pytest
from tests.shop import Shop, resource

POLICY = resource("BackorderPolicy", "contoso", {"tenant": "contoso", "mode": "Disabled"})
UPGRADE = resource("ResellerUpgrade", "contoso", {"tenant": "contoso", "account": "R-2"})


@pytest.mark.parametrize("declared", [POLICY, UPGRADE], ids=lambda declared: declared["kind"])
def test_a_kind_without_effect_stalls(shop: Shop, declared: dict[str, Any]) -> None:
    shop.apply(declared)
    kind = declared["kind"]
    assert shop.await_condition(kind, "contoso", "False", "NotYetSupported") == (
        f"{kind} has no effect in this version of TwoTier: delete it, or use a version that supports it"
    )
    assert shop.condition(kind, "contoso", "Stalled") is not None
    shop.delete(kind, "contoso")
