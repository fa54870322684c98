"""A PriceListAssignment in the terms of the BSS."""

import pytest

from twotier.bss.catalogue.runs.assignment import Approval, Assignment, TenantName
from twotier.bss.catalogue.runs.updates import Mode
from twotier.kinds.price_list_assignment.declaration import PriceListAssignmentSpec
from twotier.kinds.price_list_assignment.translate import assignment_of

CONTOSO = TenantName("sales", "northwind", "R-1")


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param({}, Assignment(CONTOSO, "retail"), id="what is left out"),
        pytest.param(
            {"mode": "Partial", "sellPrices": True, "names": True, "revision": 2},
            Assignment(CONTOSO, "retail", Mode.PARTIAL, sell_prices=True, names=True, revision=2),
            id="mode, options and pin",
        ),
        pytest.param(
            {"approval": "Manual", "approvedPlan": "sha256:" + "a" * 64},
            Assignment(CONTOSO, "retail", approval=Approval.MANUAL, approved_plan="sha256:" + "a" * 64),
            id="an approved plan",
        ),
        pytest.param({"restoreRun": 3}, Assignment(CONTOSO, "retail", restored_run=3), id="a run to restore"),
    ],
)
def test_a_spec_declares(fields: dict[str, object], expected: Assignment) -> None:
    spec = PriceListAssignmentSpec.model_validate({"tenant": "contoso", "priceList": "retail"} | fields)
    assert assignment_of(spec, CONTOSO) == expected
