"""What people are told of a tenant."""

from dataclasses import replace
from typing import Any

import pytest
from tests.tenant_facts import FACTS, OTHER, OWN

from twotier.bss.organizations.host_names import Challenge
from twotier.bss.tenants.checklist import AFTER_ASSIGNMENT, ChecklistItem, Item
from twotier.bss.tenants.declaration import Proof
from twotier.bss.tenants.observing import TenantFacts
from twotier.bss.tenants.phases import Phase
from twotier.kinds.tenant_reseller import decide
from twotier.kinds.tenant_reseller.reasons import Reason
from twotier.kinds.tenant_reseller.report import awaiting_proof, done, refusal, status_of
from twotier.runtime.outcome import Stalled, Unfinished, Waiting

MADE = replace(
    FACTS, organization_id=OWN, phase=Phase.ACTIVE, address_holder=OWN, ever_active=True, credentials_rotation="may"
)
PASSED = tuple(ChecklistItem(name, passed=True) for name in Item)


def failing(**remedies: bool) -> tuple[ChecklistItem, ...]:
    """The checklist, with items failed; True where the remedy lies in the tenant's own resource."""
    return tuple(
        ChecklistItem(item.name, passed=False, remedy=f"mend {item.name}", remedy_is_own=remedies[item.name.name])
        if item.name.name in remedies
        else item
        for item in PASSED
    )


def told(items: tuple[ChecklistItem, ...], facts: TenantFacts) -> Unfinished:
    refused = decide.refusal(items)
    assert refused is not None
    return refusal(refused, items, facts)


@pytest.mark.parametrize(
    ("items", "kind", "reason", "message", "phase"),
    [
        pytest.param(
            failing(COUNTRY_IS_KNOWN=True),
            Stalled,
            Reason.CHECKLIST_FAILED,
            "mend Country is known",
            "Failed",
            id="stalled when its own resource has to change",
        ),
        pytest.param(
            failing(PRICE_LIST_IS_ASSIGNED=False),
            Waiting,
            Reason.CHECKLIST_FAILED,
            "mend Price list is assigned",
            "InProgress",
            id="waiting when another resource has to change",
        ),
        pytest.param(
            failing(COUNTRY_IS_KNOWN=True, PRICE_LIST_IS_ASSIGNED=False),
            Stalled,
            Reason.CHECKLIST_FAILED,
            "mend Country is known; mend Price list is assigned",
            "Failed",
            id="stalled when both have to, and told of all at once",
        ),
        pytest.param(
            failing(ACCOUNT_IS_FREE=True),
            Stalled,
            Reason.OWNED_BY_ANOTHER,
            "mend Account has no other tenant",
            "Failed",
            id="stalled when an older resource declares its account",
        ),
    ],
)
def test_a_tenant_that_cannot_be_created_is(
    items: tuple[ChecklistItem, ...], kind: type[Unfinished], reason: Reason, message: str, phase: str
) -> None:
    refused = told(items, FACTS)
    assert type(refused) is kind
    assert (refused.reason, refused.message) == (reason, message)
    assert refused.status is not None
    assert refused.status["phase"] == phase
    assert [(each.type, each.status, each.message) for each in refused.conditions] == [("Prepared", "False", message)]


def test_a_tenant_whose_account_is_another_ones_is_told_of_that_alone() -> None:
    refused = told(failing(ACCOUNT_IS_FREE=True, PRICE_LIST_IS_ASSIGNED=False), FACTS)
    assert (refused.reason, refused.message) == (Reason.OWNED_BY_ANOTHER, "mend Account has no other tenant")


def test_what_is_checked_later_is_no_part_of_what_to_do_now() -> None:
    later = replace(PASSED[-1], passed=False, remedy=AFTER_ASSIGNMENT)
    refused = told((*failing(PRICE_LIST_IS_ASSIGNED=False)[:-1], later), FACTS)
    assert refused.message == "mend Price list is assigned"


def test_a_resource_without_the_account_does_not_show_the_organisation_that_has_it() -> None:
    refused = told(failing(ACCOUNT_IS_FREE=True), MADE)
    assert refused.status is not None
    assert refused.status.keys() == {"phase", "checklist"}


