"""How a reconcile ends: done, stalled until a person acts, or waiting for something that will come."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

ConditionStatus = Literal["True", "False", "Unknown"]


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a kind's own; the runtime adds times, generations, Ready, Reconciling and Stalled."""

    type: str
    status: ConditionStatus
    reason: str
    message: str


@dataclass(frozen=True, slots=True)
class Done:
    """The last permitted state is in force: Ready=True.

    Attributes:
        status: all of the kind's own fields: what is left out is removed.
        conditions: all of the kind's own conditions.
        again_at: when to reconcile again, if the passing of time changes something; aware.
    """

    reason: str
    message: str
    status: Mapping[str, Any] = field(default_factory=dict)
    conditions: tuple[Condition, ...] = ()
    again_at: datetime | None = None


class Unfinished(Exception):  # noqa: N818 -- an outcome, not an error
    """A reconcile that ended before its state was in force; messages say what to do next.

    Args:
        reason: of Ready, from reasons.py.
        message: for the person who reads `kubectl describe`; no times, counters or secrets.
        status: all of the kind's own fields; None keeps what is shown.
        conditions: replace the shown ones of the same types; others stay.
    """

    def __init__(
        self,
        reason: str,
        message: str,
        *,
        status: Mapping[str, Any] | None = None,
        conditions: tuple[Condition, ...] = (),
    ) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message
        self.status = status
        self.conditions = conditions


class Stalled(Unfinished):
    """A person must act on this resource: nothing is retried until it, or what it refers to, changes.

    Args:
        again_at: when to reconcile again nevertheless, if the passing of time changes something; aware.
    """

    def __init__(
        self,
        reason: str,
        message: str,
        *,
        status: Mapping[str, Any] | None = None,
        conditions: tuple[Condition, ...] = (),
        again_at: datetime | None = None,
    ) -> None:
        super().__init__(reason, message, status=status, conditions=conditions)
        self.again_at = again_at


class Waiting(Unfinished):
    """A dependency or an outage stands in the way: the operator retries.

    Args:
        retry_in: when; None leaves it to the queue's backoff.
    """

    def __init__(
        self,
        reason: str,
        message: str,
        retry_in: timedelta | None = None,
        *,
        status: Mapping[str, Any] | None = None,
        conditions: tuple[Condition, ...] = (),
    ) -> None:
        super().__init__(reason, message, status=status, conditions=conditions)
        self.retry_in = retry_in


class Outage(Waiting):
    """Nothing could be observed: the status of a settled generation stays, and is not written again."""


class UnderWay(Outage):
    """What it needs is being brought, and whoever brings it has the resource reconciled again."""
