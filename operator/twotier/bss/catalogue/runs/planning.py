"""What an update or an undo would change, counted. Nothing is written; `reads.entries` has the rows."""

from dataclasses import dataclass, fields, replace
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, RowMapping

from twotier.bss.catalogue.runs.changes import NO_CHANGES, Changes
from twotier.bss.catalogue.runs.obstacles import NoCatalogue, NotRestorable, RunRefusedError
from twotier.bss.catalogue.runs.updates import Update
from twotier.bss.sql import statements

_SQL: Final = statements(__name__)


@dataclass(frozen=True, slots=True)
class Plan:
    """What an update, or an undo, would do to a tenant that has not moved since."""

    organization_id: UUID
    update: Update
    """What is to be applied; of an undo, what the restored run had applied."""
    newest: int
    """Number of the tenant's newest run when this was planned."""
    watermark: int
    """Version of the newest override when this was planned: later ones survive."""
    changes: Changes
    below_cost: int
    """Offers that it adds, returns or changes and that would be sold below their cost."""
    unpriced: int
    """Offers that it adds or returns without a sell price: they stay unpublished until the reseller prices them."""
    restored: int | None = None
    """The run that an undo restores; None for an update."""
    overrides_kept: int = 0
    """Fields that the reseller has overridden since the restored run: an undo leaves them as they are."""

    @property
    def empty(self) -> bool:
        """Whether nothing would change."""
        return self.changes == NO_CHANGES


def plan(connection: Connection, organization_id: UUID, update: Update) -> Plan:
    """Count what an update would change in a tenant's catalogue.

    Args:
        connection: in a transaction of the operator.
        organization_id: the tenant.
        update: as it would be applied.

    Raises:
        RunRefusedError: the tenant has no catalogue yet.
    """
    parameters = {"organization_id": organization_id, **update.parameters()}
    row = connection.execute(_SQL["count_update"], parameters).mappings().first()
    if row is None:
        raise RunRefusedError(NoCatalogue())
    return _plan(organization_id, update, row)


def plan_undo(connection: Connection, organization_id: UUID, restored: int) -> Plan:
    """Count what an undo would change in a tenant's catalogue.

    Args:
        connection: in a transaction of the operator.
        organization_id: the tenant.
        restored: number of an update that counts; that of the run in force changes nothing.

    Raises:
        RunRefusedError: there is no such run to restore.
    """
    parameters = {"organization_id": organization_id, "run": restored}
    row = connection.execute(_SQL["count_undo"], parameters).mappings().first()
    if row is None:
        raise RunRefusedError(NotRestorable(restored))
    planned = _plan(organization_id, Update.of_row(row), row)
    return replace(planned, restored=restored, overrides_kept=row["overrides_kept"])


def _plan(organization_id: UUID, update: Update, row: RowMapping) -> Plan:
    return Plan(
        organization_id=organization_id,
        update=update,
        newest=row["newest"],
        watermark=row["watermark"],
        changes=Changes(**{field.name: row.get(field.name, 0) for field in fields(Changes)}),
        below_cost=row["below_cost"],
        unpriced=row["unpriced"],
    )
