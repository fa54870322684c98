"""A field without an effect is named, so that it can be refused."""

from typing import Any

import pytest

from twotier.kinds.backorder_policy.declaration import BackorderPolicySpec
from twotier.kinds.distributor.declaration import DistributorSpec
from twotier.kinds.price_list.declaration import PriceListSpec
from twotier.kinds.price_list_assignment.declaration import PriceListAssignmentSpec
from twotier.kinds.reseller_upgrade.declaration import ResellerUpgradeSpec
from twotier.kinds.schema.spec import Spec
from twotier.kinds.supported import unsupported
from twotier.kinds.tenant_reseller.declaration import TenantResellerSpec


def price_list(**fields: Any) -> PriceListSpec:
    return PriceListSpec.model_validate({"distributor": "d", "currency": "EUR", "source": {"inline": "x"}} | fields)


def assignment(**fields: Any) -> PriceListAssignmentSpec:
    return PriceListAssignmentSpec.model_validate({"tenant": "t", "priceList": "p"} | fields)


def columns(**fields: str) -> dict[str, Any]:
    return {"columns": {"sku": "{Sku}", "unit": "month", "name": "{Name}", "price": "{Price}"} | fields}


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        pytest.param(
            DistributorSpec(display_name="D", country="GR", time_zone="UTC", currency="EUR"),
            (),
            id="everything of a distributor has an effect",
        ),
        pytest.param(
            TenantResellerSpec.model_validate(
                {"distributor": "d", "account": {"number": "1", "name": "R"}, "edition": "Basic"}
            ),
            (),
            id="everything of a tenant has an effect",
        ),
        pytest.param(price_list(), (), id="a list with an inline source is read"),
        pytest.param(price_list(source={"configMaps": [{"name": "a"}]}), (), id="a list from ConfigMaps is read"),
        pytest.param(price_list(format=columns()), (), id="a list with columns of its own is read"),
        pytest.param(price_list(format={"preset": "twotier"}), (), id="the preset of our own is read"),
        pytest.param(
            price_list(source={"artifact": {"kind": "Bucket", "name": "b", "path": "p"}}),
            (),
            id="a list from an artifact is read",
        ),
        pytest.param(price_list(format={"type": "JSONLines"}), (), id="JSON Lines are read"),
        pytest.param(price_list(format={"preset": "microsoft-nce"}), (), id="the preset of Microsoft is read"),
        pytest.param(
            price_list(format=columns(validFrom="{From}", validUntil="{Until}") | {"rowFilter": {"Market": ["GR"]}}),
            (),
            id="rows are chosen by their validity and by a filter",
        ),
        pytest.param(
            price_list(guards={"minRows": 1}, acceptedDigest="d", maxAge="36h"),
            (),
            id="a list is guarded, let through and watched for its age",
        ),
        pytest.param(
            assignment(mode="Partial", sellPrices=True, approval="Manual", approvedPlan="p", restoreRun=1),
            (),
            id="everything of an assignment has an effect",
        ),
        pytest.param(BackorderPolicySpec(tenant="t", mode="Disabled"), ("spec",), id="no back-ordering yet"),
        pytest.param(ResellerUpgradeSpec(tenant="t", account="1"), ("spec",), id="no upgrade yet"),
    ],
)
def test_what_has_no_effect_is_named(spec: Spec, expected: tuple[str, ...]) -> None:
    assert unsupported(spec) == expected
