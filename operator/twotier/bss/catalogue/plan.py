"""What an update would change: counts, and rows for those who look closer. Nothing is written."""

from dataclasses import dataclass, fields
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Connection, RowMapping

from twotier.bss.catalogue.updates import Mode, Update, UpdateRefusedError
from twotier.bss.sql import statement


@dataclass(frozen=True, slots=True)
class Changes:
    """How many offers an update changes, by kind of change, and by field among those that the tenant had before.

    Counted is what comes down from the distributor, also where a value of the reseller's own hides it.
    """

    added: int = 0
    returned: int = 0
    """Discontinued before, offered again."""
    discontinued: int = 0
    changed: int = 0
    """Neither added nor returned nor discontinued, but changed in a field or more."""
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

    def by_name(self) -> dict[str, int]:
        """Return the counts that are not zero."""
        counts = {field.name: int(getattr(self, field.name)) for field in fields(self)}
        return {name: count for name, count in counts.items() if count}


@dataclass(frozen=True, slots=True)
class Plan:
    """What an update would do to a tenant that has not moved since."""

    organization_id: UUID
    update: Update
    newest: int
    """Number of the tenant's newest run when this was planned."""
    watermark: int
    """Version of the newest value that the reseller had set himself: later ones survive the update."""
    changes: Changes
    below_cost: int
    """Offers that it adds, returns or changes and that would sell below their cost."""
    unpriced: int
    """Offers that it adds or returns without a sell price: they stay unpublished until the reseller prices them."""

    @property
    def empty(self) -> bool:
        """Whether the update would change nothing."""
        return self.changes == Changes()


class ChangeKind(StrEnum):
    """What an update does to an offer."""

    ADDED = "added"
    RETURNED = "returned"
    DISCONTINUED = "discontinued"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class PlanEntry:
    """An offer that an update would change."""

    sku: str
    unit: str
    kind: ChangeKind
    changed: frozenset[str]
    """Fields that change, named as in `Changes`."""
    old_cost: Decimal | None
    """None for an offer that is added."""
    new_cost: Decimal | None
    """None for an offer that the revision does not contain: it keeps its cost."""


def plan(connection: Connection, organization_id: UUID, update: Update) -> Plan:
    """Count what an update would change in a tenant's catalogue.

    Args:
        connection: in a transaction of the operator.
        organization_id: the tenant.
        update: as it would be applied.

    Raises:
        UpdateRefusedError: the tenant has no catalogue yet.
    """
    row = connection.execute(statement("catalogue/plan.sql"), _parameters(organization_id, update)).mappings().first()
    if row is None:
        raise UpdateRefusedError.without_catalogue(organization_id)
    return Plan(
        organization_id=organization_id,
        update=update,
        newest=row["last_number"],
        watermark=row["watermark"],
        changes=Changes(**{field.name: row[field.name] for field in fields(Changes)}),
        below_cost=row["below_cost"],
        unpriced=row["unpriced"],
    )


def entries(connection: Connection, organization_id: UUID, update: Update, *, limit: int) -> list[PlanEntry]:
    """Return the first offers that an update would change, ordered by SKU and unit; see `plan`."""
    parameters = {**_parameters(organization_id, update), "limit": limit}
    return [_entry(row) for row in connection.execute(statement("catalogue/entries.sql"), parameters).mappings()]


def _parameters(organization_id: UUID, update: Update) -> dict[str, object]:
    return {
        "organization_id": organization_id,
        "price_list_id": update.price_list_id,
        "revision": update.revision,
        "is_full": update.mode is Mode.FULL,
        "sell_prices": update.sell_prices,
        "names": update.names,
    }


_FIELDS = ("cost", "tiers", "sell_price", "name", "description", "activity", "other")


def _entry(row: RowMapping) -> PlanEntry:
    return PlanEntry(
        sku=row["sku"],
        unit=row["unit"],
        kind=ChangeKind(row["kind"]),
        changed=frozenset(name for name in _FIELDS if row[name]),
        old_cost=row["old_cost"],
        new_cost=row["new_cost"],
    )
