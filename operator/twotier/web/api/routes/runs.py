"""The Update Tenant Log."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Final

from fastapi import Response
from sqlalchemy import Connection

from twotier.bss.catalogue.runs import log
from twotier.bss.catalogue.runs.eligibility import undo_obstacle
from twotier.bss.catalogue.runs.log import LogEntry, Position
from twotier.bss.directory.lookups import TenantEntry
from twotier.web.api import models, showing
from twotier.web.api.listing import STREAMS, Asked, Listing
from twotier.web.api.paging import Key
from twotier.web.api.routing import Router
from twotier.web.api.scope import NOT_FOUND, Account, InScope, RunNumber
from twotier.web.shared.problems import not_found

router = Router(prefix="/tenants/{account}/runs", tags=["runs"], responses=NOT_FOUND)


@router.get("", response_model=models.Page[models.Run], responses=STREAMS)
def runs(at: InScope, account: Account, asked: Asked) -> models.Page[models.Run] | Response:
    """Return the Update Tenant Log, the newest first: runs and attempts."""
    return RUNS.send(partial(at.tenant, account), RUNS.by_pages(_read), asked)


@router.get("/{number}")
def run(at: InScope, account: Account, number: RunNumber) -> models.Run:
    """Return one run."""
    with at.tenant(account) as (connection, tenant):
        found = log.run(connection, tenant.organization_id, number)
    if found is None:
        raise not_found(f"Tenant {account} has no run {number}: GET …/runs lists its runs.")
    return _run(found)


def _read(connection: Connection, tenant: TenantEntry, after: Key | None, limit: int) -> list[models.Run]:
    before = Position(*map(int, after)) if after else None
    return [_run(entry) for entry in log.runs(connection, tenant.organization_id, before=before, limit=limit)]


def _run(entry: LogEntry) -> models.Run:
    before, after = entry.before, entry.after
    return models.Run(
        position=str(entry.position),
        number=entry.position.run if entry.position.attempt == 0 else None,
        kind="update" if entry.restored is None else "undo",
        outcome=models.Outcome(entry.outcome.value.title()),
        reason=entry.reason,
        message=entry.message,
        requested_by=entry.requested_by,
        requested_at=entry.started_at,
        asked_by=entry.asked.by,
        asked_at=entry.asked.at,
        duration_milliseconds=max(0, entry.duration // timedelta(milliseconds=1)),
        plan=entry.plan_id,
        price_list=after and after.price_list,
        revision=after and after.revision,
        from_price_list=before and before.price_list,
        from_revision=before and before.revision,
        mode=entry.mode and entry.mode.value,
        sell_prices=entry.sell_prices,
        names=entry.names,
        restored_run=entry.restored,
        undone_by=entry.undone_by,
        undo_obstacle=_undo_obstacle(entry),
        in_force=entry.in_force,
        overrides_kept=entry.overrides_kept,
        changes=entry.changes,
    )


def _undo_obstacle(entry: LogEntry) -> str | None:
    """An attempt is not a run, so it cannot be restored."""
    if entry.position.attempt:
        return None
    obstacle = undo_obstacle(entry.position.run, entry)
    return None if obstacle is None else str(obstacle)


def _key(run: models.Run) -> Key:
    return tuple(Position.parse(run.position))


def _flat(run: models.Run) -> Mapping[str, object]:
    return showing.flat(run) | run.changes.as_json()


RUNS: Final = Listing[models.Run](
    key=_key,
    types=(int, int),
    columns=(*showing.columns(models.Run, "changes"), *showing.CHANGE_COLUMNS),
    flat=_flat,
)
