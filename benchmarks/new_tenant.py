"""A new tenant with his first catalogue, among 10,000 others that are idle."""

import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Final

import yaml
from kubernetes import client, config

from benchmarks.figure import Figure
from twotier.dev.demo.stage import Stage, prepared_stage
from twotier.dev.installation import checkout
from twotier.dev.output import Output
from twotier.runtime.resource import GROUP, VERSION

IDLE: Final = 10_000
ROUNDS: Final = 5
PARALLEL: Final = 8
BUDGET_SECONDS: Final = 2.0
PATIENCE_SECONDS: Final = 600
PLURALS: Final = {"TenantReseller": "tenantresellers", "PriceListAssignment": "pricelistassignments"}
SUSPENDED: Final = re.compile(r'twotier_reconciles_total\{kind="TenantReseller",result="suspended"\} (\S+)')

Object = dict[str, Any]


def measure() -> Sequence[Figure]:
    """Create tenants without and with the others, each timed from its apply until it and its assignment are Ready."""
    with prepared_stage(Output(sys.stderr), None) as stage, _connected(stage) as resources:
        tenants = Tenants(stage, resources, _quickstart(stage))
        alone = [tenants.create(f"alone-{number}") for number in range(ROUNDS)]
        tenants.create_idle()
        among = [tenants.create(f"among-{number}") for number in range(ROUNDS)]
    worst = max(among)
    return [
        Figure(
            name=f"a new tenant among {IDLE:,} idle ones: worst of {ROUNDS}, from the apply to Ready",
            value=worst,
            unit="s",
            budget=BUDGET_SECONDS,
            met=worst <= BUDGET_SECONDS,
            comparison=f"{max(alone):.2f} s as the worst of {ROUNDS} without the others",
        )
    ]


@dataclass(frozen=True)
class Tenants:
    """Makes tenants like the quickstart's.

    Attributes:
        models: the quickstart's resources by kind.
    """

    stage: Stage
    resources: client.CustomObjectsApi
    models: dict[str, Object]

    def create(self, name: str) -> float:
        """Apply a tenant and an assignment; return the seconds until both are Ready."""
        began = time.perf_counter()
        self._post(self._tenant(name))
        self._post(self._assignment(name))
        _wait(lambda: all(self._ready(kind, name) for kind in PLURALS), f"{name} does not become Ready")
        return time.perf_counter() - began

    def create_idle(self) -> None:
        """Create the others, suspended, and wait until the operator has looked at them all."""
        idle = (self._tenant(f"idle-{number:05}", suspend=True) for number in range(IDLE))
        with ThreadPoolExecutor(PARALLEL) as threads:
            list(threads.map(self._post, idle))
        _wait(self._all_seen, "the operator does not get through the idle tenants")

    def _tenant(self, name: str, *, suspend: bool = False) -> Object:
        tenant = deepcopy(self.models["TenantReseller"])
        tenant["metadata"] = {"name": name}
        tenant["spec"] |= {"suspend": suspend}
        tenant["spec"]["account"]["number"] = name
        tenant["spec"]["storefront"]["alias"] = name
        return tenant

    def _assignment(self, name: str) -> Object:
        assignment = deepcopy(self.models["PriceListAssignment"])
        assignment["metadata"] = {"name": name}
        assignment["spec"]["tenant"] = name
        return assignment

    def _post(self, body: Object) -> None:
        plural = PLURALS[body["kind"]]
        self.resources.create_namespaced_custom_object(GROUP, VERSION, self.stage.namespace, plural, body)

    def _ready(self, kind: str, name: str) -> bool:
        found = self.resources.get_namespaced_custom_object(GROUP, VERSION, self.stage.namespace, PLURALS[kind], name)
        assert isinstance(found, dict)  # noqa: S101  # the client types every custom object as `object`
        conditions = found["status"].get("conditions", [])
        return any((item["type"], item["status"]) == ("Ready", "True") for item in conditions)

    def _all_seen(self) -> bool:
        counted = SUSPENDED.search(self.stage.operator.metrics())
        return counted is not None and float(counted[1]) >= IDLE


@contextmanager
def _connected(stage: Stage) -> Iterator[client.CustomObjectsApi]:
    connect = config.new_client_from_config
    with connect(str(stage.cluster.kubeconfig)) as api_client:  # type: ignore[no-untyped-call]  # the package is half typed
        yield client.CustomObjectsApi(api_client)


def _quickstart(stage: Stage) -> dict[str, Object]:
    """Apply the quickstart, and return its resources by kind once its price list is there."""
    rendered = stage.cluster.render(checkout() / "examples" / "quickstart")
    namespace = f"--namespace={stage.namespace}"
    stage.cluster.run("apply", "--server-side", namespace, "--filename=-", standard_input=rendered)
    stage.cluster.run("wait", namespace, "--for=condition=Ready", "--timeout=300s", "pricelists", "--all")
    return {item["kind"]: item for item in yaml.safe_load_all(rendered)}


def _wait(look: Callable[[], bool], complaint: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not look():
        if time.monotonic() > deadline:
            raise TimeoutError(complaint)
        time.sleep(0.02)
