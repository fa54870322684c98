"""Figures about the HTTP API, for Prometheus."""

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from twotier.runtime.metrics import RequestMetrics

DURATIONS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)


class ServeMetrics(RequestMetrics):
    """The figures of `twotier serve`, in a registry of the caller's."""

    def __init__(self, registry: CollectorRegistry) -> None:
        super().__init__(registry)
        self._answers = Counter(
            "twotier_http_requests", "Requests that were answered", ["method", "operation", "code"], registry=registry
        )
        self._durations = Histogram(
            "twotier_http_request_duration_seconds",
            "Time to the last byte of an answer",
            ["operation"],
            buckets=DURATIONS,
            registry=registry,
        )
        self._open = Gauge("twotier_http_requests_open", "Requests being answered", registry=registry)

    def begin(self) -> None:
        """Count a request that came in."""
        self._open.inc()

    def end(self, method: str, operation: str, code: int, seconds: float) -> None:
        """Count a request that was answered.

        Args:
            method: its verb.
            operation: its name in the OpenAPI, so that the number of series has an end.
            code: of the answer.
            seconds: until its last byte.
        """
        self._open.dec()
        self._answers.labels(method, operation, str(code)).inc()
        self._durations.labels(operation).observe(seconds)
