"""What people are told that a tenant lacks."""

from dataclasses import replace

import pytest
from tests.tenant_facts import FACTS

from twotier.bss.tenants.cautions import cautions
from twotier.bss.tenants.observing import TenantFacts

NO_TAXES = "has no taxes, as none of Northwind apply to it: the reseller has to set up its own"
NO_METHOD = "has no payment method, as Northwind has none without a gateway: the reseller has to set up its own"


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        pytest.param(FACTS, (), id="nothing"),
        pytest.param(replace(FACTS, lacks_taxes=True), (NO_TAXES,), id="taxes"),
        pytest.param(replace(FACTS, lacks_payment_methods=True), (NO_METHOD,), id="payment methods"),
        pytest.param(replace(FACTS, lacks_taxes=True, lacks_payment_methods=True), (NO_TAXES, NO_METHOD), id="both"),
    ],
)
def test_a_tenant_lacks(facts: TenantFacts, told: tuple[str, ...]) -> None:
    assert cautions(facts) == told
