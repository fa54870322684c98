"""The Update Tenant Log: every run and every attempt as it was recorded, kept for ever."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, RowMapping

from twotier.bss.catalogue.runs.changes import Changes
from twotier.bss.catalogue.runs.updates import Asked, Mode, Request, Update
from twotier.bss.sql import statements

_SQL: Final = statements(__name__)

PAGE: Final = 100


class Outcome(StrEnum):
    """How it ended."""

    APPLIED = "applied"
    REFUSED = "refused"
    FAILED = "failed"


class Position(NamedTuple):
    """Where an entry stands in a tenant's log.

    A run has its number, and 0; an attempt has the number of the run that was the newest then, and is counted from 1
    behind it.
    """

    run: int
    attempt: int = 0

    def __str__(self) -> str:
        return str(self.run) if self.attempt == 0 else f"{self.run}.{self.attempt}"

    @classmethod
    def parse(cls, written: str) -> "Position":
        """Return what `str` has written.

        Raises:
            ValueError: it is not a position.
        """
        run, _, attempt = written.partition(".")
        return cls(int(run), int(attempt or 0))


class Pinned(NamedTuple):
    """A revision of a price list, by its name."""

    price_list: str
    revision: int


@dataclass(frozen=True, slots=True)
class LogEntry:
    """A run, or an attempt at one.

    Attributes:
        reason: of an attempt, see `AttemptReason`; None for what was applied. So is message.
        mode: of the update, or of the run that was restored. As far as it is known: so are the options, start and end.
        before: the revision that the newest run had led to.
        after: the revision that it led to, or would have.
        restored: the run that was, or was to be, restored; None for an update.
        undone_by: the undo that undid this run.
        in_force: whether the catalogue is its result now.
        changes: counts when it was planned.
        overrides_kept: by an undo: fields that the reseller had overridden since the restored run.
        requested_by: the resource that asked for it.
        asked: who approved the plan or asked for the undo, where somebody had to.
        plan_id: the plan that was approved, or was to be applied.
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
    overrides_kept: int
    requested_by: str
    asked: Asked
    plan_id: str | None
    started_at: datetime
    finished_at: datetime

    @property
    def duration(self) -> timedelta:
        """How long it took."""
        return self.finished_at - self.started_at


class AttemptReason(StrEnum):
    """Why there is no run, as a word that programs match on."""

    RUN_NOT_FOUND = "RunNotFound"
    """The run cannot be restored."""
    APPROVAL_REFUSED = "ApprovalRefused"
    """The approved plan cannot be applied."""
    CATALOGUE_MOVED = "CatalogueMoved"
    """The tenant or its catalogue changed while the run was written."""
    FAILED = "ReconcileFailed"
    """An unexpected error."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt: a run that was requested but refused or failed.

    Attributes:
        message: what stood in the way, for people.
        update: what would have been applied, as far as it is known.
        restored: the run that was to be restored.
        plan_id: the plan that was to be applied.
    """

    outcome: Outcome
    reason: AttemptReason
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
    row = connection.execute(_SQL["find_current_run"], {"organization_id": organization_id}).one()
    return RunRecord(
        number=row.number,
        mode=Mode.of(row.is_full),
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
    last = connection.execute(_SQL["find_last_attempt"], {"organization_id": organization_id}).one_or_none()
    same = (attempt.outcome, attempt.reason, attempt.message, attempt.plan_id, attempt.restored)
    return last is None or tuple(last) != same


def record_attempt(connection: Connection, organization_id: UUID, attempt: Attempt, request: Request) -> None:
    """Record a run that was refused or failed; nothing is recorded of a tenant without a catalogue.

    Args:
        connection: in a transaction of the operator.
        organization_id: the tenant.
        attempt: what was asked for, and why it was not done.
        request: how it came about.
    """
    update = attempt.update
    unknown = dict.fromkeys(("price_list_id", "revision", "is_full", "sell_prices", "names"))
    connection.execute(
        _SQL["record_attempt"],
        {
            "organization_id": organization_id,
            "outcome": attempt.outcome,
            "reason": attempt.reason,
            "message": attempt.message,
            **(update.parameters() if update else unknown),
            "restored": attempt.restored,
            "plan_id": attempt.plan_id,
            **request.parameters(),
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
    rows = connection.execute(_SQL["list_entries"], parameters).mappings()
    return [_entry(row) for row in rows]


def _entry(row: RowMapping) -> LogEntry:
    position = Position(row["number"], row["attempt"])
    return LogEntry(
        position=position,
        outcome=Outcome(row["outcome"]),
        reason=row["reason"],
        message=row["message"],
        mode=None if row["is_full"] is None else Mode.of(row["is_full"]),
        sell_prices=bool(row["sell_prices"]),
        names=bool(row["names"]),
        before=_pinned(row["from_price_list"], row["from_revision"]),
        after=_pinned(row["price_list"], row["revision"]),
        restored=row["restored"],
        undone_by=row["undone_by"],
        in_force=position == Position(row["current"]),
        changes=Changes(**row["changes"]),
        overrides_kept=row["overrides_kept"],
        requested_by=row["requested_by"],
        asked=Asked(row["asked_by"], row["asked_at"]),
        plan_id=row["plan_id"],
        started_at=row["requested_at"],
        finished_at=row["finished_at"],
    )


def _pinned(price_list: str | None, revision: int | None) -> Pinned | None:
    return None if price_list is None or revision is None else Pinned(price_list, revision)
