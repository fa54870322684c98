"""One pass over one resource: reconcile it, report the outcome, and decide when to return."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import structlog

from twotier.runtime.api import ApiClient, ApiError, ForbiddenError, NotFoundError, UnavailableError
from twotier.runtime.caches import Caches
from twotier.runtime.events import EventPoster
from twotier.runtime.intake import Intake
from twotier.runtime.kind import Kind
from twotier.runtime.leadership import LeadershipLostError
from twotier.runtime.metrics import Metrics
from twotier.runtime.outcome import Done, Outage, Stalled, UnderWay, Unfinished, Waiting
from twotier.runtime.queue import WorkQueue
from twotier.runtime.reasons import CommonReason
from twotier.runtime.resource import FINALIZER, AnyResource, InvalidResource, Key
from twotier.runtime.status import Outcome, Suspended, compose, differs, headline, settled

SHORTEST_PAUSE_SECONDS: Final = 1.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Released:
    """The resource is being deleted, and we do not keep it."""


Ending = Outcome | Released


class Reconciler:
    """Works on keys that a worker took from the queue, and ends each of them there.

    Args:
        leading: returns whether this operator still leads; otherwise it writes nothing any longer.
        now: the wall clock, aware.
    """

    def __init__(
        self,
        *,
        caches: Caches,
        intake: Intake,
        queue: WorkQueue,
        api: ApiClient,
        events: EventPoster,
        metrics: Metrics,
        leading: Callable[[], bool],
        now: Callable[[], datetime],
    ) -> None:
        self._caches = caches
        self._intake = intake
        self._queue = queue
        self._api = api
        self._events = events
        self._metrics = metrics
        self._leading = leading
        self._now = now

    async def work(self, key: Key) -> None:
        """Reconcile one key that was taken from the queue; raises only on cancellation and loss of the lead."""
        resource = self._caches.get(key)
        if resource is None:
            self._queue.finish(key)
            return
        kind = self._caches.kind(key.kind)
        started = time.perf_counter()
        with structlog.contextvars.bound_contextvars(kind=key.kind, namespace=key.namespace, name=key.name):
            ending = await self._reconcile(kind, resource)
            reported = await self._report(kind, resource, ending)
        self._metrics.count_reconcile(key.kind, _result(ending), time.perf_counter() - started)
        self._come_back(key, ending, reported=reported)

    async def _reconcile(self, kind: Kind[Any], resource: AnyResource) -> Ending:
        try:
            return await self._decide(kind, resource)
        except Unfinished as unfinished:
            return unfinished
        except LeadershipLostError:
            raise  # the new leader decides; this process ends
        except UnavailableError as error:
            log.warning("API server unavailable", error=str(error))
            return Outage(CommonReason.API_SERVER_UNAVAILABLE, "The API server did not answer; the operator retries")
        except ForbiddenError as error:
            log.warning("API server refused", error=str(error))
            return Outage(
                CommonReason.OPERATOR_FORBIDDEN, f"{error}; if this lasts, apply the roles of the operator's version"
            )
        except Exception as error:
            log.exception("reconcile failed", error_type=type(error).__name__)
            # The text of an unknown error may hold a secret or somebody else's data; the log is for operators only.
            return Waiting(
                CommonReason.RECONCILE_FAILED, f"{type(error).__name__}; the operator retries; see the operator's log"
            )

    async def _decide(self, kind: Kind[Any], resource: AnyResource) -> Ending:
        # First of all: what is to vanish needs no correction, and its namespace waits for it.
        if resource.deleting:
            if kind.finalize is not None and FINALIZER in resource.finalizers:
                await kind.finalize(resource)
                await self._api.remove_finalizer(kind.api_resource, resource.key, resource.uid)
            return Released()
        if resource.suspended:
            return Suspended()
        if isinstance(resource, InvalidResource):
            raise Stalled(CommonReason.INVALID_SPEC, f"Correct the spec: {resource.fault}")
        return await kind.reconcile(resource)

    async def _report(self, kind: Kind[Any], resource: AnyResource, ending: Ending) -> bool:
        """Write the status if it is new; return whether the cluster now shows it."""
        if isinstance(ending, Released):
            return True
        try:
            await self._write(kind, resource, ending)
        except NotFoundError:
            self._intake.lost(resource.key, resource.uid)
        except ApiError as error:
            log.warning("status not written", error=str(error))
            return False
        except Exception:
            log.exception("status not written")
            return False
        return True

    async def _write(self, kind: Kind[Any], resource: AnyResource, outcome: Outcome) -> None:
        latest = self._caches.renewed(resource)
        if latest is None or not self._leading():
            return
        if isinstance(outcome, Outage) and settled(latest):
            return
        # The older spec was reconciled, and the newer status is shown.
        reconciled = replace(resource, status=latest.status)
        status = compose(reconciled, outcome, kind.condition_types, self._now())
        if not differs(latest.status, status, kind.condition_types):
            return
        answer = await self._api.apply_status(kind.api_resource, resource.key, resource.uid, status)
        self._intake.answered(kind.name, answer)
        self._tell(kind, reconciled, outcome, status)

    def _tell(self, kind: Kind[Any], resource: AnyResource, outcome: Outcome, status: dict[str, Any]) -> None:
        """Post an event if what people see first has changed."""
        before = headline(resource.status, deleting=resource.deleting)
        after = headline(status, deleting=resource.deleting)
        if after is not None and after != before:
            _, _, reason, message = after
            alarming = isinstance(outcome, Stalled) or reason == CommonReason.RECONCILE_FAILED
            self._events.post(kind, resource, "Warning" if alarming else "Normal", reason, message)

    def _come_back(self, key: Key, ending: Ending, *, reported: bool) -> None:
        match ending:
            case _ if not reported:
                self._queue.retry(key)
            case UnderWay():
                self._queue.leave(key)
            case Waiting(retry_in=pause):
                self._queue.retry(key, again_in=None if pause is None else pause.total_seconds())
            case Done(again_at=datetime() as moment) | Stalled(again_at=datetime() as moment):
                seconds = (moment - self._now()).total_seconds()
                self._queue.finish(key, again_in=max(SHORTEST_PAUSE_SECONDS, seconds))
            case _:
                self._queue.finish(key)


def _result(ending: Ending) -> str:
    if isinstance(ending, Unfinished) and ending.reason == CommonReason.RECONCILE_FAILED:
        return "failed"
    return type(ending).__name__.lower()
