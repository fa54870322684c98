"""Updates of a tenant's catalogue: one row a run, applied under a lock, undone by going back to an earlier run."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, RowMapping

from twotier.bss.sql import statement

NOTHING_COUNTED: Final[Mapping[str, int]] = MappingProxyType({})
ALL_OVERRIDES: Final = 2**31 - 1


class Mode(StrEnum):
    """What an update transfers."""

    FULL = "Full"
    """All that the list says: new and discontinued offers, descriptions, activity, relations, and cost."""
    PARTIAL = "Partial"
    """Changes of the cost alone, and what the options add."""


@dataclass(frozen=True, slots=True)
class Update:
    """What is to be applied to a tenant's catalogue.

    The options overwrite the sell prices and the names of all inherited products, the reseller's own ones included.
    """

    price_list_id: int
    revision: int
    mode: Mode = Mode.FULL
    sell_prices: bool = False
    names: bool = False

    def parameters(self) -> dict[str, object]:
        """Return what statements about updates call its parts."""
        return {
            "price_list_id": self.price_list_id,
            "revision": self.revision,
            "is_full": self.mode is Mode.FULL,
            "sell_prices": self.sell_prices,
            "names": self.names,
        }


@dataclass(frozen=True, slots=True)
class Asked:
    """Who set the field that asks for a run, where somebody must, and when.

    Attributes:
        by: the field manager, such as "kustomize-controller".
        at: when it was set; aware.
        plan_id: the stored plan that he approved.
    """

    by: str | None = None
    at: datetime | None = None
    plan_id: str | None = None


NOBODY: Final = Asked()
"""Asked for a run that follows from the declaration alone."""


@dataclass(frozen=True, slots=True)
class Run:
    """An update or an undo that was written to the tenant's log."""

    organization_id: UUID
    number: int


@dataclass(frozen=True, slots=True)
class Pin:
    """A revision of a list that columns of the catalogue come from."""

    price_list_id: int
    revision: int


@dataclass(frozen=True, slots=True)
class CatalogueState:
    """Where a tenant's catalogue stands."""

    newest: int
    """Number of the newest run, undos included: it changes whenever the catalogue moves, and never comes back."""
    current: int
    """Number of the run whose result is in force."""
    newest_override: int
    """Version of the newest value that the reseller set himself; 0 if he set none."""
    structure_number: int
    structure: Pin
    cost: Pin
    sell_prices: Pin
    names: Pin


class UpdateRefusedError(Exception):
    """The catalogue is not where the caller thinks it is; nothing was written. Observe it again and decide anew.

    Messages do not name the tenant: who asks calls him by a name that people know.
    """

    @classmethod
    def without_catalogue(cls) -> "UpdateRefusedError":
        """Return the refusal of what needs a first update before."""
        return cls("the tenant has no catalogue yet: its first update makes it")


def first_update(
    connection: Connection,
    organization_id: UUID,
    price_list_id: int,
    revision: int,
    *,
    requested_by: str,
    now: datetime,
    started_at: datetime | None = None,
    changes: Mapping[str, int] = NOTHING_COUNTED,
) -> Run:
    """Give a tenant its catalogue: a full update with sell prices and names, whatever is declared for later ones.

    Args:
        connection: in a transaction of the operator.
        organization_id: the tenant.
        price_list_id: the list that it gets.
        revision: an accepted revision of the list.
        requested_by: the resource that asks for it, for the log.
        now: the end of the run, for the log.
        started_at: its beginning; `now` when left out.
        changes: counts for the log, by name.

    Raises:
        UpdateRefusedError: the tenant has a catalogue already.
    """
    number = connection.execute(
        statement("catalogue/runs/first.sql"),
        {
            "organization_id": organization_id,
            "price_list_id": price_list_id,
            "revision": revision,
            "requested_by": requested_by,
            "started_at": started_at or now,
            "now": now,
            "changes": json.dumps(dict(changes)),
        },
    ).scalar_one_or_none()
    if number is None:
        raise UpdateRefusedError("the tenant has a catalogue already: apply an update to it instead")
    return Run(organization_id, number)


def apply_update(
    connection: Connection,
    organization_id: UUID,
    update: Update,
    *,
    expected_newest: int,
    requested_by: str,
    now: datetime,
    started_at: datetime | None = None,
    asked: Asked = NOBODY,
    watermark: int = ALL_OVERRIDES,
    changes: Mapping[str, int] = NOTHING_COUNTED,
) -> Run:
    """Apply an update to one tenant; see `apply_to_many`.

    Raises:
        UpdateRefusedError: the tenant has no catalogue, or its newest run is not the expected one.
    """
    runs = apply_to_many(
        connection,
        {organization_id: expected_newest},
        update,
        requested_by=requested_by,
        now=now,
        started_at=started_at,
        asked=asked,
        watermark=watermark,
        changes=changes,
    )
    if not runs:
        raise _moved(connection, organization_id, expected_newest)
    return runs[0]