@pytest.mark.parametrize(
    ("facts", "reason", "message"),
    [
        pytest.param(MADE, Reason.TENANT_ACTIVE, "Contoso is active", id="active"),
        pytest.param(
            replace(MADE, lacks_taxes=True),
            Reason.TENANT_ACTIVE,
            "Contoso is active, has no taxes, as none of Northwind apply to it: the reseller has to set up its own",
            id="active, with something left to the reseller",
        ),
        pytest.param(
            replace(MADE, phase=Phase.SUSPENDED),
            Reason.TENANT_SUSPENDED,
            "Contoso is suspended, as declared: sign-in, ordering and updates stop; running subscriptions continue",
            id="suspended, which is no failure",
        ),
    ],
)
def test_a_tenant_as_declared_is(facts: TenantFacts, reason: Reason, message: str) -> None:
    reported = done("Contoso", PASSED, facts, "contoso-administrator")
    assert (reported.reason, reported.message) == (reason, message)
    assert reported.status["phase"] == facts.phase
    assert reported.status["credentialsSecret"] == "contoso-administrator"  # the name of a Secret


def test_an_administrator_whose_secret_was_gone_has_new_credentials_and_that_is_told() -> None:
    reported = done("Contoso", PASSED, MADE, "contoso-administrator", renewed=True)
    assert reported.message == (
        "Contoso is active; Secret contoso-administrator was missing, so it has been created again with a new password "
        "for the administrator"
    )


@pytest.mark.parametrize(
    ("facts", "conditions"),
    [
        pytest.param(
            MADE,
            [
                ("Prepared", "True", "All 11 items of the checklist passed"),
                (
                    "StorefrontPublished",
                    "False",
                    "contoso.shops.example.com is reserved; this version of TwoTier does not serve storefronts yet",
                ),
            ],
            id="its storefront's address is reserved",
        ),
        pytest.param(
            replace(MADE, address=None, address_holder=None),
            [("Prepared", "True", "All 11 items of the checklist passed")],
            id="nothing is said of a storefront that it does not have",
        ),
    ],
)
def test_conditions_of_a_tenant(facts: TenantFacts, conditions: list[tuple[str, str, str]]) -> None:
    reported = done("Contoso", PASSED, facts, "s")
    assert [(each.type, each.status, each.message) for each in reported.conditions] == conditions


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param(FACTS, {}, id="nothing before it is made"),
        pytest.param(
            MADE,
            {
                "organizationId": str(OWN),
                "storefrontAddress": "contoso.shops.example.com",
                "rotateCredentials": "may",
            },
            id="its organisation, address and rotation",
        ),
        pytest.param(
            replace(MADE, address_holder=OTHER, credentials_rotation=None),
            {"organizationId": str(OWN)},
            id="no address that another tenant holds",
        ),
    ],
)
def test_the_status_shows(facts: TenantFacts, expected: dict[str, Any]) -> None:
    status = status_of("Active", (), facts)
    assert status == {"phase": "Active", "checklist": [], **expected}


def test_the_checklist_shows_a_remedy_where_an_item_failed() -> None:
    shown = status_of("Failed", failing(COUNTRY_IS_KNOWN=True), FACTS)["checklist"]
    assert len(shown) == len(Item)
    assert [item for item in shown if not item["passed"]] == [
        {"item": "Country is known", "passed": False, "remedy": "mend Country is known"}
    ]
    assert all("remedy" not in item for item in shown if item["passed"])


@pytest.mark.parametrize(
    ("proof", "looked"),
    [(Proof.MISSING, "DNS does not show it yet"), (Proof.UNANSWERED, "DNS could not be asked")],
)
def test_a_tenant_that_awaits_a_proof_says_what_to_publish_and_keeps_its_address(proof: Proof, looked: str) -> None:
    shown, asked = {"storefrontAddress": "old.example.com", "conditions": []}, Challenge("_c.www.example", "v=1")
    secret = "contoso-administrator"  # noqa: S105 -- the name of a Secret
    waiting = awaiting_proof(shown, PASSED, replace(MADE, address=None), asked, proof, secret=secret)
    assert waiting.message == (
        "the host of the storefront is reserved once DNS shows that it is the reseller's: publish the record "
        f'_c.www.example TXT "v=1" ({looked}; it is asked again by itself)'
    )
    assert waiting.status is not None
    assert "conditions" not in waiting.status
    assert waiting.status["credentialsSecret"] == secret
    assert waiting.status["storefrontChallenge"] == {"record": "_c.www.example", "value": "v=1"}
    assert (waiting.status["phase"], waiting.status["storefrontAddress"]) == ("Active", "old.example.com")
    assert [(each.type, each.status) for each in waiting.conditions] == [
        ("Prepared", "True"),
        ("StorefrontPublished", "False"),
    ]
