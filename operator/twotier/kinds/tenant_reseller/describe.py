"""How a TenantReseller is described to people."""

from collections.abc import Iterator
from typing import Final

from twotier.kinds.describing import Check, Description, Pair
from twotier.kinds.tenant_reseller.declaration import TenantResellerSpec, TenantResellerStatus


def _declared(spec: TenantResellerSpec) -> Iterator[Pair]:
    yield "Distributor", spec.distributor
    yield "Account", f"{spec.account.number}, {spec.account.name}"
    yield "Edition", spec.edition
    yield "State", spec.state
    yield "Deletion", spec.deletion_policy
    yield "Administrator", spec.administrator.email or ""


def _became(status: TenantResellerStatus) -> Iterator[Pair]:
    yield "Phase", status.phase or "not created yet"
    yield "Organization", str(status.organization_id or "")
    yield "Storefront", status.storefront_address or ""
    challenge = status.storefront_challenge
    yield "To publish", f'{challenge.record} TXT "{challenge.value}"' if challenge else ""
    yield "Credentials", f"Secret {status.credentials_secret}" if status.credentials_secret else ""


def _checks(status: TenantResellerStatus) -> Iterator[Check]:
    return (Check(each.item, each.passed, each.remedy) for each in status.checklist)


DESCRIPTION: Final = Description(declared=_declared, became=_became, checks=_checks)
