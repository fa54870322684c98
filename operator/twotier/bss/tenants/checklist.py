"""What must be true before a tenant is created: each item passed, or with its remedy."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple

from twotier.bss.obstacle import Obstacle
from twotier.bss.price_lists.assignable import NotAccepted, currency_obstacle, revision_obstacle
from twotier.bss.tenants.declaration import Proof, TenantDeclaration
from twotier.bss.tenants.observing import TenantFacts


class Item(StrEnum):
    """The items, in the order in which people read them."""

    ACCOUNT_MAY_ORDER = "Account is enabled for ordering"
    ACCOUNT_IS_FREE = "Account has no other tenant"
    COUNTRY_IS_KNOWN = "Country is known"
    ADMINISTRATOR_HAS_EMAIL = "Administrator has an e-mail address"
    STOREFRONT_ADDRESS_IS_FREE = "Storefront address is free"
    PRICE_LIST_IS_ASSIGNED = "Price list is assigned"
    PRICE_LIST_IS_ACTIVE = "Price list is active"
    PRICE_LIST_IS_VALID = "Price list is valid today"
    PRICE_LIST_HAS_OFFERS = "Price list has offers"
    ONE_CURRENCY = "One currency"
    PLATFORMS_ARE_LINKED = "Provisioning platforms are linked"


AFTER_ASSIGNMENT: Final = "this is checked once an existing price list is assigned"
"""The remedy of items that another one stands before."""


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One item: passed, or what to do, and whether that is done in the tenant's own resource."""

    name: Item
    passed: bool
    remedy: str = ""
    remedy_is_own: bool = False


class Remedy(NamedTuple):
    """What to do about an item that did not pass, and whether that is done in the tenant's own resource."""

    text: str
    is_own: bool


class Question(NamedTuple):
    """What every check is asked about."""

    facts: TenantFacts
    declaration: TenantDeclaration
    today: date


Check = Callable[[Question], Remedy | None]


def checklist(facts: TenantFacts, declaration: TenantDeclaration, today: date) -> tuple[ChecklistItem, ...]:
    """Judge every item, always all of them, so that a person can mend everything at once.

    Args:
        facts: from `observe`.
        declaration: what was observed for.
        today: in the distributor's time zone (`Distributor.today`).
    """
    question = Question(facts, declaration, today)
    return tuple(_judged(name, check(question)) for name, check in _CHECKS)


def _judged(name: Item, remedy: Remedy | None) -> ChecklistItem:
    if remedy is None:
        return ChecklistItem(name, passed=True)
    return ChecklistItem(name, passed=False, remedy=remedy.text, remedy_is_own=remedy.is_own)


def _own(text: str) -> Remedy:
    return Remedy(text, is_own=True)


def _elsewhere(text: str) -> Remedy:
    return Remedy(text, is_own=False)


def _account_may_order(question: Question) -> Remedy | None:
    account = question.declaration.account
    if account.ordering_enabled:
        return None
    return _own(f"account {account.number} may not order: enable ordering for it")


def _account_is_free(question: Question) -> Remedy | None:
    other = question.declaration.contested_by
    if other is None:
        return None
    return _own(f"account {question.declaration.account.number} is already declared by {other}: delete one of the two")


def _country_is_known(question: Question) -> Remedy | None:
    account = question.declaration.account
    if account.country is None:
        return _own(f"account {account.number} has no country: add the country of its billing address")
    if question.facts.country_known:
        return None
    return _elsewhere(
        f"{account.country} is not one of the countries of {question.facts.distributor.display_name}: "
        "add it to the distributor's countries, or correct the account"
    )


def _administrator_has_email(question: Question) -> Remedy | None:
    if question.declaration.administrator.email:
        return None
    return _own("the administrator has no e-mail address to sign in with: add one")


def _storefront_address_is_free(question: Question) -> Remedy | None:
    storefront, facts = question.declaration.storefront, question.facts
    if storefront is None:
        return None
    fault = storefront.fault(facts.distributor.storefront_domain)
    if fault is not None:
        return _own(f"storefront {fault}")
    if facts.address is None:
        return _elsewhere(
            f"alias {storefront.alias} needs a domain to stand below: give the distributor a base domain, "
            "or the storefront a host of its own"
        )
    if facts.address_holder == facts.distributor.id:
        return _own(
            f"storefront host {facts.address} is below the base domain of {facts.distributor.display_name}: declare it "
            "as an alias, or choose a host elsewhere"
        )
    if facts.address_holder in (None, facts.organization_id) or _may_be_taken_over(question):
        return None
    return _own(f"storefront address {facts.address} is taken: choose another one")


