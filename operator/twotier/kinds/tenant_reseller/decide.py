"""What to do about a tenant now: decided from facts alone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from twotier.bss.tenants.checklist import ChecklistItem, Item
from twotier.bss.tenants.declaration import Proof
from twotier.bss.tenants.observing import PriceListFacts, TenantFacts
from twotier.kinds.tenant_reseller.observe import Observed, Tenant
from twotier.kinds.tenant_reseller.reasons import Reason


@dataclass(frozen=True, slots=True)
class Refuse:
    """The tenant cannot be created yet, or its account belongs to another resource.

    Attributes:
        told: the items of the checklist that matter now.
        remedy_is_own: whether the tenant's own resource has to change, rather than another one.
    """

    reason: Reason
    told: tuple[ChecklistItem, ...]
    remedy_is_own: bool


@dataclass(frozen=True, slots=True)
class Create:
    """The checklist passed: the tenant is created, and starts with this list."""

    price_list: PriceListFacts


@dataclass(frozen=True, slots=True)
class Declare:
    """The tenant was once active, and differs from what is declared."""


@dataclass(frozen=True, slots=True)
class Rest:
    """Nothing would change: a fleet in sync costs one observation per tenant."""


Step: TypeAlias = Refuse | Create | Declare | Rest


def decide(resource: Tenant, found: Observed) -> Step:
    """Return what to do about a tenant."""
    facts = found.facts
    refused = refusal(found.items)
    if refused is not None and (found.declared.tenant.contested_by or not facts.ever_active):
        return refused
    if _is_settled(resource, facts):
        return Rest()
    if not facts.ever_active and facts.price_list is not None:
        return Create(facts.price_list)
    return Declare()


def refusal(items: Sequence[ChecklistItem]) -> Refuse | None:
    """Return why a tenant cannot be created yet, or None if every item passed."""
    failed = tuple(item for item in items if not item.passed)
    if not failed:
        return None
    is_own = any(item.remedy_is_own for item in failed)
    contested = tuple(item for item in failed if item.name is Item.ACCOUNT_IS_FREE)
    if contested:
        # Until one of the two is deleted, nothing else matters.
        return Refuse(Reason.OWNED_BY_ANOTHER, contested, is_own)
    return Refuse(Reason.CHECKLIST_FAILED, failed, is_own)


def unproved(found: Observed) -> Proof | None:
    """Return why the declared host may not be reserved yet; None if nothing has to be proved."""
    storefront = found.declared.tenant.storefront
    if storefront is None or found.facts.challenge is None or storefront.proof.suffices:
        return None
    return storefront.proof


def permitted(found: Observed) -> Observed:
    """Return what may be brought about now: all that is declared, without a host that lacks its proof."""
    if unproved(found) is None:
        return found
    return replace(found, declared=replace(found.declared, tenant=replace(found.declared.tenant, storefront=None)))


def _is_settled(resource: Tenant, facts: TenantFacts) -> bool:
    return facts.as_declared and facts.phase == resource.spec.state and not credentials_are_due(resource, facts)


def credentials_are_due(resource: Tenant, facts: TenantFacts) -> bool:
    """Return whether the administrator needs new credentials.

    A resource that shows no Secret yet is new in this cluster, and so the Secret of another cluster is not here.
    """
    rotation = resource.spec.administrator.rotate_credentials
    rotated = rotation is not None and rotation != facts.credentials_rotation
    return not facts.has_credentials or rotated or "credentialsSecret" not in resource.status
