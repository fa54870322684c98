"""Reconciling a PriceListAssignment: the tenant's catalogue is updated to what is declared if that changes it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from types import MappingProxyType
from typing import Final

from twotier.bss.catalogue.runs.apply import (
    AskedBy,
    AskerUnknown,
    Failed,
    Followed,
    Obstructed,
    Overtaken,
    PlanShown,
    UpToDate,
    follow,
)
from twotier.bss.catalogue.runs.assignment import TenantName
from twotier.bss.catalogue.runs.obstacles import NoCatalogue
from twotier.bss.catalogue.runs.updates import Asked
from twotier.fault_points import fault_point
from twotier.kinds.binding import ACCOUNT, bound
from twotier.kinds.context import Context
from twotier.kinds.dependencies import reference, require
from twotier.kinds.price_list.declaration import DEFINITION as PRICE_LIST
from twotier.kinds.price_list.declaration import PriceListSpec
from twotier.kinds.price_list_assignment.declaration import DEFINITION, PriceListAssignmentSpec
from twotier.kinds.price_list_assignment.report import (
    obstructed,
    of_another_account,
    of_another_distributor,
    overtaken,
    plan_shown,
    unplanned,
    up_to_date,
)
from twotier.kinds.price_list_assignment.translate import assignment_of
from twotier.kinds.tenant_reseller.declaration import DEFINITION as TENANT_RESELLER
from twotier.kinds.tenant_reseller.declaration import TenantResellerSpec
from twotier.runtime.api_resource import ApiResource
from twotier.runtime.field_owners import who_set
from twotier.runtime.kind import Kind
from twotier.runtime.outcome import Done, Outage, Unfinished
from twotier.runtime.resource import GROUP, VERSION, Key, Resource

ASSIGNMENTS: Final = ApiResource(GROUP, VERSION, DEFINITION.plural, DEFINITION.kind)
FIELDS: Final[Mapping[AskedBy, str]] = MappingProxyType(
    {AskedBy.APPROVED_PLAN: "approvedPlan", AskedBy.RESTORED_RUN: "restoreRun"}
)
"""The fields of the spec that request a run."""

PriceListAssignment = Resource[PriceListAssignmentSpec]


def kind(context: Context) -> Kind[PriceListAssignmentSpec]:
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


def _tenant_key(resource: PriceListAssignment) -> Key:
    return reference(TENANT_RESELLER, resource, resource.spec.tenant)


def _price_list_key(resource: PriceListAssignment) -> Key:
    return reference(PRICE_LIST, resource, resource.spec.price_list)


async def _reconcile(context: Context, resource: PriceListAssignment) -> Done:
    started_at = context.clock()
    try:
        tenant = await _tenant(context, resource)
        done = _reported(context, resource, await _followed(context, resource, tenant, started_at))
    except Outage:
        raise
    except Unfinished as unfinished:
        unfinished.conditions = unplanned(unfinished)
        raise
    return replace(done, status={ACCOUNT: tenant.account, **done.status})


async def _tenant(context: Context, resource: PriceListAssignment) -> TenantName:
    """Return the tenant's name; its account must be the assignment's, and its distributor that of the price list."""
    tenant = await require(context.cluster, _tenant_key(resource), TenantResellerSpec, "spec.tenant")
    number = tenant.spec.account.number
    account = (await bound(context.cluster, resource, number)).status[ACCOUNT]
    if account != number:
        raise of_another_account(resource.spec, account, number)
    price_list = await require(context.cluster, _price_list_key(resource), PriceListSpec, "spec.priceList")
    if price_list.spec.distributor != tenant.spec.distributor:
        raise of_another_distributor(resource.spec, price_list.spec.distributor, tenant.spec.distributor)
    return TenantName(resource.key.namespace, tenant.spec.distributor, number)


async def _followed(
    context: Context, resource: PriceListAssignment, tenant: TenantName, started_at: datetime
) -> Followed:
    """What follows from the declaration alone takes one transaction; for the rest, the log needs to know who asked."""
    work = partial(
        follow,
        shared=context.plans,
        assignment=assignment_of(resource.spec, tenant),
        resource=str(resource.key),
        started_at=started_at,
        clock=context.clock,
    )
    followed = await context.transact(work)
    while isinstance(followed, AskerUnknown):
        field = FIELDS[followed.by]
        owner = await who_set(context.cluster.api, ASSIGNMENTS, resource.key, field, followed.value)
        followed = await context.transact(partial(work, asked=Asked(owner.manager, owner.since)))
    fault_point("catalogue.apply.after_commit")
    return followed


def _reported(context: Context, resource: PriceListAssignment, followed: Followed) -> Done:
    match followed:
        case UpToDate(run):
            return up_to_date(resource.spec, run)
        case PlanShown():
            return plan_shown(resource.spec, followed)
        case Obstructed(obstacle):
            if isinstance(obstacle, NoCatalogue):
                # The tenant may be waiting for its first catalogue, and hears of new revisions by its assignment.
                context.cluster.wake(resource.key)
            raise obstructed(resource.spec, obstacle)
        case Overtaken(obstacle):
            raise overtaken(obstacle)
        case Failed(error):
            raise error
        case AskerUnknown():
            raise LookupError(f"nobody has looked up who set the {followed.by} of {resource.key}")
