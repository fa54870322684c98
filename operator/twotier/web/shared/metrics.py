"""Metrics of the HTTP API, for Prometheus."""

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from twotier.runtime.metrics import RequestMetrics

DURATIONS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)


class ServeMetrics(RequestMetrics):
    """The metrics of `twotier serve`, in the caller's registry."""

    def __init__(self, registry: CollectorRegistry) -> None:
        super().__init__(registry)
        self._answers = Counter(
            "twotier_http_requests", "Answered requests", ["method", "operation", "code"], registry=registry
        )
        self._durations = Histogram(
            "twotier_http_request_duration_seconds",
            "Time to the last byte of a response",
            ["operation"],
            buckets=DURATIONS,
            registry=registry,
        )
        self._open = Gauge("twotier_http_requests_open", "Requests in progress", registry=registry)

    def begin(self) -> None:
        """Count a request that came in."""
        self._open.inc()

    def end(self, method: str, operation: str, code: int, seconds: float) -> None:
        """Count a request that was answered.

        Args:
            method: of the request.
            operation: its name in the OpenAPI, so that the number of series is bounded.
            code: of the response.
            seconds: until its last byte.
        """
        self._open.dec()
        self._answers.labels(method, operation, str(code)).inc()
        self._durations.labels(operation).observe(seconds)
