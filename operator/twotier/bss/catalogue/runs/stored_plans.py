"""Stored plans: what was shown to people, under ids that they approve, and their application.

A plan's id is a digest of everything that its result depends on. Two things do not make it worthless: newer revisions
of the list, because the plan names its own, and what the reseller sets meanwhile, because that survives the run. Every
run of the tenant does, for ever: the number of his newest run is in the id, and no number comes back.
"""

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, RowMapping, text

from twotier.bss.catalogue.runs.planning import Changes, Plan
from twotier.bss.catalogue.runs.updates import Asked, Mode, Run, Update, UpdateRefusedError, apply_update
from twotier.bss.sql import statement

_LOCK: Final = text("select last_number from catalogue_assignment where organization_id = :organization_id for update")
_DIGEST: Final = text(
    "select digest from price_list_revision where price_list_id = :price_list_id and revision = :revision"
)
_OF_ANOTHER_TENANT: Final = text(
    "select exists (select from catalogue_plan where id = :id and organization_id <> :organization_id)"
)


@dataclass(frozen=True, slots=True)
class StoredPlan:
    """A plan as it was shown, and where the tenant stands now.

    Attributes:
        id: what an approval names: "sha256:" and 64 hexadecimal digits.
        update: what it would apply; of a return to an earlier run, what that run applied.
        restored: the run that it would return to; None for an update.
        price_list: name of the list that it leads to.
        target_digest: of the content of the revision that it leads to.
        newest: number of the tenant's newest run when it was planned.
        watermark: version of the newest value that the reseller had set himself: later ones survive.
        own_values_kept: of a return to an earlier run: fields in which the reseller set something since.
        planned_at: when it was planned first.
        tenant_newest: number of the tenant's newest run now.
        applied_as: the run that it was applied as; None while it was not.
    """

    id: str
    organization_id: UUID
    update: Update
    restored: int | None
    price_list: str
    target_digest: str
    newest: int
    watermark: int
    changes: Changes
    below_cost: int
    unpriced: int
    own_values_kept: int
    planned_at: datetime
    tenant_newest: int
    applied_as: int | None

    @property
    def live(self) -> bool:
        """Whether it can still be applied."""
        return self.newest == self.tenant_newest

    @property
    def moved(self) -> str | None:
        """Say why it can no longer be applied; None while it can."""
        if self.applied_as is not None:
            return f"it was applied as run {self.applied_as}"
        if not self.live:
            return (
                f"the catalogue has moved to run {self.tenant_newest} since, and it was planned after run {self.newest}"
            )
        return None


def plan_id(plan: Plan, target_digest: str) -> str:
    """Return the id of a plan.

    Args:
        plan: the result that the id stands for.
        target_digest: of the content of the revision that it leads to.
    """
    return _id_of(
        plan.organization_id,
        plan.update,
        target_digest,
        newest=plan.newest,
        watermark=plan.watermark,
        restored=plan.restored,
    )


def record(connection: Connection, plan: Plan, *, now: datetime) -> str:
    """Store a plan that is about to be shown, unless it is known, and return its id; see `plan_id`.

    Args:
        connection: in a transaction of the operator.
        now: when it was planned.
    """
    target_digest = _digest(connection, plan.update)
    id_ = plan_id(plan, target_digest)
    connection.execute(
        statement("catalogue/runs/plan_record.sql"),
        {
            "organization_id": plan.organization_id,
            "id": id_,
            "newest": plan.newest,
            "watermark": plan.watermark,
            **plan.update.parameters(),
            "target_digest": target_digest,
            "restored": plan.restored,
            "own_values_kept": plan.own_values_kept,
            "changes": json.dumps(plan.changes.by_name()),
            "below_cost": plan.below_cost,
            "unpriced": plan.unpriced,
            "now": now,
        },
    )
    return id_


def find(connection: Connection, organization_id: UUID, id_: str) -> StoredPlan | None:
    """Return a plan of a tenant, live or not; None if it is none of his."""
    parameters = {"organization_id": organization_id, "id": id_}
    row = connection.execute(statement("catalogue/runs/plan_find.sql"), parameters).mappings().first()
    return None if row is None else _stored(row)


