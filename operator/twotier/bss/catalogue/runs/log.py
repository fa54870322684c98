"""The Update Tenant Log: every run, and what was asked for in vain, as it was recorded; kept for ever."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, RowMapping

from twotier.bss.catalogue.runs.planning import Changes
from twotier.bss.catalogue.runs.updates import NOBODY, Asked, Mode, Update
from twotier.bss.sql import statement

PAGE: Final = 100


class Outcome(StrEnum):
    """How it ended."""

    APPLIED = "applied"
    REFUSED = "refused"
    FAILED = "failed"


class Position(NamedTuple):
    """Where an entry stands in a tenant's log.

    A run has its number, and 0; what was asked for in vain has the number of the run that was the newest then, and is
    counted from 1 behind it.
    """

    run: int
    attempt: int = 0

    def __str__(self) -> str:
        return str(self.run) if self.attempt == 0 else f"{self.run}.{self.attempt}"

    @classmethod
    def parse(cls, written: str) -> "Position":
        """Return what `str` has written.

        Raises:
            ValueError: it is no position.
        """
        run, _, attempt = written.partition(".")
        return cls(int(run), int(attempt or 0))


class Pinned(NamedTuple):
    """A revision of a price list, by its name."""

    price_list: str
    revision: int


@dataclass(frozen=True, slots=True)
class LogEntry:
    """A run, or what was asked for in vain.

    Attributes:
        reason: a word that programs match on, such as "CatalogueMoved"; None for what was applied. So is message.
        mode: of the update, or of the run that was restored. As far as it is known: so are the options, start and end.
        before: the revision that the newest run had led to.
        after: the revision that it led to, or would have.
        restored: the run that was, or was to be, restored; None for an update.
        undone_by: the run that went back to before this one.
        in_force: whether the catalogue is its result now.
        changes: counts when it was planned.
        own_values_kept: by an undo: fields in which the reseller had set something since the restored run.
        requested_by: the resource that asked for it.
        asked: who approved it or asked for the restore, where somebody had to.
        started_at: aware; so is finished_at.
    """

    position: Position
    outcome: Outcome
    reason: str | None
    message: str | None
    mode: Mode | None
    sell_prices: bool
    names: bool
    before: Pinned | None
    after: Pinned | None
    restored: int | None
    undone_by: int | None
    in_force: bool
    changes: Changes
    own_values_kept: int
    requested_by: str
    asked: Asked
    started_at: datetime
    finished_at: datetime

    @property
    def duration(self) -> timedelta:
        """How long it took."""
        return self.finished_at - self.started_at


@dataclass(frozen=True, slots=True)
class Attempt:
    """What was asked for in vain.

    Attributes:
        reason: a word that programs match on.
        message: what stood in the way, for people.
        update: what would have been applied, as far as it is known.
        restored: the run that was to be restored.
        plan_id: the plan that was approved.
    """

    outcome: Outcome
    reason: str
    message: str
    update: Update | None = None
    restored: int | None = None
    plan_id: str | None = None


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A run whose result is in force.

    Attributes:
        number: of the run, in the tenant's own sequence.
        revision: of the price list that it was applied from.
        price_list: name of the list that the catalogue has its structure of since.
        structure_revision: of that list.
        plan_id: the plan that was approved for it; None if it needed no approval.
    """

    number: int
    mode: Mode
    revision: int
    changes: Changes
    price_list: str
    structure_revision: int
    plan_id: str | None = None


def current_run(connection: Connection, organization_id: UUID) -> RunRecord:
    """Return the run that a tenant's catalogue is the result of; the tenant has a catalogue."""
    row = connection.execute(statement("catalogue/runs/current_run.sql"), {"organization_id": organization_id}).one()
    return RunRecord(
        number=row.number,
        mode=Mode.FULL if row.is_full else Mode.PARTIAL,
        revision=row.revision,
        changes=Changes(**row.changes),
        price_list=row.price_list,
        structure_revision=row.structure_revision,
        plan_id=row.plan_id,
    )


