"""Reconciling a TenantReseller: prepared, provisioned, given its first catalogue, kept as declared, and deleted."""

from functools import partial

from twotier.bss.tenants.credentials import revoke_credentials
from twotier.bss.tenants.declaring import AddressTakenError, StorefrontRefusedError
from twotier.bss.tenants.phases import Phase
from twotier.fault_points import fault_point
from twotier.kinds.context import Context
from twotier.kinds.dependencies import require
from twotier.kinds.distributor.declaration import DistributorSpec
from twotier.kinds.tenant_reseller import apply
from twotier.kinds.tenant_reseller.credentials.looking import SecretLooks
from twotier.kinds.tenant_reseller.credentials.secret import is_gone, secret_name
from twotier.kinds.tenant_reseller.decide import (
    Create,
    Declare,
    Refuse,
    Rest,
    credentials_are_due,
    decide,
    permitted,
    unproved,
)
from twotier.kinds.tenant_reseller.declaration import DEFINITION, TenantResellerSpec
from twotier.kinds.tenant_reseller.observe import (
    Observed,
    Tenant,
    account_key,
    assignment_key,
    claims,
    declared,
    distributor_key,
    ending_of,
    observed,
    older_claim,
    with_proof,
)
from twotier.kinds.tenant_reseller.reasons import Reason
from twotier.kinds.tenant_reseller.report import awaiting_proof, done, refusal
from twotier.runtime.kind import Kind
from twotier.runtime.outcome import Done, Stalled
from twotier.runtime.reasons import CommonReason
from twotier.runtime.resource import InvalidResource


def kind(context: Context) -> Kind[TenantResellerSpec]:
    """Return the kind, reconciled in this context."""
    looks = SecretLooks(context.clock)
    return Kind(
        name=DEFINITION.kind,
        plural=DEFINITION.plural,
        spec=TenantResellerSpec,
        reconcile=partial(_reconcile, context, looks),
        finalize=partial(_finalize, context, looks),
        condition_types=tuple(DEFINITION.conditions),
        refers_to=lambda resource: frozenset(
            {distributor_key(resource), assignment_key(resource), account_key(resource)}
        ),
        claims=claims,
        exposes=lambda resource: (
            resource.spec.distributor,
            resource.spec.account.number,
            resource.status.get("phase"),
        ),
    )


async def _reconcile(context: Context, looks: SecretLooks, resource: Tenant) -> Done:
    await require(context.cluster, distributor_key(resource), DistributorSpec, "spec.distributor")
    wanted = await declared(context, resource)
    seen = await context.transact(lambda connection: observed(context, connection, resource, wanted))
    found = await with_proof(context, seen, resource.key.namespace)
    step = decide(resource, found)
    if isinstance(step, Refuse):
        raise refusal(step, found.items, found.facts)
    await context.cluster.hold(resource)
    try:
        if isinstance(step, Rest):
            kept, renewed = found, await _renew_lost_credentials(context, looks, resource, found)
        else:
            kept, renewed = await _bring_about(context, resource, permitted(found), step), False
    except AddressTakenError as taken:
        raise Stalled(Reason.STOREFRONT_ADDRESS_TAKEN, str(taken)) from taken
    except StorefrontRefusedError as refused:
        raise Stalled(CommonReason.INVALID_SPEC, str(refused)) from refused
    proof, challenge = unproved(found), found.facts.challenge
    if proof is not None and challenge is not None:
        secret = secret_name(resource)
        raise awaiting_proof(resource.status, kept.items, kept.facts, challenge, proof, secret=secret)
    return done(resource.spec.account.name, kept.items, kept.facts, secret_name(resource), renewed=renewed)


async def _renew_lost_credentials(context: Context, looks: SecretLooks, resource: Tenant, found: Observed) -> bool:
    """Create new credentials if the Secret with the old ones is missing: only their hash is known."""
    organization_id = found.facts.organization_id
    if organization_id is None or not looks.is_due(resource) or not await is_gone(context.cluster, resource):
        return False
    # Revoked first: whatever happens before new ones are stored, they are known to be missing
    await context.transact(lambda connection: revoke_credentials(connection, organization_id))
    await apply.keep_credentials(context, resource, organization_id, found.facts.credentials_rotation)
    return True


async def _bring_about(context: Context, resource: Tenant, found: Observed, step: Create | Declare) -> Observed:
    if found.facts.phase is Phase.MARKED_AS_DELETED:
        await context.transact(partial(apply.readopt, found))
    if isinstance(step, Create):
        await apply.create(context, resource, found, step.price_list)
    kept = await context.transact(partial(apply.keep, context, resource, found))
    facts = kept.facts
    if isinstance(step, Create) or facts.organization_id is None or not credentials_are_due(resource, facts):
        return kept
    await apply.keep_credentials(context, resource, facts.organization_id, facts.credentials_rotation)
    return await context.transact(lambda connection: observed(context, connection, resource, found.declared))


async def _finalize(context: Context, looks: SecretLooks, resource: Tenant | InvalidResource) -> None:
    looks.forget(resource)
    if older_claim(context, resource):
        return  # the account's organisation belongs to that resource
    await context.transact(partial(apply.delete, ending_of(resource)))
    fault_point("tenant.delete.after_commit")