def _may_be_taken_over(question: Question) -> bool:
    """Whether the holder has the host without a proof and would lose it to one."""
    storefront = question.declaration.storefront
    return question.facts.holder_yields and storefront is not None and storefront.proof is not Proof.WAIVED


def _price_list_is_assigned(question: Question) -> Remedy | None:
    name = question.declaration.price_list
    if name is None:
        return _elsewhere("no price list is assigned: declare a PriceListAssignment that names this tenant")
    if question.facts.price_list is None:
        return _elsewhere(f"price list {name} does not exist: declare it, or assign another one")
    if question.declaration.not_assigned_yet is not None and not question.facts.ever_active:
        return _elsewhere(question.declaration.not_assigned_yet)
    return None


def _price_list_is_active(question: Question) -> Remedy | None:
    found = question.facts.price_list
    if found is None:
        return _after_assignment()
    if found.active:
        return None
    return _elsewhere(f"price list {question.declaration.price_list} is not active: activate it, or assign another one")


def _price_list_is_valid(question: Question) -> Remedy | None:
    found, name = question.facts.price_list, question.declaration.price_list
    if found is None:
        return _after_assignment()
    if found.valid_from and question.today < found.valid_from:
        return _elsewhere(f"price list {name} is valid from {found.valid_from}: wait, or assign another one")
    if found.valid_until and question.today > found.valid_until:
        return _elsewhere(f"price list {name} was valid until {found.valid_until}: extend it, or assign another one")
    return None


def _price_list_has_offers(question: Question) -> Remedy | None:
    found, name = question.facts.price_list, question.declaration.price_list
    if found is None or name is None:
        return _after_assignment()
    exists = found.offers is not None
    match revision_obstacle(name, pinned=question.declaration.revision, exists=exists, newest=found.newest):
        case NotAccepted() as obstacle:
            return _elsewhere(f"{obstacle}: see its condition Accepted")
        case Obstacle() as obstacle:
            return _elsewhere(f"{obstacle}: correct the assignment's revision")
    if found.offers == 0:
        return _elsewhere(f"price list {name} is empty in revision {found.revision}: correct its source")
    return None


def _one_currency(question: Question) -> Remedy | None:
    found, name = question.facts.price_list, question.declaration.price_list
    if found is None or name is None:
        return _after_assignment()
    obstacle = currency_obstacle(name, found.currency, question.facts.currency)
    return None if obstacle is None else _elsewhere(f"{obstacle}: assign a list in {question.facts.currency}")


def _platforms_are_linked(question: Question) -> Remedy | None:
    if question.facts.price_list is None:
        return _after_assignment()
    missing = sorted(question.facts.required_platforms - question.declaration.account.links.keys())
    if not missing:
        return None
    return _own(
        f"price list {question.declaration.price_list} has products of {', '.join(missing)}: register the reseller "
        "there, and add the link to the account"
    )


def _after_assignment() -> Remedy:
    return _elsewhere(AFTER_ASSIGNMENT)


_CHECKS: Final[tuple[tuple[Item, Check], ...]] = (
    (Item.ACCOUNT_MAY_ORDER, _account_may_order),
    (Item.ACCOUNT_IS_FREE, _account_is_free),
    (Item.COUNTRY_IS_KNOWN, _country_is_known),
    (Item.ADMINISTRATOR_HAS_EMAIL, _administrator_has_email),
    (Item.STOREFRONT_ADDRESS_IS_FREE, _storefront_address_is_free),
    (Item.PRICE_LIST_IS_ASSIGNED, _price_list_is_assigned),
    (Item.PRICE_LIST_IS_ACTIVE, _price_list_is_active),
    (Item.PRICE_LIST_IS_VALID, _price_list_is_valid),
    (Item.PRICE_LIST_HAS_OFFERS, _price_list_has_offers),
    (Item.ONE_CURRENCY, _one_currency),
    (Item.PLATFORMS_ARE_LINKED, _platforms_are_linked),
)