def runs(
    connection: Connection, organization_id: UUID, *, before: Position | None = None, limit: int = PAGE
) -> list[LogEntry]:
    """Return the log of a tenant, the newest first.

    Args:
        before: position of the last entry of the page before; None for the first page.
        limit: of entries on the page.
    """
    return _entries(connection, organization_id, only_run=None, before=before, limit=limit)


def run(connection: Connection, organization_id: UUID, number: int) -> LogEntry | None:
    """Return one run; None if the tenant has none of this number."""
    found = _entries(connection, organization_id, only_run=number, before=None, limit=1)
    return found[0] if found else None


def is_news(connection: Connection, organization_id: UUID, attempt: Attempt) -> bool:
    """Tell whether the newest entry of the log says something else: a sweep asks for the same again and again."""
    last = connection.execute(
        statement("catalogue/runs/log_last_attempt.sql"), {"organization_id": organization_id}
    ).one_or_none()
    same = (attempt.outcome, attempt.reason, attempt.message, attempt.plan_id, attempt.restored)
    return last is None or tuple(last) != same


def record_attempt(
    connection: Connection,
    organization_id: UUID,
    attempt: Attempt,
    *,
    requested_by: str,
    started_at: datetime,
    now: datetime,
    asked: Asked = NOBODY,
) -> None:
    """Record what was asked for in vain; nothing is recorded of a tenant without a catalogue.

    Args:
        connection: in a transaction of the operator.
        requested_by: the resource that asked for it.
        started_at: the beginning of the attempt.
        now: its end.
        asked: who approved it or asked for the restore.
    """
    update = attempt.update
    connection.execute(
        statement("catalogue/runs/log_record_attempt.sql"),
        {
            "organization_id": organization_id,
            "outcome": attempt.outcome,
            "reason": attempt.reason,
            "message": attempt.message,
            "price_list_id": update.price_list_id if update else None,
            "revision": update.revision if update else None,
            "is_full": update.mode is Mode.FULL if update else None,
            "sell_prices": update.sell_prices if update else None,
            "names": update.names if update else None,
            "restored": attempt.restored,
            "plan_id": attempt.plan_id,
            "requested_by": requested_by,
            "asked_by": asked.by,
            "asked_at": asked.at,
            "started_at": started_at,
            "now": now,
        },
    )


def _entries(
    connection: Connection, organization_id: UUID, *, only_run: int | None, before: Position | None, limit: int
) -> list[LogEntry]:
    parameters = {
        "organization_id": organization_id,
        "only_run": only_run,
        "before_run": before.run if before else None,
        "before_attempt": before.attempt if before else None,
        "limit": limit,
    }
    rows = connection.execute(statement("catalogue/runs/log_entries.sql"), parameters).mappings()
    return [_entry(row) for row in rows]


def _entry(row: RowMapping) -> LogEntry:
    position = Position(row["number"], row["attempt"])
    return LogEntry(
        position=position,
        outcome=Outcome(row["outcome"]),
        reason=row["reason"],
        message=row["message"],
        mode=None if row["is_full"] is None else Mode.FULL if row["is_full"] else Mode.PARTIAL,
        sell_prices=bool(row["sell_prices"]),
        names=bool(row["names"]),
        before=_pinned(row["from_price_list"], row["from_revision"]),
        after=_pinned(row["price_list"], row["revision"]),
        restored=row["restored"],
        undone_by=row["undone_by"],
        in_force=position == Position(row["current"]),
        changes=Changes(**row["changes"]),
        own_values_kept=row["own_values_kept"],
        requested_by=row["requested_by"],
        asked=Asked(row["asked_by"], row["asked_at"], row["plan_id"]),
        started_at=row["requested_at"],
        finished_at=row["finished_at"],
    )


def _pinned(price_list: str | None, revision: int | None) -> Pinned | None:
    return None if price_list is None or revision is None else Pinned(price_list, revision)
