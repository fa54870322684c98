"""What an update or an undo would change, counted. Nothing is written; `entries` has the rows."""

from dataclasses import dataclass, fields, replace
from uuid import UUID

from sqlalchemy import Connection, RowMapping

from twotier.bss.catalogue.runs.updates import Mode, Update, UpdateRefusedError
from twotier.bss.sql import statement


@dataclass(frozen=True, slots=True)
class Changes:
    """How many offers a run changes, by kind of change, and by field among those that the tenant has before and after.

    Counted is what comes down from the distributor, also where a value of the reseller's own hides it.
    """

    added: int = 0
    returned: int = 0
    """Discontinued before, offered again."""
    discontinued: int = 0
    removed: int = 0
    """By an undo: they arrived after the run that it goes back to, and are as if they had never come."""
    changed: int = 0
    """Only changed, in a field or more."""
    cost: int = 0
    tiers: int = 0
    sell_price: int = 0
    name: int = 0
    description: int = 0
    activity: int = 0
    other: int = 0
    """Product type, charge type or kind."""
    relations: int = 0
    """Relations between products, not offers."""
    sell_prices_displaced: int = 0
    """Sell prices and margins of the reseller's own that the option overwrites."""
    names_displaced: int = 0
    """Names of the reseller's own that the option overwrites."""
    sell_prices_brought_back: int = 0
    """Sell prices and margins of the reseller's own that an update had overwritten and that an undo puts in force."""
    names_brought_back: int = 0
    """Names of the reseller's own that an update had overwritten and that an undo puts in force."""

    def by_name(self) -> dict[str, int]:
        """Return the counts that are not zero."""
        counts = {field.name: int(getattr(self, field.name)) for field in fields(self)}
        return {name: count for name, count in counts.items() if count}


@dataclass(frozen=True, slots=True)
class Plan:
    """What an update, or an undo, would do to a tenant that has not moved since."""

    organization_id: UUID
    update: Update
    """What is to be applied; of an undo, what the run had applied that it goes back to."""
    newest: int
    """Number of the tenant's newest run when this was planned."""
    watermark: int
    """Version of the newest value that the reseller had set himself: later ones survive."""
    changes: Changes
    below_cost: int
    """Offers that it adds, returns or changes and that would be sold below their cost."""
    unpriced: int
    """Offers that it adds or returns without a sell price: they stay unpublished until the reseller prices them."""
    restored: int | None = None
    """The run that an undo goes back to; None for an update."""
    own_values_kept: int = 0
    """Fields in which the reseller set something since that run: an undo leaves them as he has them."""

    @property
    def empty(self) -> bool:
        """Whether nothing would change."""
        return self.changes == Changes()


def plan(connection: Connection, organization_id: UUID, update: Update) -> Plan:
    """Count what an update would change in a tenant's catalogue.

    Args:
        connection: in a transaction of the operator.
        organization_id: the tenant.
        update: as it would be applied.

    Raises:
        UpdateRefusedError: the tenant has no catalogue yet.
    """
    parameters = {"organization_id": organization_id, **update.parameters()}
    row = connection.execute(statement("catalogue/runs/plan.sql"), parameters).mappings().first()
    if row is None:
        raise UpdateRefusedError.without_catalogue()
    return _plan(organization_id, update, row)


def plan_restore(connection: Connection, organization_id: UUID, run: int) -> Plan:
    """Count what an undo would change in a tenant's catalogue that goes back to a run.

    Args:
        connection: in a transaction of the operator.
        organization_id: the tenant.
        run: an update that counts; that of the run in force changes nothing.

    Raises:
        UpdateRefusedError: there is no such run to go back to.
    """
    parameters = {"organization_id": organization_id, "run": run}
    row = connection.execute(statement("catalogue/runs/plan_restore.sql"), parameters).mappings().first()
    if row is None:
        raise UpdateRefusedError(f"run {run} is not one to go back to: choose an update that was not undone")
    mode = Mode.FULL if row["is_full"] else Mode.PARTIAL
    update = Update(row["price_list_id"], row["revision"], mode, row["sell_prices"], row["names"])
    return replace(_plan(organization_id, update, row), restored=run, own_values_kept=row["own_values_kept"])


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
