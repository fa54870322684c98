"""Stored plans: what was shown to people, under ids that they approve.

A plan's id is a digest of everything that its result depends on, and the same in whatever database the tenant lies. Two
things do not make it worthless: newer revisions of the list, because the plan names its own, and overrides that are set
meanwhile, because they survive the run. Every run of the tenant does, for ever: the number of its newest run is in the
id, and no number comes back.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, RowMapping

from twotier.bss.catalogue.runs.changes import Changes
from twotier.bss.catalogue.runs.obstacles import CatalogueMoved, PlanApplied
from twotier.bss.catalogue.runs.planning import Plan
from twotier.bss.catalogue.runs.updates import Update
from twotier.bss.obstacle import Obstacle
from twotier.bss.sql import statements

_SQL: Final = statements(__name__)


@dataclass(frozen=True, slots=True)
class StoredPlan:
    """A plan as it was shown, and where the tenant stands now.

    Attributes:
        id: what an approval names: "sha256:" and 64 hexadecimal digits.
        update: what it would apply; of an undo, what the restored run applied.
        restored: the run that an undo would restore; None for an update.
        price_list: name of the list that it leads to.
        target_digest: of the content of the revision that it leads to.
        newest: number of the tenant's newest run when it was planned.
        watermark: version of the newest override when it was planned: later ones survive.
        overrides_kept: of an undo: fields that the reseller had overridden since the restored run.
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
    overrides_kept: int
    planned_at: datetime
    tenant_newest: int
    applied_as: int | None

    @property
    def live(self) -> bool:
        """Whether it can still be applied."""
        return self.newest == self.tenant_newest

    @property
    def moved(self) -> Obstacle | None:
        """Why it can no longer be applied; None while it can."""
        if self.applied_as is not None:
            return PlanApplied(self.applied_as)
        return None if self.live else CatalogueMoved(self.newest, self.tenant_newest)


def plan_id(plan: Plan, price_list_key: UUID, target_digest: str) -> str:
    """Return the id of a plan.

    Args:
        plan: the result that the id stands for.
        price_list_key: of the list that it leads to, the same in every database.
        target_digest: of the content of the revision that it leads to.
    """
    return _id_of(
        plan.organization_id,
        plan.update,
        price_list_key,
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
    price_list_key, target_digest = _target(connection, plan.update)
    id_ = plan_id(plan, price_list_key, target_digest)
    connection.execute(
        _SQL["record_plan"],
        {
            "organization_id": plan.organization_id,
            "id": id_,
            "newest": plan.newest,
            "watermark": plan.watermark,
            **plan.update.parameters(),
            "target_digest": target_digest,
            "restored": plan.restored,
            "overrides_kept": plan.overrides_kept,
            "changes": json.dumps(plan.changes.by_name()),
            "below_cost": plan.below_cost,
            "unpriced": plan.unpriced,
            "now": now,
        },
    )
    return id_


def find(connection: Connection, organization_id: UUID, id_: str) -> StoredPlan | None:
    """Return a plan of a tenant, live or not; None if the tenant has none of this id."""
    parameters = {"organization_id": organization_id, "id": id_}
    row = connection.execute(_SQL["find_plan"], parameters).mappings().first()
    return None if row is None else _stored(row)


def known(connection: Connection, organization_id: UUID, update: Update, *, newest: int, watermark: int) -> Plan | None:
    """Return what planning an update would return, where that was stored; None where it was not.

    Args:
        newest: number of the tenant's newest run.
        watermark: version of the newest override.
    """
    key, digest = _target(connection, update)
    id_ = _id_of(organization_id, update, key, digest, newest=newest, watermark=watermark, restored=None)
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
    return bool(connection.execute(_SQL["is_of_another_tenant"], parameters).scalar_one())


def newest_run(connection: Connection, organization_id: UUID) -> int:
    """Return the number of the newest run of a tenant that has a catalogue, and keep it until the transaction ends."""
    return int(connection.execute(_SQL["lock_catalogue"], {"organization_id": organization_id}).scalar_one())


def is_good_after(connection: Connection, stored: StoredPlan, newest: int) -> bool:
    """Tell whether planning the same after a run would have the result that was stored.

    What an id stands for was stored with it: ids that were made otherwise, before lists had keys, stay good, too.
    """
    _, target_digest = _target(connection, stored.update)
    return (stored.newest, stored.target_digest) == (newest, target_digest)


def _id_of(
    organization_id: UUID,
    update: Update,
    price_list_key: UUID,
    target_digest: str,
    *,
    newest: int,
    watermark: int,
    restored: int | None,
) -> str:
    depends_on = (
        str(organization_id),
        str(price_list_key),
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


def _target(connection: Connection, update: Update) -> tuple[UUID, str]:
    """Return the key of the list that an update leads to, and the digest of the revision's content."""
    parameters = {"price_list_id": update.price_list_id, "revision": update.revision}
    found = connection.execute(_SQL["find_target"], parameters).one()
    return found.key, found.digest


def _listed(
    connection: Connection, organization_id: UUID, *, live_only: bool, before: str | None, limit: int
) -> list[StoredPlan]:
    parameters = {"organization_id": organization_id, "live_only": live_only, "before_id": before, "limit": limit}
    rows = connection.execute(_SQL["list_plans"], parameters).mappings()
    return [_stored(row) for row in rows]


def _stored(row: RowMapping) -> StoredPlan:
    return StoredPlan(
        id=row["id"],
        organization_id=row["organization_id"],
        update=Update.of_row(row),
        restored=row["restored"],
        price_list=row["price_list"],
        target_digest=row["target_digest"],
        newest=row["newest"],
        watermark=row["watermark"],
        changes=Changes(**row["changes"]),
        below_cost=row["below_cost"],
        unpriced=row["unpriced"],
        overrides_kept=row["overrides_kept"],
        planned_at=row["planned_at"],
        tenant_newest=row["tenant_newest"],
        applied_as=row["applied_as"],
    )
