"""What is done about a tenant now."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.tenant_facts import FACTS, OWN

from twotier.bss.tenants.checklist import ChecklistItem, Item
from twotier.bss.tenants.observing import PriceListFacts, TenantFacts
from twotier.bss.tenants.phases import Phase
from twotier.kinds.tenant_reseller.decide import Create, Declare, Refuse, Rest, Step, decide, refusal
from twotier.kinds.tenant_reseller.declaration import TenantResellerSpec
from twotier.kinds.tenant_reseller.observe import Declared, Observed
from twotier.kinds.tenant_reseller.reasons import Reason
from twotier.kinds.tenant_reseller.translate import tenant_of
from twotier.runtime.resource import Key, Resource

SPEC = {"distributor": "aegean", "account": {"number": "R-1", "name": "Contoso"}, "edition": "Basic"}
LIST = PriceListFacts(1, "EUR", active=True, valid_from=None, valid_until=None, revision=3, newest=3, offers=12)
NEW = replace(FACTS, price_list=LIST)
MADE = replace(
    NEW,
    organization_id=OWN,
    phase=Phase.ACTIVE,
    as_declared=True,
    ever_active=True,
    has_credentials=True,
    credentials_rotation="may",
)
PASSED = tuple(ChecklistItem(name, passed=True) for name in Item)
LACKING = (*PASSED[:-1], replace(PASSED[-1], passed=False, remedy="mend it"))
CONTESTED = tuple(
    replace(item, passed=False, remedy="delete one", remedy_is_own=True) if item.name is Item.ACCOUNT_IS_FREE else item
    for item in LACKING
)


def step(
    facts: TenantFacts,
    items: tuple[ChecklistItem, ...] = PASSED,
    contested_by: str | None = None,
    *,
    shows_secret: bool = True,
    **fields: Any,
) -> Step:
    spec = TenantResellerSpec.model_validate(SPEC | fields)
    resource = Resource(
        key=Key("TenantReseller", "shop", "contoso"),
        uid="1",
        generation=1,
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
        deleting=False,
        finalizers=frozenset(),
        status={"credentialsSecret": "contoso-administrator"} if shows_secret else {},
        spec=spec,
    )
    declared = Declared(tenant_of(spec, None, contested_by), price_list_is_live=True)
    return decide(resource, Observed(declared, facts, items))


@pytest.mark.parametrize(
    ("decided", "expected"),
    [
        pytest.param(step(NEW), Create(LIST), id="is made when its checklist passed"),
        pytest.param(
            step(NEW, LACKING),
            Refuse(Reason.CHECKLIST_FAILED, LACKING[-1:], remedy_is_own=False),
            id="is not made before",
        ),
        pytest.param(
            step(replace(NEW, organization_id=OWN, phase=Phase.IN_PROGRESS)),
            Create(LIST),
            id="is made to its end when that was broken off",
        ),
        pytest.param(step(MADE), Rest(), id="is left alone when it is as declared"),
        pytest.param(step(MADE, LACKING), Rest(), id="needs no checklist any more once it was active"),
        pytest.param(
            step(MADE, CONTESTED, "TenantReseller shop/older"),
            Refuse(
                Reason.OWNED_BY_ANOTHER,
                tuple(each for each in CONTESTED if each.name is Item.ACCOUNT_IS_FREE),
                remedy_is_own=True,
            ),
            id="is left to the older resource that declares its account",
        ),
        pytest.param(step(replace(MADE, as_declared=False)), Declare(), id="is declared anew when something changed"),
        pytest.param(step(MADE, state="Suspended"), Declare(), id="is suspended when that is declared"),
        pytest.param(
            step(replace(MADE, phase=Phase.MARKED_AS_DELETED)), Declare(), id="is taken back when its resource returns"
        ),
        pytest.param(step(replace(MADE, has_credentials=False)), Declare(), id="gets credentials when it has none"),
        pytest.param(step(MADE, shows_secret=False), Declare(), id="gets a Secret in a cluster that is new to it"),
        pytest.param(
            step(MADE, administrator={"rotateCredentials": "june"}), Declare(), id="gets new credentials when it asks"
        ),
        pytest.param(
            step(MADE, administrator={"rotateCredentials": "may"}),
            Rest(),
            id="gets them once for each time it asks",
        ),
    ],
)
def test_a_tenant(decided: Step, expected: Step) -> None:
    assert decided == expected


def test_a_tenant_whose_checklist_passed_is_not_refused() -> None:
    assert refusal(PASSED) is None
