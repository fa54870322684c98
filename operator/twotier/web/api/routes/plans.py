"""Plans: what an update or an undo would do to a tenant's catalogue."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Annotated, Final

from fastapi import Path, Request, Response
from sqlalchemy import Connection

from twotier.bss.catalogue.runs import stored_plans
from twotier.bss.catalogue.runs.observing import find_approval_obstacle
from twotier.bss.catalogue.runs.stored_plans import StoredPlan
from twotier.bss.directory.lookups import TenantEntry
from twotier.web.api import models, showing
from twotier.web.api.bodies import BODY_PROBLEMS, body_of, described_body, parsed
from twotier.web.api.declarations import declarations_of, refusing
from twotier.web.api.listing import STREAMS, Asked, Listing
from twotier.web.api.paging import Key
from twotier.web.api.routing import Router
from twotier.web.api.scope import NOT_FOUND, Account, InScope
from twotier.web.shared.problems import not_found

router = Router(prefix="/tenants/{account}/plans", tags=["plans"], responses=NOT_FOUND)

PlanId = Annotated[
    str, Path(max_length=128, pattern=r"^[^\x00]+$", description="ID of a plan: sha256: and 64 hexadecimal digits.")
]


@router.get("", response_model=models.Page[models.Plan], responses=STREAMS)
def plans(at: InScope, account: Account, asked: Asked) -> models.Page[models.Plan] | Response:
    """Return the stored plans of a tenant, the newest first."""
    return PLANS.send(partial(at.tenant, account), PLANS.by_pages(_read), asked)


@router.get("/{id}")
def plan(at: InScope, account: Account, id: PlanId) -> models.Plan:  # noqa: A002 -- the name of the parameter
    """Return a stored plan, and whether it can still be applied."""
    with at.tenant(account) as (connection, tenant):
        return _plan(find(connection, tenant, id))


@router.post(
    "/{id}/approval",
    response_model=models.Verdict,
    openapi_extra=described_body(models.ApprovalRequest),
    responses=BODY_PROBLEMS,
)
async def approval(
    at: InScope,
    account: Account,
    id: PlanId,  # noqa: A002 -- the name of the parameter
    request: Request,
) -> models.Verdict | Response:
    """Return why a plan could not be applied if an assignment approved it. Approves nothing."""

    def judge() -> models.Verdict:
        with refusing():
            spec = parsed(content, models.ApprovalRequest).spec
            declared = declarations_of(request).assignment(at.tenant_name(account), spec)
        with at.tenant(account) as (connection, _):
            obstacle = find_approval_obstacle(connection, replace(declared, approved_plan=id))
        if obstacle is None:
            return models.Verdict()
        return models.Verdict(reason=type(obstacle).__name__, obstacle=str(obstacle))

    async with body_of(request, at.work) as content:
        return await at.work.run(judge)


def find(connection: Connection, tenant: TenantEntry, id_: str) -> StoredPlan:
    """Return a stored plan of a tenant.

    Raises:
        ProblemError: the tenant has no plan of this id.
    """
    found = stored_plans.find(connection, tenant.organization_id, id_)
    if found is None:
        raise not_found(f"Tenant {tenant.account} has no plan {id_}: GET …/plans lists its plans.")
    return found


def _read(connection: Connection, tenant: TenantEntry, after: Key | None, limit: int) -> list[models.Plan]:
    before = str(after[0]) if after else None
    return [_plan(each) for each in stored_plans.listed(connection, tenant.organization_id, before=before, limit=limit)]


def _plan(stored: StoredPlan) -> models.Plan:
    undoes = stored.restored is not None
    return models.Plan(
        id=stored.id,
        kind="undo" if undoes else "update",
        price_list=stored.price_list,
        revision=stored.update.revision,
        digest=stored.target_digest,
        mode=None if undoes else stored.update.mode.value,
        sell_prices=not undoes and stored.update.sell_prices,
        names=not undoes and stored.update.names,
        restored_run=stored.restored,
        newest_run=stored.newest,
        watermark=stored.watermark,
        changes=stored.changes,
        below_cost=stored.below_cost,
        unpriced=stored.unpriced,
        overrides_kept=stored.overrides_kept,
        planned_at=stored.planned_at,
        live=stored.live,
        moved=None if stored.moved is None else str(stored.moved),
    )


def _key(plan: models.Plan) -> Key:
    return (plan.id,)


def _flat(plan: models.Plan) -> Mapping[str, object]:
    return showing.flat(plan) | plan.changes.as_json()


PLANS: Final = Listing[models.Plan](
    key=_key,
    types=(str,),
    columns=(*showing.columns(models.Plan, "changes"), *showing.CHANGE_COLUMNS),
    flat=_flat,
)
