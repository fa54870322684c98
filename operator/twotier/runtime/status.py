"""An outcome as `status`: conditions as kstatus reads them, deterministic to the byte."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from twotier.runtime.outcome import Condition, Done, Stalled, Unfinished
from twotier.runtime.reasons import CommonReason
from twotier.runtime.resource import Observed

READY: Final = "Ready"
RECONCILING: Final = "Reconciling"
STALLED: Final = "Stalled"
RUNTIME_CONDITIONS: Final = (RECONCILING, STALLED, READY)
RUNTIME_FIELDS: Final = frozenset({"observedGeneration", "conditions", "lastHandledReconcileAt"})
SUSPENDED_MESSAGE: Final = "Reconciling is suspended; set spec.suspend to false to resume it"

Rendered = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Suspended:
    """The resource is not to be reconciled: its status is kept, and says so."""


Outcome = Done | Unfinished | Suspended


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What an outcome says, before it is rendered as status.

    Attributes:
        fields: the kind's own; None keeps what is shown.
        conditions: own ones that are new; shown ones of other types stay if `keep` says so.
        ready: None leaves Ready as it is shown.
        settled: this generation needs no further work and counts as observed.
    """

    fields: Mapping[str, Any] | None
    conditions: tuple[Condition, ...]
    keep: bool
    ready: Condition | None
    progress: Condition | None
    settled: bool


def compose(resource: Observed, outcome: Outcome, condition_types: Sequence[str], now: datetime) -> dict[str, Any]:
    """Return the complete status that the operator wants to show.

    Args:
        resource: with the status that is shown now.
        condition_types: the kind's own, in order.
        now: becomes the transition time of conditions whose status changes.

    Raises:
        ValueError: the outcome has a condition of a type that the kind does not declare.
    """
    verdict = _judge(resource, outcome)
    undeclared = {condition.type for condition in verdict.conditions} - set(condition_types)
    if undeclared:
        raise ValueError(f"the kind does not declare its conditions {', '.join(sorted(undeclared))}")
    shown = _by_type(resource.status)
    new = [
        *(_render(condition, resource.generation, shown, now) for condition in verdict.conditions),
        *(shown[name] for name in condition_types if verdict.keep and name in shown),
    ]
    own = list({condition["type"]: condition for condition in reversed(new)}.values())
    own.sort(key=lambda condition: condition_types.index(condition["type"]))
    closing = [_render(item, resource.generation, shown, now) for item in (verdict.progress, verdict.ready) if item]
    if verdict.ready is None and READY in shown:
        closing.append(dict(shown[READY]))
    return {
        **(_own_fields(resource.status) if verdict.fields is None else verdict.fields),
        **_generation(resource, settled=verdict.settled),
        **_handled(resource, outcome),
        "conditions": [*own, *closing],
    }


def differs(shown: Rendered, wanted: Rendered, condition_types: Iterable[str]) -> bool:
    """Return whether a status must be written; additions of others, and its order, do not matter."""
    own = {*condition_types, *RUNTIME_CONDITIONS}
    shown_conditions = {name: condition for name, condition in _by_type(shown).items() if name in own}
    return shown_conditions != _by_type(wanted) or _without_conditions(shown) != _without_conditions(wanted)


def settled(resource: Observed) -> bool:
    """Return whether the status is final for this generation, and no deletion is under way."""
    return not resource.deleting and resource.status.get("observedGeneration") == resource.generation


def holding(status: Rendered, types: Iterable[str]) -> dict[str, bool]:
    """Return which conditions of these types, among those shown, are true."""
    shown = _by_type(status)
    return {name: shown[name]["status"] == "True" for name in types if name in shown}


def headline(status: Rendered, *, deleting: bool) -> tuple[str, ...] | None:
    """Return what an event reports when it changes: Ready, or what a deletion waits for."""
    conditions = _by_type(status)
    telling = conditions.get(STALLED) or conditions.get(RECONCILING) if deleting else conditions.get(READY)
    return None if telling is None else tuple(telling[field] for field in ("type", "status", "reason", "message"))


def _judge(resource: Observed, outcome: Outcome) -> _Verdict:
    match outcome:
        case Done(reason, message, fields, conditions):
            ready = Condition(READY, "True", reason, message)
            return _Verdict(fields, conditions, keep=False, ready=ready, progress=None, settled=True)
        case Suspended():
            shown = _by_type(resource.status).get(READY, {}).get("status", "Unknown")
            ready = Condition(READY, shown, CommonReason.SUSPENDED, SUSPENDED_MESSAGE)
            return _Verdict(None, (), keep=True, ready=ready, progress=None, settled=True)
        case Unfinished():
            return _judge_unfinished(outcome, deleting=resource.deleting)


def _judge_unfinished(outcome: Unfinished, *, deleting: bool) -> _Verdict:
    stalled = isinstance(outcome, Stalled)
    # Ready is about the state in force, which stays in force until a deletion is complete.
    ready = None if deleting else Condition(READY, "False", outcome.reason, outcome.message)
    if stalled:
        progress = Condition(STALLED, "True", outcome.reason, outcome.message)
    else:
        reason = CommonReason.TERMINATING if deleting else CommonReason.PROGRESSING_WITH_RETRY
        progress = Condition(RECONCILING, "True", reason, outcome.message)
    return _Verdict(
        outcome.status,
        outcome.conditions,
        keep=True,
        ready=ready,
        progress=progress,
        settled=stalled and not deleting,
    )


def _render(condition: Condition, generation: int, shown: Mapping[str, Rendered], now: datetime) -> dict[str, Any]:
    before = shown.get(condition.type)
    since = before["lastTransitionTime"] if before and before["status"] == condition.status else _timestamp(now)
    return {
        "type": condition.type,
        "status": condition.status,
        "reason": str(condition.reason),
        "message": condition.message,
        "observedGeneration": generation,
        "lastTransitionTime": since,
    }


def _generation(resource: Observed, *, settled: bool) -> dict[str, int]:
    if settled:
        return {"observedGeneration": resource.generation}
    return {"observedGeneration": resource.status.get("observedGeneration", -1)}


def _handled(resource: Observed, outcome: Outcome) -> dict[str, str]:
    shown = resource.status.get("lastHandledReconcileAt")
    handled = shown if isinstance(outcome, Suspended) or resource.requested_at is None else resource.requested_at
    return {} if handled is None else {"lastHandledReconcileAt": handled}


def _own_fields(status: Rendered) -> dict[str, Any]:
    return {field: value for field, value in status.items() if field not in RUNTIME_FIELDS}


def _without_conditions(status: Rendered) -> dict[str, Any]:
    return {field: value for field, value in status.items() if field != "conditions"}


def _by_type(status: Rendered) -> dict[str, Rendered]:
    return {condition["type"]: condition for condition in status.get("conditions", ())}


def _timestamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
