"""What a tenant reports: status, conditions and their messages."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from twotier.bss.organizations.host_names import Challenge
from twotier.bss.tenants.cautions import cautions
from twotier.bss.tenants.checklist import AFTER_ASSIGNMENT, ChecklistItem
from twotier.bss.tenants.declaration import Proof
from twotier.bss.tenants.observing import TenantFacts
from twotier.bss.tenants.phases import Phase
from twotier.kinds.tenant_reseller.decide import Refuse
from twotier.kinds.tenant_reseller.declaration import PREPARED, STOREFRONT_PUBLISHED
from twotier.kinds.tenant_reseller.reasons import Reason
from twotier.runtime.outcome import Condition, Done, Stalled, Unfinished, Waiting


def refusal(refused: Refuse, items: Sequence[ChecklistItem], facts: TenantFacts) -> Unfinished:
    """Return the report of a tenant that cannot be created yet.

    Stalled if the tenant's own resource has to change, waiting if another one has to.
    """
    outcome, phase = (Stalled, Phase.FAILED) if refused.remedy_is_own else (Waiting, Phase.IN_PROGRESS)
    shown = _without_organization(facts) if refused.reason is Reason.OWNED_BY_ANOTHER else facts
    status = status_of(phase, items, shown)
    return outcome(refused.reason, _remedies(refused.told), status=status, conditions=(prepared(items),))


def awaiting_proof(
    shown: Mapping[str, Any],
    items: Sequence[ChecklistItem],
    facts: TenantFacts,
    asked: Challenge,
    proof: Proof,
    *,
    secret: str,
) -> Waiting:
    """Return the report of a tenant that is as declared, except for a host that lacks its proof.

    Args:
        shown: the status that is shown; an address that the tenant has meanwhile stays.
        items: of the checklist.
        facts: from the BSS.
        asked: the record to publish.
        proof: what DNS said.
        secret: name of the Secret with the administrator's credentials; while it is not shown, new ones are due.
    """
    kept = {"credentialsSecret": secret}
    if "storefrontAddress" in shown:
        kept["storefrontAddress"] = shown["storefrontAddress"]
    status = kept | status_of(facts.phase or Phase.IN_PROGRESS, items, replace(facts, challenge=asked))
    looked = "DNS could not be asked" if proof is Proof.UNANSWERED else "DNS does not show it yet"
    message = (
        "the host of the storefront is reserved once DNS shows that it is the reseller's: publish the record "
        f'{asked.record} TXT "{asked.value}" ({looked}; it is asked again by itself)'
    )
    condition = Condition(STOREFRONT_PUBLISHED, "False", Reason.STOREFRONT_HOST_UNPROVED, message)
    return Waiting(Reason.STOREFRONT_HOST_UNPROVED, message, status=status, conditions=(prepared(items), condition))


def done(name: str, items: Sequence[ChecklistItem], facts: TenantFacts, secret: str, *, renewed: bool = False) -> Done:
    """Return the report of a tenant that is as declared.

    Args:
        name: of the reseller.
        items: of the checklist.
        facts: from the BSS.
        secret: name of the Secret with the administrator's credentials.
        renewed: that Secret was missing, and new credentials were just created.
    """
    phase = facts.phase or Phase.IN_PROGRESS
    status = status_of(phase, items, facts) | {"credentialsSecret": secret}
    conditions = (prepared(items), *_storefront_published(facts))
    if phase is Phase.SUSPENDED:
        message = (
            f"{name} is suspended, as declared: sign-in, ordering and updates stop; running subscriptions continue"
        )
        return Done(Reason.TENANT_SUSPENDED, message + _renewal(secret, renewed=renewed), status, conditions)
    message = ", ".join((f"{name} is active", *cautions(facts)))
    return Done(Reason.TENANT_ACTIVE, message + _renewal(secret, renewed=renewed), status, conditions)


def prepared(items: Sequence[ChecklistItem]) -> Condition:
    """Return the condition that sums up the checklist."""
    failed = [item for item in items if not item.passed]
    if failed:
        return Condition(PREPARED, "False", Reason.CHECKLIST_FAILED, _remedies(failed))
    return Condition(PREPARED, "True", Reason.CHECKLIST_PASSED, f"All {len(items)} items of the checklist passed")


def status_of(phase: str, items: Sequence[ChecklistItem], facts: TenantFacts) -> dict[str, Any]:
    """Return the status fields of a tenant; what is not known yet is left out."""
    reserved = facts.organization_id is not None and facts.address_holder == facts.organization_id
    fields: Mapping[str, Any] = {
        "phase": phase,
        "checklist": [_shown(item) for item in items],
        "organizationId": str(facts.organization_id) if facts.organization_id else None,
        "storefrontAddress": facts.address if reserved else None,
        "storefrontChallenge": asdict(facts.challenge) if facts.challenge else None,
        "rotateCredentials": facts.credentials_rotation,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _renewal(secret: str, *, renewed: bool) -> str:
    if not renewed:
        return ""
    return f"; Secret {secret} was missing, so it has been created again with a new password for the administrator"


def _without_organization(facts: TenantFacts) -> TenantFacts:
    """Only the resource that owns the account's organisation shows it."""
    return replace(facts, organization_id=None, credentials_rotation=None)


def _storefront_published(facts: TenantFacts) -> tuple[Condition, ...]:
    if facts.address is None:
        return ()
    message = f"{facts.address} is reserved; this version of TwoTier does not serve storefronts yet"
    return (Condition(STOREFRONT_PUBLISHED, "False", Reason.STOREFRONT_PENDING, message),)


def _shown(item: ChecklistItem) -> dict[str, Any]:
    shown = {"item": item.name, "passed": item.passed}
    return shown if item.passed else {**shown, "remedy": item.remedy}


def _remedies(failed: Sequence[ChecklistItem]) -> str:
    return "; ".join(item.remedy for item in failed if item.remedy != AFTER_ASSIGNMENT)
