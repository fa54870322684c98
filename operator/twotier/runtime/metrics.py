"""Metrics of a process, for Prometheus."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Metric, ProcessCollector

from twotier.runtime.resource import Key

WRITES: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
RESOURCE_PATH: Final = re.compile(
    r"^/(?:api/[^/]+|apis/[^/]+/[^/]+)(?:/namespaces/[^/]+)?/([^/]+)(?:/[^/]+(?:/([^/]+))?)?"
)
DURATIONS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)


class RequestMetrics:
    """Metrics of the requests of a process to the API server, in the caller's registry."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.registry = registry
        ProcessCollector(registry=registry)
        self._requests = Counter(
            "twotier_api_requests", "Requests to the API server", ["verb", "resource", "code"], registry=registry
        )
        self._writes = Counter(
            "twotier_api_writes", "Writes to the API server", ["verb", "resource"], registry=registry
        )

    def count_request(self, method: str, path: str, code: int) -> None:
        """Count one request to the API server."""
        match = RESOURCE_PATH.match(path)
        resource = "/".join(part for part in match.groups() if part) if match else "other"
        self._requests.labels(method, resource, str(code)).inc()
        if method in WRITES:
            self._writes.labels(method, resource).inc()


class Conditions(Gauge):
    """Conditions, read whenever metrics are collected: those of a vanished resource are no longer shown.

    Attributes:
        read: returns for each resource whether its conditions are true, by their types.
    """

    read: Callable[[], Iterable[tuple[Key, Mapping[str, bool]]]] = staticmethod(tuple)

    def collect(self) -> Iterable[Metric]:
        """Read them all."""
        self.clear()
        for key, conditions in self.read():
            for type_, holds in conditions.items():
                self.labels(key.kind, key.namespace, key.name, type_).set(holds)
        return super().collect()


class Metrics(RequestMetrics):
    """The operator's metrics, in the caller's registry."""

    def __init__(self, registry: CollectorRegistry) -> None:
        super().__init__(registry)
        self._reconciles = Counter("twotier_reconciles", "Reconciles by result", ["kind", "result"], registry=registry)
        self._durations = Histogram(
            "twotier_reconcile_duration_seconds",
            "Duration of a reconcile, including its status write",
            ["kind"],
            buckets=DURATIONS,
            registry=registry,
        )
        self._depth = Gauge("twotier_queue_depth", "Resources that are due and not being reconciled", registry=registry)
        self._age = Gauge(
            "twotier_queue_oldest_seconds",
            "Time since the oldest queued resource became due",
            registry=registry,
        )
        self._busy = Gauge("twotier_workers_busy", "Reconciles in progress", registry=registry)
        self._leader = Gauge("twotier_leader", "1 while this operator leads", registry=registry)
        self._watch_events = Counter("twotier_watch_events", "Watch events received", ["kind"], registry=registry)
        self._conditions = Conditions(
            "twotier_condition",
            "1 while a condition is True",
            ["kind", "namespace", "name", "type"],
            registry=registry,
        )

    def count_watch_event(self, kind: str) -> None:
        """Count one event of a watch."""
        self._watch_events.labels(kind).inc()

    def count_reconcile(self, kind: str, result: str, seconds: float) -> None:
        """Count one reconcile and how it ended."""
        self._reconciles.labels(kind, result).inc()
        self._durations.labels(kind).observe(seconds)

    def watch_operator(
        self,
        *,
        depth: Callable[[], float],
        oldest_seconds: Callable[[], float],
        busy: Callable[[], float],
        leading: Callable[[], float],
    ) -> None:
        """Read these values whenever metrics are collected."""
        self._depth.set_function(depth)
        self._age.set_function(oldest_seconds)
        self._busy.set_function(busy)
        self._leader.set_function(leading)

    def watch_conditions(self, read: Callable[[], Iterable[tuple[Key, Mapping[str, bool]]]]) -> None:
        """Read these conditions whenever metrics are collected."""
        self._conditions.read = read
