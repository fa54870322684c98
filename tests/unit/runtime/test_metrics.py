"""Requests are counted by what they touch, writes apart."""

import pytest
from prometheus_client import CollectorRegistry

from twotier.runtime.metrics import Metrics
from twotier.runtime.resource import Key


@pytest.mark.parametrize(
    ("method", "path", "resource", "writes"),
    [
        ("GET", "/apis/twotier.dev/v1alpha1/toys", "toys", None),
        ("GET", "/apis/twotier.dev/v1alpha1/namespaces/north/toys/a", "toys", None),
        ("PATCH", "/apis/twotier.dev/v1alpha1/namespaces/north/toys/a/status", "toys/status", 1.0),
        ("POST", "/api/v1/namespaces/north/events", "events", 1.0),
        ("PUT", "/apis/coordination.k8s.io/v1/namespaces/north/leases/l", "leases", 1.0),
        ("GET", "/version", "other", None),
    ],
)
def test_a_request_is_counted(method: str, path: str, resource: str, writes: float | None) -> None:
    registry = CollectorRegistry()

    Metrics(registry).count_request(method, path, 200)

    labels = {"verb": method, "resource": resource}
    assert registry.get_sample_value("twotier_api_requests_total", {**labels, "code": "200"}) == 1.0
    assert registry.get_sample_value("twotier_api_writes_total", labels) == writes


def test_conditions_are_read_when_they_are_asked_for() -> None:
    registry, conditions = (
        CollectorRegistry(),
        {Key("PriceList", "north", "retail"): {"Accepted": True, "Fresh": False}},
    )
    Metrics(registry).watch_conditions(conditions.items)

    def shown(type_: str) -> float | None:
        labels = {"kind": "PriceList", "namespace": "north", "name": "retail", "type": type_}
        return registry.get_sample_value("twotier_condition", labels)

    assert (shown("Accepted"), shown("Fresh"), shown("Ready")) == (1.0, 0.0, None)
    conditions.clear()
    assert shown("Accepted") is None
