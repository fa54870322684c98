"""Plans: what an update or a return to an earlier run would do to a tenant's catalogue."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Final

from fastapi import Path, Response
from sqlalchemy import Connection

from twotier.bss.catalogue.runs import stored_plans
from twotier.bss.catalogue.runs.stored_plans import StoredPlan
from twotier.bss.directory.lookups import TenantEntry
from twotier.web.api import models, showing
from twotier.web.api.listing import STREAMS, Asked, Listing
from twotier.web.api.paging import Key
from twotier.web.api.routing import Router
from twotier.web.api.scope import NOT_FOUND, Account, At
from twotier.web.shared.problems import not_found

router = Router(prefix="/tenants/{account}/plans", tags=["plans"], responses=NOT_FOUND)

PlanId = Annotated[str, Path(max_length=128, pattern=r"^[^\x00]+$", description="Id of a plan: sha256: and 64 digits.")]


@router.get("", response_model=models.Page[models.Plan], responses=STREAMS)
def plans(at: At, account: Account, asked: Asked) -> models.Page[models.Plan] | Response:
    """Return the stored plans of a tenant, the newest first."""
    return PLANS.send(partial(at.tenant, account), PLANS.by_pages(_read), asked)


@router.get("/{id}")
def plan(at: At, account: Account, id: PlanId) -> models.Plan:  # noqa: A002 -- the name of the parameter
    """Return a stored plan, and whether it can still be applied."""
    with at.tenant(account) as (connection, tenant):
        return _plan(find(connection, tenant, id))


def find(connection: Connection, tenant: TenantEntry, id_: str) -> StoredPlan:
    """Return a stored plan of a tenant.

    Raises:
        ProblemError: it is none of his.
    """
    found = stored_plans.find(connection, tenant.organization_id, id_)
    if found is None:
        raise not_found(f"Tenant {tenant.account} has no plan {id_}: GET …/plans lists those he has.")
    return found


def _read(connection: Connection, tenant: TenantEntry, after: Key | None, limit: int) -> list[models.Plan]:
    before = str(after[0]) if after else None
    return [_plan(each) for each in stored_plans.listed(connection, tenant.organization_id, before=before, limit=limit)]


def _plan(stored: StoredPlan) -> models.Plan:
    restores = stored.restored is not None
    return models.Plan(
        id=stored.id,
        kind="restore" if restores else "update",
        price_list=stored.price_list,
        revision=stored.update.revision,
        digest=stored.target_digest,
        mode=None if restores else stored.update.mode.value,
        sell_prices=not restores and stored.update.sell_prices,
        names=not restores and stored.update.names,
        restore_run=stored.restored,
        newest_run=stored.newest,
        watermark=stored.watermark,
        changes=showing.changes(stored.changes),
        below_cost=stored.below_cost,
        unpriced=stored.unpriced,
        own_values_kept=stored.own_values_kept,
        planned_at=stored.planned_at,
        live=stored.live,
        moved=stored.moved,
    )


def _key(plan: models.Plan) -> Key:
    return (plan.id,)


def _flat(plan: models.Plan) -> Mapping[str, object]:
    return showing.flat(plan) | showing.flat(plan.changes)


PLANS: Final = Listing[models.Plan](
    key=_key,
    types=(str,),
    columns=(*showing.columns(models.Plan, "changes"), *showing.columns(models.Changes)),
    flat=_flat,
)
