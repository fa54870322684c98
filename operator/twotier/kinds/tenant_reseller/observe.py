"""What decides about a TenantReseller: its declaration, the resources around it, and the facts of the BSS."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import Connection

from twotier.bss.organizations.distributor import Distributor
from twotier.bss.tenants.checklist import ChecklistItem, checklist
from twotier.bss.tenants.declaration import Proof, TenantDeclaration
from twotier.bss.tenants.observing import TenantFacts, observe
from twotier.kinds.binding import bound
from twotier.kinds.context import Context
from twotier.kinds.dependencies import reference, require_distributor
from twotier.kinds.distributor.declaration import DEFINITION as DISTRIBUTOR
from twotier.kinds.price_list.declaration import DEFINITION as PRICE_LIST
from twotier.kinds.price_list.declaration import PriceListSpec
from twotier.kinds.price_list_assignment.declaration import DEFINITION as ASSIGNMENT
from twotier.kinds.price_list_assignment.declaration import PriceListAssignmentSpec
from twotier.kinds.tenant_reseller.declaration import TenantResellerSpec
from twotier.kinds.tenant_reseller.translate import tenant_of
from twotier.runtime.resource import FINALIZER, AnyResource, Body, InvalidResource, Key, Resource

Tenant: TypeAlias = Resource[TenantResellerSpec]


@dataclass(frozen=True, slots=True)
class Declared:
    """What resources declare about a tenant.

    Attributes:
        price_list_is_live: the assigned list has a resource under the tenant's distributor. One whose resource was
            deleted keeps its rows for tenants that have it, but no new tenant starts with it.
    """

    tenant: TenantDeclaration
    price_list_is_live: bool


@dataclass(frozen=True, slots=True)
class Observed:
    """Everything that decides about a tenant."""

    declared: Declared
    facts: TenantFacts
    items: tuple[ChecklistItem, ...]

    @property
    def distributor(self) -> Distributor:
        """The root organisation."""
        return self.facts.distributor


def distributor_key(resource: Tenant) -> Key:
    """Return the key of the tenant's distributor."""
    return reference(DISTRIBUTOR, resource, resource.spec.distributor)


def assignment_key(resource: Tenant) -> Key:
    """Return the key of the tenant's assignment, which has its name."""
    return reference(ASSIGNMENT, resource, resource.key.name)


def account_key(resource: Tenant) -> Key:
    """Return the account of a tenant as a key, by which two resources that declare the same account are found."""
    return _account(resource.key.namespace, resource.spec.distributor, resource.spec.account.number)


def claims(body: Body) -> frozenset[Key]:
    """Return the account that a TenantReseller declares, as far as it can be read from one with an invalid spec."""
    account = account_in(body.get("spec") or {})
    return frozenset() if account is None else frozenset({_account(body["metadata"]["namespace"], *account)})


def account_in(written: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return the distributor and the account number that a spec names, however invalid it is; None if it names none."""
    match written:
        case {"distributor": str() as distributor, "account": {"number": str() as number}}:
            return distributor, number
        case _:
            return None


def _account(namespace: str, distributor: str, number: str) -> Key:
    return Key("Account", namespace, f"{distributor}/{number}")


def older_claim(context: Context, resource: Tenant | InvalidResource) -> str | None:
    """Name the oldest resource that declares the same account, if it is older than this one and still exists.

    One whose spec has become invalid keeps the account: its organisation exists, and waits for the correction.
    """
    if isinstance(resource, Resource):
        return older_of(resource, context.cluster.claimants(account_key(resource)))
    account = account_in(resource.written)
    if account is None:
        return None
    return older_of(resource, context.cluster.claimants(_account(resource.key.namespace, *account)))


def older_of(resource: AnyResource, claimants: Sequence[AnyResource]) -> str | None:
    """Name the oldest of those that declare the same account, unless it is this one.

    Of two created in the same second, the one that was reconciled first counts as the older.
    """
    oldest = min(claimants, key=lambda each: (each.created_at, FINALIZER not in each.finalizers), default=resource)
    return None if oldest.uid == resource.uid else str(oldest.key)


async def declared(context: Context, resource: Tenant) -> Declared:
    """Return what the resource declares together with its assignment."""
    assignment = await _assignment(context, resource)
    tenant = tenant_of(resource.spec, assignment, older_claim(context, resource))
    if tenant.price_list is None:
        return Declared(tenant, price_list_is_live=False)
    price_list = await context.cluster.find(reference(PRICE_LIST, resource, tenant.price_list), PriceListSpec)
    is_live = price_list is not None and not price_list.deleting
    of_ours = price_list is not None and price_list.spec.distributor == resource.spec.distributor
    return Declared(tenant, price_list_is_live=is_live and of_ours)


async def _assignment(context: Context, resource: Tenant) -> Resource[PriceListAssignmentSpec] | None:
    """Return the tenant's assignment, with its account; one that is being deleted assigns nothing any longer."""
    found = await context.cluster.find(assignment_key(resource), PriceListAssignmentSpec)
    if found is None or found.deleting:
        return None
    return found if found.suspended else await bound(context.cluster, found, resource.spec.account.number)


def observed(context: Context, connection: Connection, resource: Tenant, declared: Declared) -> Observed:
    """Return what the database knows of the tenant, and how the checklist judges it."""
    distributor = require_distributor(connection, distributor_key(resource))
    facts = observe(connection, distributor, declared.tenant)
    if not declared.price_list_is_live:
        facts = replace(facts, price_list=None, required_platforms=frozenset())
    return judged(context, declared, facts)


def judged(context: Context, declared: Declared, facts: TenantFacts) -> Observed:
    """Return what is known of the tenant, and how the checklist judges it."""
    return Observed(declared, facts, checklist(facts, declared.tenant, facts.distributor.today(context.clock())))


async def with_proof(context: Context, found: Observed, namespace: str) -> Observed:
    """Return the facts with what DNS says, where anything has to be proved."""
    storefront, challenge = found.declared.tenant.storefront, found.facts.challenge
    if storefront is None or challenge is None:
        return found
    if context.text_records is None:
        proof = Proof.WAIVED
    else:
        values = await context.text_records.values(challenge.record, namespace)
        proof = _proof(values, challenge.value)
    tenant = replace(found.declared.tenant, storefront=replace(storefront, proof=proof))
    return judged(context, replace(found.declared, tenant=tenant), found.facts)


@dataclass(frozen=True, slots=True)
class Ending:
    """What a deletion needs to know of a resource.

    Attributes:
        namespace: of the resource, and of its distributor.
        account: the distributor's name and the number of the account; None if the spec does not say.
        shown: the organisation that the status shows; finds the tenant where the account cannot be read.
        erases: whether its rows go with it; what cannot be read keeps them.
    """

    namespace: str
    account: tuple[str, str] | None
    shown: UUID | None
    erases: bool


def ending_of(resource: Tenant | InvalidResource) -> Ending:
    """Return what a resource that is being deleted says, as far as it can be read."""
    if isinstance(resource, InvalidResource):
        account, policy = account_in(resource.written), resource.written.get("deletionPolicy")
    else:
        account = resource.spec.distributor, resource.spec.account.number
        policy = resource.spec.deletion_policy
    shown = resource.status.get("organizationId")
    return Ending(resource.key.namespace, account, UUID(shown) if shown else None, erases=policy == "Delete")


def _proof(values: frozenset[str] | None, wanted: str) -> Proof:
    if values is None:
        return Proof.UNANSWERED
    return Proof.SHOWN if wanted in values else Proof.MISSING