def apply_to_many(
    connection: Connection,
    expected_newest: Mapping[UUID, int],
    update: Update,
    *,
    requested_by: str,
    now: datetime,
    started_at: datetime | None = None,
    asked: Asked = NOBODY,
    watermark: int = ALL_OVERRIDES,
    changes: Mapping[str, int] = NOTHING_COUNTED,
) -> list[Run]:
    """Apply one update to any number of tenants in one statement.

    Args:
        connection: in a transaction of the operator.
        expected_newest: the tenants, each with the number of its newest run as the caller knows it.
        update: what is applied.
        requested_by: the resource that asks for it, for the log.
        now: the end of the run, for the log.
        started_at: its beginning; `now` when left out.
        asked: who approved it, for the log.
        watermark: the options displace the reseller's own values up to this version; later ones survive.
        changes: counts for the log, by name.

    Returns:
        One run for each tenant that was where the caller thought it was; the others are left as they are.
    """
    rows = connection.execute(
        statement("catalogue/runs/apply.sql"),
        {
            "organization_ids": list(expected_newest),
            "expected_newest": list(expected_newest.values()),
            **update.parameters(),
            "watermark": watermark,
            "requested_by": requested_by,
            "plan_id": asked.plan_id,
            "asked_by": asked.by,
            "asked_at": asked.at,
            "started_at": started_at or now,
            "now": now,
            "changes": json.dumps(dict(changes)),
        },
    )
    return [Run(row.organization_id, row.number) for row in rows]


def undo(
    connection: Connection,
    organization_id: UUID,
    run: int,
    *,
    expected_newest: int,
    requested_by: str,
    now: datetime,
    started_at: datetime | None = None,
    asked: Asked = NOBODY,
    changes: Mapping[str, int] = NOTHING_COUNTED,
    own_values_kept: int = 0,
) -> Run:
    """Put a tenant's catalogue back to what it was after an earlier run.

    Later runs never count again. Of the reseller's own values, those that later runs displaced are back, and those that
    he set since stay. See `apply_to_many` for what the log keeps.

    Raises:
        UpdateRefusedError: the newest run is not the expected one, or there is no such run to go back to.
    """
    number = connection.execute(
        statement("catalogue/runs/undo.sql"),
        {
            "organization_id": organization_id,
            "restored": run,
            "expected_newest": expected_newest,
            "requested_by": requested_by,
            "asked_by": asked.by,
            "asked_at": asked.at,
            "started_at": started_at or now,
            "now": now,
            "changes": json.dumps(dict(changes)),
            "own_values_kept": own_values_kept,
        },
    ).scalar_one_or_none()
    if number is not None:
        return Run(organization_id, number)
    found = state(connection, organization_id)
    if found is None or found.newest != expected_newest:
        raise _moved(connection, organization_id, expected_newest)
    if run == found.current:
        raise UpdateRefusedError(f"run {run} is in force already: there is nothing to undo")
    raise UpdateRefusedError(
        f"run {run} is not one to go back to: choose an update before run {found.current} that was not undone"
    )


def state(connection: Connection, organization_id: UUID) -> CatalogueState | None:
    """Return where a tenant's catalogue stands; None if it has none."""
    return states(connection, [organization_id]).get(organization_id)


def states(connection: Connection, organization_ids: Collection[UUID]) -> dict[UUID, CatalogueState]:
    """Return where the catalogues of many tenants stand, in one statement; tenants without one are missing."""
    rows = connection.execute(
        statement("catalogue/runs/state.sql"), {"organization_ids": list(organization_ids)}
    ).mappings()
    return {row["organization_id"]: _state(row) for row in rows}


def _state(row: RowMapping) -> CatalogueState:
    def pin(columns: str) -> Pin:
        return Pin(row[f"{columns}_list"], row[f"{columns}_revision"])

    return CatalogueState(
        newest=row["last_number"],
        current=row["current"],
        newest_override=row["last_override"],
        structure_number=row["structure_number"],
        structure=pin("structure"),
        cost=pin("cost"),
        sell_prices=pin("sell"),
        names=pin("names"),
    )


def _moved(connection: Connection, organization_id: UUID, expected: int) -> UpdateRefusedError:
    found = state(connection, organization_id)
    if found is None:
        return UpdateRefusedError.without_catalogue()
    return UpdateRefusedError(
        f"the catalogue has moved: its newest run is {found.newest}, not {expected}. Look at it again and plan anew"
    )
