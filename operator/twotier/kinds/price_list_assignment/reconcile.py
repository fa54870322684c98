"""Reconciling a PriceListAssignment: the tenant's catalogue is updated to what is declared, where that changes it."""

from functools import partial

from sqlalchemy import Connection

from twotier.bss.catalogue.assignment import AssignmentFacts, observe_assignment
from twotier.bss.catalogue.log import current_run
from twotier.bss.catalogue.plan import Plan
from twotier.bss.catalogue.updates import Mode, apply_update
from twotier.bss.tenants.lifecycle import hold_active
from twotier.bss.tenants.provisioning import connect_platforms, copy_taxes
from twotier.faults import fault_point
from twotier.kinds.context import Context
from twotier.kinds.dependencies import reference, refuse_unsupported, require
from twotier.kinds.price_list.declaration import DEFINITION as PRICE_LIST
from twotier.kinds.price_list.declaration import PriceListSpec
from twotier.kinds.price_list_assignment.decide import not_permitted, target, unplanned, up_to_date
from twotier.kinds.price_list_assignment.declaration import DEFINITION, PriceListAssignmentSpec
from twotier.kinds.tenant_reseller.declaration import DEFINITION as TENANT_RESELLER
from twotier.kinds.tenant_reseller.declaration import TenantResellerSpec
from twotier.runtime.kind import Kind
from twotier.runtime.outcome import Done, Outage, Stalled, Unfinished, Waiting
from twotier.runtime.reasons import Reason
from twotier.runtime.resource import Key, Resource


def price_list_assignment_kind(context: Context) -> Kind[PriceListAssignmentSpec]:
    """Return the kind, reconciled in this context."""
    return Kind(
        name=DEFINITION.kind,
        plural=DEFINITION.plural,
        spec=PriceListAssignmentSpec,
        reconcile=partial(_reconcile, context),
        condition_types=tuple(DEFINITION.conditions),
        refers_to=lambda resource: frozenset({_tenant_key(resource), _price_list_key(resource)}),
        exposes=lambda resource: (resource.spec.price_list, resource.spec.revision),
    )


def _tenant_key(resource: Resource[PriceListAssignmentSpec]) -> Key:
    return reference(TENANT_RESELLER, resource, resource.spec.tenant)


def _price_list_key(resource: Resource[PriceListAssignmentSpec]) -> Key:
    return reference(PRICE_LIST, resource, resource.spec.price_list)


async def _reconcile(context: Context, resource: Resource[PriceListAssignmentSpec]) -> Done:
    try:
        refuse_unsupported(resource.spec)
        return await _follow(context, resource)
    except Outage:
        raise
    except Unfinished as unfinished:
        unfinished.conditions = unplanned(unfinished)
        raise


async def _follow(context: Context, resource: Resource[PriceListAssignmentSpec]) -> Done:
    tenant = await require(context.cluster, _tenant_key(resource), TenantResellerSpec, "spec.tenant")
    price_list = await require(context.cluster, _price_list_key(resource), PriceListSpec, "spec.priceList")
    if price_list.spec.distributor != tenant.spec.distributor:
        raise Stalled(
            Reason.DISTRIBUTOR_MISMATCH,
            f"PriceList {price_list.key.name} is of Distributor {price_list.spec.distributor}, the tenant of "
            f"{tenant.spec.distributor}: set spec.priceList to a list of {tenant.spec.distributor}",
        )
    try:
        done = await context.transact(partial(_update, context, resource, tenant))
    except Waiting as waiting:
        if waiting.reason == Reason.TENANT_NOT_ACTIVE:
            # He may be waiting for his first catalogue, and hears of a new revision through his assignment.
            context.cluster.wake(resource.key)
        raise
    fault_point("catalogue.apply.after_commit")
    return done


def _update(
    context: Context,
    resource: Resource[PriceListAssignmentSpec],
    tenant: Resource[TenantResellerSpec],
    connection: Connection,
) -> Done:
    spec = resource.spec
    wanted = target(spec, _observe(resource, tenant, connection))
    planned = context.plans.plan(connection, wanted.organization_id, wanted.update)
    if not wanted.permitted:
        return not_permitted(spec, current_run(connection, wanted.organization_id), planned)
    if not planned.empty:
        _apply(context, resource, planned, connection)
    return up_to_date(spec, current_run(connection, wanted.organization_id))


def _observe(
    resource: Resource[PriceListAssignmentSpec], tenant: Resource[TenantResellerSpec], connection: Connection
) -> AssignmentFacts | None:
    return observe_assignment(
        connection,
        namespace=resource.key.namespace,
        distributor=tenant.spec.distributor,
        account_number=tenant.spec.account.number,
        price_list=resource.spec.price_list,
        pinned=resource.spec.revision,
    )


def _apply(
    context: Context, resource: Resource[PriceListAssignmentSpec], planned: Plan, connection: Connection
) -> None:
    """Write the run; product types that a full update brings may need taxes and platforms of their own."""
    update, changes = planned.update, planned.changes
    if not hold_active(connection, planned.organization_id):
        message = f"TenantReseller {resource.spec.tenant} was suspended or deleted at this moment: nothing was updated"
        raise Waiting(Reason.TENANT_NOT_ACTIVE, message)
    apply_update(
        connection,
        planned.organization_id,
        update,
        expected_newest=planned.newest,
        requested_by=str(resource.key),
        now=context.clock(),
        watermark=planned.watermark,
        changes=changes.by_name(),
    )
    if update.mode is Mode.FULL and (changes.added or changes.returned or changes.other):
        copy_taxes(connection, planned.organization_id, update.price_list_id, update.revision)
        connect_platforms(connection, planned.organization_id, update.price_list_id, update.revision)
    fault_point("catalogue.apply.before_commit")
