"""What may be declared already and has no effect yet is refused, never ignored."""

from typing import Any

import pytest
from tests.shop import Object, Shop, assignment, price_list, resource

from twotier.kinds.supported import WHOLE_KIND, WITHOUT_EFFECT

POLICY = resource("BackorderPolicy", "contoso", {"tenant": "contoso", "mode": "Disabled"})
UPGRADE = resource("ResellerUpgrade", "contoso", {"tenant": "contoso", "account": "R-2"})
FIELDS: dict[str, Object] = {
    "spec.source.artifact": price_list(source={"artifact": {"kind": "Bucket", "name": "b", "path": "p"}}),
    "spec.guards": price_list(guards={"minRows": 5}),
    "spec.acceptedDigest": price_list(acceptedDigest="0" * 64),
    "spec.maxAge": price_list(maxAge="36h"),
    "spec.approval: Manual": assignment(approval="Manual"),
    "spec.approval: Never": assignment(approval="Never"),
    "spec.approvedPlan": assignment(approvedPlan="0" * 64),
    "spec.restoreRun": assignment(restoreRun=1),
}


def test_every_field_without_effect_is_tried() -> None:
    paths = {path for fields in WITHOUT_EFFECT.values() for path in fields}
    assert paths - {WHOLE_KIND} == FIELDS.keys()


@pytest.mark.parametrize(("path", "declared"), FIELDS.items(), ids=FIELDS.keys())
def test_a_field_without_effect_stalls(shop: Shop, path: str, declared: Object) -> None:
    shop.apply(declared)
    kind, name = declared["kind"], declared["metadata"]["name"]
    assert shop.await_condition(kind, name, "False", "NotYetSupported") == (
        f"{path} has no effect in this version of TwoTier: remove it, or use a version that has it"
    )
    assert shop.condition(kind, name, "Stalled") is not None


@pytest.mark.parametrize("declared", [POLICY, UPGRADE], ids=lambda declared: declared["kind"])
def test_a_kind_without_effect_stalls(shop: Shop, declared: dict[str, Any]) -> None:
    shop.apply(declared)
    kind = declared["kind"]
    assert shop.await_condition(kind, "contoso", "False", "NotYetSupported") == (
        f"{kind} has no effect in this version of TwoTier: delete it, or use a version that has it"
    )
    assert shop.condition(kind, "contoso", "Stalled") is not None
    shop.delete(kind, "contoso")
