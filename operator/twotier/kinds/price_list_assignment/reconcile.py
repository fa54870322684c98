"""Reconciling a PriceListAssignment: the tenant's catalogue is updated to what is declared, where that changes it."""

from dataclasses import replace
from functools import partial

from twotier.fault_points import fault_point
from twotier.kinds.context import Context
from twotier.kinds.dependencies import reference, require
from twotier.kinds.price_list.declaration import DEFINITION as PRICE_LIST
from twotier.kinds.price_list.declaration import PriceListSpec
from twotier.kinds.price_list_assignment.apply import Assignment, Unasked, pursue
from twotier.kinds.price_list_assignment.asked import who_set
from twotier.kinds.price_list_assignment.declaration import DEFINITION, PriceListAssignmentSpec
from twotier.kinds.price_list_assignment.report import unplanned
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
        exposes=lambda resource: (
            resource.spec.price_list,
            resource.spec.revision,
            resource.spec.restore_run,
            resource.suspended,
        ),
    )


def _tenant_key(resource: Resource[PriceListAssignmentSpec]) -> Key:
    return reference(TENANT_RESELLER, resource, resource.spec.tenant)


def _price_list_key(resource: Resource[PriceListAssignmentSpec]) -> Key:
    return reference(PRICE_LIST, resource, resource.spec.price_list)


async def _reconcile(context: Context, resource: Resource[PriceListAssignmentSpec]) -> Done:
    try:
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
    assignment = Assignment(
        resource.key, resource.spec, tenant.spec.distributor, tenant.spec.account.number, started_at=context.clock()
    )
    try:
        return await _pursue(context, resource, assignment)
    except Waiting as waiting:
        if waiting.reason == Reason.TENANT_NOT_ACTIVE:
            # He may be waiting for his first catalogue, and hears of a new revision through his assignment.
            context.cluster.wake(resource.key)
        raise


async def _pursue(context: Context, resource: Resource[PriceListAssignmentSpec], assignment: Assignment) -> Done:
    """What follows from the declaration alone takes one transaction; for the rest the log must know first who asked."""
    ended = await _transact(context, assignment)
    while isinstance(ended, Unasked):
        asked = await who_set(context.cluster, resource, ended.field, ended.value)
        ended = await _transact(context, replace(assignment, asked=asked))
    fault_point("catalogue.apply.after_commit")
    return ended


async def _transact(context: Context, assignment: Assignment) -> Done | Unasked:
    ended = await context.transact(partial(pursue, context.plans, context.clock, assignment))
    if isinstance(ended, Exception):
        raise ended
    return ended
