"""What has no effect yet is refused, in words that say what to do."""

import asyncio
from datetime import UTC, datetime

import pytest

from twotier.kinds.backorder_policy.declaration import DEFINITION as BACKORDER_POLICY
from twotier.kinds.refused import refused_kind
from twotier.kinds.reseller_upgrade.declaration import DEFINITION as RESELLER_UPGRADE
from twotier.kinds.schema.resource import Definition
from twotier.runtime.outcome import Stalled
from twotier.runtime.reasons import CommonReason
from twotier.runtime.resource import Key, Resource


@pytest.mark.parametrize(
    ("definition", "spec"),
    [
        pytest.param(BACKORDER_POLICY, {"tenant": "t", "mode": "Disabled"}, id="BackorderPolicy"),
        pytest.param(RESELLER_UPGRADE, {"tenant": "t", "account": "1"}, id="ResellerUpgrade"),
    ],
)
def test_a_kind_without_effect_is_refused(definition: Definition, spec: dict[str, str]) -> None:
    resource = Resource(
        key=Key(definition.kind, "shop", "contoso"),
        uid="u",
        generation=1,
        created_at=datetime(2026, 11, 2, tzinfo=UTC),
        deleting=False,
        finalizers=frozenset(),
        status={},
        spec=definition.spec.model_validate(spec),
    )

    async def reconcile() -> None:
        await refused_kind(definition).reconcile(resource)

    with pytest.raises(Stalled) as stalled:
        asyncio.run(reconcile())
    assert stalled.value.reason == CommonReason.NOT_YET_SUPPORTED
    assert stalled.value.message == (
        f"{definition.kind} has no effect in this version of TwoTier: delete it, or use a version that supports it"
    )
