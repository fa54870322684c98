"""Updates of a tenant's catalogue: one row per run, written under a lock; an undo restores an earlier run."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Self
from uuid import UUID

from sqlalchemy import Connection, RowMapping

from twotier.bss.catalogue.runs.changes import NO_CHANGES, Changes
from twotier.bss.catalogue.runs.obstacles import (
    CatalogueMoved,
    HasCatalogue,
    NoCatalogue,
    NotRestorable,
    RunInForce,
    RunRefusedError,
)
from twotier.bss.sql import statements

_SQL: Final = statements(__name__)


class Mode(StrEnum):
    """What an update transfers."""

    FULL = "Full"
    """All that the list says: new and discontinued offers, descriptions, activity, relations, and cost."""
    PARTIAL = "Partial"
    """Changes of the cost alone, and what the options add."""

    @classmethod
    def of(cls, is_full: bool) -> Self:  # noqa: FBT001 -- as the database has it
        """Return the mode that a row tells by its column is_full."""
        return cls("Full" if is_full else "Partial")


@dataclass(frozen=True, slots=True)
class Update:
    """What is to be applied to a tenant's catalogue.

    The options overwrite the sell prices and the names of all inherited products, overrides included.
    """

    price_list_id: int
    revision: int
    mode: Mode = Mode.FULL
    sell_prices: bool = False
    names: bool = False

    @classmethod
    def of_row(cls, row: RowMapping) -> Self:
        """Read an update from a row with the columns that `parameters` names."""
        mode = Mode.of(row["is_full"])
        return cls(row["price_list_id"], row["revision"], mode, row["sell_prices"], row["names"])

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
    """Through what the field was set that asks for a run, where somebody must set it, and when.

    Attributes:
        by: the field manager, such as "kustomize-controller": a name that whoever set it chose, and no proof of a user.
        at: when it was set; aware.
    """

    by: str | None = None
    at: datetime | None = None


NOBODY: Final = Asked()
"""Asked for a run that follows from the declaration alone."""


@dataclass(frozen=True, slots=True)
class Request:
    """How a run comes about, as the log keeps it.

    Attributes:
        resource: that asks for it, such as "PriceListAssignment sales/meltemi".
        started_at: when the work on it began; aware.
        finished_at: its end; None where it takes no time.
        asked: who approved the plan or asked for the undo, where somebody had to.
    """

    resource: str
    started_at: datetime
    finished_at: datetime | None = None
    asked: Asked = NOBODY

    def parameters(self) -> dict[str, object]:
        """Return what statements that write the log call its parts."""
        return {
            "requested_by": self.resource,
            "started_at": self.started_at,
            "finished_at": self.finished_at or self.started_at,
            "asked_by": self.asked.by,
            "asked_at": self.asked.at,
        }


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
    """Version of the newest override; 0 if there is none."""
    structure_number: int
    structure: Pin
    cost: Pin
    sell_prices: Pin
    names: Pin


def write_first_update(
    connection: Connection,
    organization_id: UUID,
    price_list_id: int,
    revision: int,
    request: Request,
    *,
    changes: Changes = NO_CHANGES,
) -> Run:
    """Give a tenant its catalogue: a full update with sell prices and names, whatever is declared for later ones.

    Args:
        connection: in a transaction of the operator.
        organization_id: the tenant.
        price_list_id: the list that it gets.
        revision: an accepted revision of the list.
        request: for the log.
        changes: counts for the log.

    Raises:
        RunRefusedError: the tenant has a catalogue already.
    """
    number = connection.execute(
        _SQL["write_first_update"],
        {
            "organization_id": organization_id,
            "price_list_id": price_list_id,
            "revision": revision,
            **request.parameters(),
            "changes": _counts(changes),
        },
    ).scalar_one_or_none()
    if number is None:
        raise RunRefusedError(HasCatalogue())
    return Run(organization_id, number)


def write_update(
    connection: Connection,
    organization_id: UUID,
    update: Update,
    request: Request,
    *,
    expected_newest: int,
    plan_id: str | None = None,
    watermark: int | None = None,
    changes: Changes = NO_CHANGES,
) -> Run:
    """Write an update of one tenant; see `write_updates` for the arguments.

    Raises:
        RunRefusedError: the tenant has no catalogue, or its newest run is not the expected one.
    """
    expected = {organization_id: expected_newest}
    runs = write_updates(connection, expected, update, request, plan_id=plan_id, watermark=watermark, changes=changes)
    if not runs:
        raise _moved(connection, organization_id, expected_newest)
    return runs[0]


def write_updates(
    connection: Connection,
    expected_newest: Mapping[UUID, int],
    update: Update,
    request: Request,
    *,
    plan_id: str | None = None,
    watermark: int | None = None,
    changes: Changes = NO_CHANGES,
) -> list[Run]:
    """Write one update of any number of tenants in one statement.

    Args:
        connection: in a transaction of the operator.
        expected_newest: the tenants, each with the number of its newest run as the caller knows it.
        update: what is applied.
        request: for the log.
        plan_id: the stored plan that was approved, if one had to be.
        watermark: the options displace overrides up to this version, and later ones survive; None for all there are.
        changes: counts for the log.

    Returns:
        One run for each tenant that was where the caller thought it was; the others are left as they are.
    """
    rows = connection.execute(
        _SQL["write_updates"],
        {
            "organization_ids": list(expected_newest),
            "expected_newest": list(expected_newest.values()),
            **update.parameters(),
            "watermark": watermark,
            **request.parameters(),
            "plan_id": plan_id,
            "changes": _counts(changes),
        },
    )
    return [Run(row.organization_id, row.number) for row in rows]


def write_undo(
    connection: Connection,
    organization_id: UUID,
    restored: int,
    request: Request,
    *,
    expected_newest: int,
    changes: Changes = NO_CHANGES,
    overrides_kept: int = 0,
) -> Run:
    """Restore a tenant's catalogue to what it was after an earlier run.

    Later runs never count again. Overrides that later runs displaced are in force again, and those that were set since
    stay.

    Args:
        connection: in a transaction of the operator.
        organization_id: the tenant.
        restored: number of an update before the run in force that was not undone.
        request: for the log.
        expected_newest: number of the newest run as the caller knows it.
        changes: counts for the log.
        overrides_kept: fields that the reseller has overridden since the restored run, for the log.

    Raises:
        RunRefusedError: the newest run is not the expected one, or that run is none to restore.
    """
    number = connection.execute(
        _SQL["write_undo"],
        {
            "organization_id": organization_id,
            "restored": restored,
            "expected_newest": expected_newest,
            **request.parameters(),
            "changes": _counts(changes),
            "overrides_kept": overrides_kept,
        },
    ).scalar_one_or_none()
    if number is not None:
        return Run(organization_id, number)
    found = state(connection, organization_id)
    if found is None or found.newest != expected_newest:
        raise _moved(connection, organization_id, expected_newest)
    raise RunRefusedError(RunInForce(restored) if restored == found.current else NotRestorable(restored))


def state(connection: Connection, organization_id: UUID) -> CatalogueState | None:
    """Return where a tenant's catalogue stands; None if it has none."""
    return states(connection, [organization_id]).get(organization_id)


def states(connection: Connection, organization_ids: Collection[UUID]) -> dict[UUID, CatalogueState]:
    """Return where the catalogues of many tenants stand, in one statement; tenants without one are missing."""
    rows = connection.execute(_SQL["find_states"], {"organization_ids": list(organization_ids)}).mappings()
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


def _moved(connection: Connection, organization_id: UUID, expected: int) -> RunRefusedError:
    found = state(connection, organization_id)
    return RunRefusedError(NoCatalogue() if found is None else CatalogueMoved(expected, found.newest))


def _counts(changes: Changes) -> str:
    return json.dumps(changes.by_name())