def known(connection: Connection, organization_id: UUID, update: Update, *, newest: int, watermark: int) -> Plan | None:
    """Return what planning an update would return, where that was stored; None where it was not.

    Args:
        newest: number of the tenant's newest run.
        watermark: version of the newest value that the reseller set himself.
    """
    digest = _digest(connection, update)
    id_ = _id_of(organization_id, update, digest, newest=newest, watermark=watermark, restored=None)
    stored = find(connection, organization_id, id_)
    if stored is None:
        return None
    return Plan(
        organization_id=organization_id,
        update=update,
        newest=newest,
        watermark=watermark,
        changes=stored.changes,
        below_cost=stored.below_cost,
        unpriced=stored.unpriced,
    )


def live(connection: Connection, organization_id: UUID, *, limit: int = 100) -> list[StoredPlan]:
    """Return the plans of a tenant that can still be applied, the newest first."""
    return _listed(connection, organization_id, live_only=True, before=None, limit=limit)


def listed(
    connection: Connection, organization_id: UUID, *, before: str | None = None, limit: int = 100
) -> list[StoredPlan]:
    """Return the plans of a tenant, the newest first.

    Args:
        before: id of the last plan of the page before; None for the first page.
        limit: of plans on the page.
    """
    return _listed(connection, organization_id, live_only=False, before=before, limit=limit)


def is_of_another_tenant(connection: Connection, organization_id: UUID, id_: str) -> bool:
    """Tell whether an id is that of a plan of some other tenant."""
    parameters = {"organization_id": organization_id, "id": id_}
    return bool(connection.execute(_OF_ANOTHER_TENANT, parameters).scalar_one())


def apply(
    connection: Connection,
    stored: StoredPlan,
    *,
    requested_by: str,
    asked: Asked,
    started_at: datetime,
    now: datetime,
) -> Run:
    """Apply a stored update: the tenant is locked, and the plan must still be what was approved.

    Args:
        connection: in a transaction of the operator.
        stored: an update, not a return to an earlier run.
        requested_by: the resource that asks for it, for the log.
        asked: who approved it, for the log.
        started_at: the beginning of the run, for the log.
        now: its end.

    Raises:
        UpdateRefusedError: the tenant has moved since; nothing was written.
    """
    newest = connection.execute(_LOCK, {"organization_id": stored.organization_id}).scalar_one()
    found = _id_of(
        stored.organization_id,
        stored.update,
        _digest(connection, stored.update),
        newest=newest,
        watermark=stored.watermark,
        restored=stored.restored,
    )
    if found != stored.id:
        raise UpdateRefusedError(
            f"plan {stored.id} is good after run {stored.newest}, and the catalogue has moved to run {newest}: "
            "approve a newer plan"
        )
    return apply_update(
        connection,
        stored.organization_id,
        stored.update,
        expected_newest=newest,
        requested_by=requested_by,
        asked=replace(asked, plan_id=stored.id),
        started_at=started_at,
        now=now,
        watermark=stored.watermark,
        changes=stored.changes.by_name(),
    )


def _id_of(
    organization_id: UUID, update: Update, target_digest: str, *, newest: int, watermark: int, restored: int | None
) -> str:
    depends_on = (
        str(organization_id),
        update.price_list_id,
        update.revision,
        target_digest,
        update.mode,
        update.sell_prices,
        update.names,
        newest,
        watermark,
        restored,
    )
    return f"sha256:{hashlib.sha256(json.dumps(depends_on).encode()).hexdigest()}"


def _digest(connection: Connection, update: Update) -> str:
    parameters = {"price_list_id": update.price_list_id, "revision": update.revision}
    return str(connection.execute(_DIGEST, parameters).scalar_one())


def _listed(
    connection: Connection, organization_id: UUID, *, live_only: bool, before: str | None, limit: int
) -> list[StoredPlan]:
    parameters = {"organization_id": organization_id, "live_only": live_only, "before_id": before, "limit": limit}
    rows = connection.execute(statement("catalogue/runs/plan_listed.sql"), parameters).mappings()
    return [_stored(row) for row in rows]


def _stored(row: RowMapping) -> StoredPlan:
    mode = Mode.FULL if row["is_full"] else Mode.PARTIAL
    return StoredPlan(
        id=row["id"],
        organization_id=row["organization_id"],
        update=Update(row["price_list_id"], row["revision"], mode, row["sell_prices"], row["names"]),
        restored=row["restored"],
        price_list=row["price_list"],
        target_digest=row["target_digest"],
        newest=row["newest"],
        watermark=row["watermark"],
        changes=Changes(**row["changes"]),
        below_cost=row["below_cost"],
        unpriced=row["unpriced"],
        own_values_kept=row["own_values_kept"],
        planned_at=row["planned_at"],
        tenant_newest=row["tenant_newest"],
        applied_as=row["applied_as"],
    )
