"""What is seen of the cluster goes into the caches, and what is new into the queue."""

from collections.abc import Callable

from twotier.runtime.caches import Caches
from twotier.runtime.foreign import Foreign
from twotier.runtime.metrics import Metrics
from twotier.runtime.queue import Priority, WorkQueue
from twotier.runtime.resource import Body, Key


class Intake:
    """The single entry for watch events, responses to own writes, and what a sweep finds.

    Attributes:
        complete: everything has been listed once. Until then no resource wakes another: all keys are
            queued anyway.
        last_seen: when the last watch event came, by the same clock as the queue's.
    """

    def __init__(self, caches: Caches, queue: WorkQueue, metrics: Metrics, clock: Callable[[], float]) -> None:
        self._caches = caches
        self._queue = queue
        self._metrics = metrics
        self._clock = clock
        self.complete = False
        self.last_seen = clock()

    def event(self, kind: str) -> None:
        """Take note that the watch of a kind is alive."""
        self.last_seen = self._clock()
        self._metrics.count_watch_event(kind)

    def saw(self, kind: str, body: Body, *, initial: bool = False) -> None:
        """Take in a resource as the API server shows it now."""
        key = Key.of(kind, body)
        change = self._caches.remember(kind, body, initial=initial)
        if change.own:
            self._queue.add([key], _urgency(body) if initial else Priority.EDIT)
        if change.exposed:
            self.wake_dependents(key)

    def answered(self, kind: str, body: Body) -> None:
        """Take in the response to an own write, unless the resource has vanished since: that news came first."""
        if self._caches.knows(Key.of(kind, body), body["metadata"]["uid"]):
            self.saw(kind, body)

    def lost(self, key: Key, uid: str | None = None) -> None:
        """Take in that a resource has vanished, and wake those that claim the same name."""
        claims = self._caches.claims(key)
        if self._caches.forget(key, uid):
            self._queue.forget(key)
            for gone in (key, *claims):
                self.wake_dependents(gone)

    def saw_foreign(self, foreign: Foreign, body: Body) -> Key:
        """Take in a foreign object, which wakes the resources that refer to it; return its key."""
        key, changed = self._caches.remember_foreign(foreign, body)
        if changed:
            self.wake_dependents(key)
        return key

    def lost_foreign(self, key: Key) -> None:
        """Take in that a foreign object has vanished, or is no longer watched."""
        self._caches.forget_foreign(key)
        self.wake_dependents(key)

    def resume(self, key: Key) -> bool:
        """Reconcile a resource again because what it waits for is here; return whether it still exists and waits."""
        resource = self._caches.get(key)
        if resource is None or resource.deleting or resource.suspended:
            return False
        self._queue.add([key], Priority.FAN_OUT)
        return True

    def wake_dependents(self, key: Key) -> None:
        """Reconcile everything that refers to a key."""
        if self.complete:
            self._queue.add(self._caches.dependents(key), Priority.FAN_OUT)


def _urgency(body: Body) -> Priority:
    """After a start, what changed in the meantime goes before what only has to be observed again."""
    observed = body.get("status", {}).get("observedGeneration")
    return Priority.SWEEP if observed == body["metadata"].get("generation") else Priority.EDIT
