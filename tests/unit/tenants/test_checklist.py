"""The preparation checklist: every item, and what people are told to do."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tests.tenant_facts import FACTS as NEW
from tests.tenant_facts import OTHER, OWN, ROOT

from twotier.bss.tenants.checklist import ChecklistItem, Item, checklist
from twotier.bss.tenants.declaration import Account, Administrator, Edition, Storefront, TenantDeclaration
from twotier.bss.tenants.observing import PriceListFacts, TenantFacts

TODAY = date(2026, 11, 2)
PRICE_LIST = PriceListFacts(
    id=7,
    currency="EUR",
    active=True,
    valid_from=date(2026, 1, 1),
    valid_until=date(2026, 12, 31),
    revision=3,
    newest=3,
    offers=400,
)
FACTS = replace(NEW, price_list=PRICE_LIST, required_platforms=frozenset({"Acronis portal"}))
DECLARATION = TenantDeclaration(
    account=Account("R-100", "Contoso", country="GR", links={"Acronis portal": "contoso-1"}),
    edition=Edition.PREMIUM,
    administrator=Administrator("ada@contoso.example"),
    storefront=Storefront(alias="contoso"),
    price_list="retail",
)


def listed(**facts: Any) -> TenantFacts:
    """The facts, with another price list."""
    return replace(FACTS, price_list=replace(PRICE_LIST, **facts))


PASSING = {
    "a new tenant": (FACTS, DECLARATION),
    "a tenant that holds its address": (replace(FACTS, organization_id=OWN, address_holder=OWN), DECLARATION),
    "a list without an end": (listed(valid_from=None, valid_until=None), DECLARATION),
    "a list on its first day": (listed(valid_from=TODAY), DECLARATION),
    "a list on its last day": (listed(valid_until=TODAY), DECLARATION),
    "a list that needs no platform": (
        replace(FACTS, required_platforms=frozenset()),
        replace(DECLARATION, account=replace(DECLARATION.account, links={})),
    ),
    "a tenant without storefront": (replace(FACTS, address=None), replace(DECLARATION, storefront=None)),
    "a tenant whose currency is the list's": (replace(FACTS, organization_id=OWN, currency="EUR"), DECLARATION),
    "a tenant who has a catalogue, and whose assignment would give no first one": (
        replace(FACTS, organization_id=OWN, ever_active=True),
        replace(DECLARATION, not_assigned_yet="resume the assignment"),
    ),
}


@pytest.mark.parametrize(("facts", "declaration"), PASSING.values(), ids=PASSING.keys())
def test_every_item_passes_for(facts: TenantFacts, declaration: TenantDeclaration) -> None:
    items = checklist(facts, declaration, TODAY)
    assert [item.name for item in items] == list(Item)
    assert [item for item in items if not item.passed or item.remedy] == []


IN_OWN_RESOURCE, ELSEWHERE = "own", "elsewhere"
FAILING = {
    "an account that may not order": (
        FACTS,
        replace(DECLARATION, account=replace(DECLARATION.account, ordering_enabled=False)),
        Item.ACCOUNT_MAY_ORDER,
        "account R-100 may not order: enable ordering for it",
        IN_OWN_RESOURCE,
    ),
    "an account that another resource declares": (
        FACTS,
        replace(DECLARATION, contested_by="TenantReseller sales/contoso-old"),
        Item.ACCOUNT_IS_FREE,
        "account R-100 is already declared by TenantReseller sales/contoso-old: delete one of the two",
        IN_OWN_RESOURCE,
    ),
    "an account without country": (
        replace(FACTS, country_known=False),
        replace(DECLARATION, account=replace(DECLARATION.account, country=None)),
        Item.COUNTRY_IS_KNOWN,
        "account R-100 has no country: add the country of its billing address",
        IN_OWN_RESOURCE,
    ),
    "a country that the distributor does not sell in": (
        replace(FACTS, country_known=False),
        DECLARATION,
        Item.COUNTRY_IS_KNOWN,
        "GR is not one of the countries of Northwind: add it to the distributor's countries, or correct the account",
        ELSEWHERE,
    ),
    "an administrator without e-mail": (
        FACTS,
        replace(DECLARATION, administrator=Administrator(None)),
        Item.ADMINISTRATOR_HAS_EMAIL,
        "the administrator has no e-mail address to sign in with: add one",
        IN_OWN_RESOURCE,
    ),
    "an address that another tenant has": (
        replace(FACTS, address_holder=OTHER),
        DECLARATION,
        Item.STOREFRONT_ADDRESS_IS_FREE,
        "storefront address contoso.shops.example.com is taken: choose another one",
        IN_OWN_RESOURCE,
    ),
    "an alias that is no label": (
        FACTS,
        replace(DECLARATION, storefront=Storefront(alias="Contoso")),
        Item.STOREFRONT_ADDRESS_IS_FREE,
        "storefront alias Contoso is no label of a host name: write lower-case letters, digits and '-'",
        IN_OWN_RESOURCE,
    ),
    "a host below the base domain": (
        replace(FACTS, address="a.b.shops.example.com", address_holder=ROOT),
        replace(DECLARATION, storefront=Storefront(host="a.b.shops.example.com")),
        Item.STOREFRONT_ADDRESS_IS_FREE,
        "storefront host a.b.shops.example.com is below the base domain of Northwind: declare it as an alias, or "
        "choose a host elsewhere",
        IN_OWN_RESOURCE,
    ),
    "an alias without a domain to stand below": (
        replace(FACTS, address=None),
        DECLARATION,
        Item.STOREFRONT_ADDRESS_IS_FREE,
        "alias contoso needs a domain to stand below: give the distributor a base domain, "
        "or the storefront a host of its own",
        ELSEWHERE,
    ),
    "a list that is not active": (
        listed(active=False),
        DECLARATION,
        Item.PRICE_LIST_IS_ACTIVE,
        "price list retail is not active: activate it, or assign another one",
        ELSEWHERE,
    ),
    "a list that is valid from tomorrow": (
        listed(valid_from=date(2026, 11, 3)),
        DECLARATION,
        Item.PRICE_LIST_IS_VALID,
        "price list retail is valid from 2026-11-03: wait, or assign another one",
        ELSEWHERE,
    ),
    "a list that was valid until yesterday": (
        listed(valid_until=date(2026, 11, 1)),
        DECLARATION,
        Item.PRICE_LIST_IS_VALID,
        "price list retail was valid until 2026-11-01: extend it, or assign another one",
        ELSEWHERE,
    ),
    "a list that was never accepted": (
        listed(revision=0, newest=0, offers=None),
        DECLARATION,
        Item.PRICE_LIST_HAS_OFFERS,
        "price list retail has no accepted revision yet: see its condition Accepted",
        ELSEWHERE,
    ),
    "a pinned revision that does not exist": (
        listed(revision=9, offers=None),
        replace(DECLARATION, revision=9),
        Item.PRICE_LIST_HAS_OFFERS,
        "price list retail has no revision 9, and its newest is 3: correct the assignment's revision",
        ELSEWHERE,
    ),
    "an empty list": (
        listed(offers=0),
        DECLARATION,
        Item.PRICE_LIST_HAS_OFFERS,
        "price list retail is empty in revision 3: correct its source",
        ELSEWHERE,
    ),
    "a list in another currency than a retained tenant has": (
        replace(FACTS, organization_id=OWN, currency="USD"),
        DECLARATION,
        Item.ONE_CURRENCY,
        "price list retail is in EUR, and the tenant's currency is USD: assign a list in USD",
        ELSEWHERE,
    ),
    "a platform that does not know the reseller": (
        replace(FACTS, required_platforms=frozenset({"Acronis portal", "OSS", "Veeam"})),
        DECLARATION,
        Item.PLATFORMS_ARE_LINKED,
        "price list retail has products of OSS, Veeam: register the reseller there, and add the link to the account",
        IN_OWN_RESOURCE,
    ),
}


@pytest.mark.parametrize(("facts", "declaration", "failed", "remedy", "where"), FAILING.values(), ids=FAILING.keys())
def test_one_item_fails_with_its_remedy_for(
    facts: TenantFacts, declaration: TenantDeclaration, failed: Item, remedy: str, where: str
) -> None:
    items = checklist(facts, declaration, TODAY)
    assert [item.name for item in items] == list(Item)
    assert [(item.name, item.remedy, item.remedy_is_own) for item in items if not item.passed] == [
        (failed, remedy, where == IN_OWN_RESOURCE)
    ]


def test_an_assignment_that_gives_no_first_catalogue_is_waited_for() -> None:
    items = checklist(FACTS, replace(DECLARATION, not_assigned_yet="resume the assignment"), TODAY)
    assert [item for item in items if not item.passed] == [
        ChecklistItem(Item.PRICE_LIST_IS_ASSIGNED, passed=False, remedy="resume the assignment", remedy_is_own=False)
    ]


@pytest.mark.parametrize(
    ("declaration", "remedy"),
    [
        (
            replace(DECLARATION, price_list=None),
            "no price list is assigned: declare a PriceListAssignment that names this tenant",
        ),
        (DECLARATION, "price list retail does not exist: declare it, or assign another one"),
    ],
    ids=["no assignment", "a list that does not exist"],
)
def test_without_a_list_everything_that_depends_on_it_waits_for(declaration: TenantDeclaration, remedy: str) -> None:
    items = checklist(replace(FACTS, price_list=None), declaration, TODAY)
    failed = [item for item in items if not item.passed]
    assert [item.name for item in failed] == [
        Item.PRICE_LIST_IS_ASSIGNED,
        Item.PRICE_LIST_IS_ACTIVE,
        Item.PRICE_LIST_IS_VALID,
        Item.PRICE_LIST_HAS_OFFERS,
        Item.ONE_CURRENCY,
        Item.PLATFORMS_ARE_LINKED,
    ]
    assert failed[0].remedy == remedy
    assert {item.remedy for item in failed[1:]} == {"this is checked once an existing price list is assigned"}
    assert not any(item.remedy_is_own for item in failed)


def test_everything_that_fails_is_told_at_once() -> None:
    everything = replace(
        DECLARATION,
        account=Account("R-100", "Contoso", ordering_enabled=False),
        administrator=Administrator(None),
        contested_by="TenantReseller sales/other",
        price_list=None,
    )
    facts = replace(FACTS, address_holder=OTHER, price_list=None, country_known=False)
    assert not any(item.passed for item in checklist(facts, everything, TODAY))
