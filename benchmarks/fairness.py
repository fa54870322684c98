"""Another namespace's edit, while one floods the operator with edits and heavy imports."""

import base64
import gzip
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from kubernetes import client, config

from benchmarks.figure import Figure
from benchmarks.tenant_fleet import METRIC, wait_until
from twotier.dev.demo.stage import Stage, prepared_stage
from twotier.dev.installation import remove_resources
from twotier.dev.output import Output
from twotier.runtime.resource import API_VERSION, GROUP, VERSION

BYSTANDER: Final = "bystander"
LIGHT: Final = 3_000
HEAVY: Final = 16
ROWS: Final = 100_000
EDITS: Final = 10
PARALLEL: Final = 8
BUDGET_SECONDS: Final = 2
HEADER: Final = "sku,unit,price\n"

Object = dict[str, Any]


def measure() -> Sequence[Figure]:
    """Edit a list of a namespace that has nothing else, alone and beside the flood."""
    with prepared_stage(Output(sys.stderr), None) as stage, _connected(stage) as shop:
        for namespace in (stage.namespace, BYSTANDER):
            shop.create(namespace, "distributors", _distributor(f"{namespace}.example.com"))
        shop.create(BYSTANDER, "pricelists", _price_list("retail", {"inline": _prices(0)}))
        alone = max(shop.seconds_to_ready(number) for number in range(1, EDITS + 1))
        _flood(shop, stage.namespace)
        depth = shop.metric("twotier_queue_depth")
        beside = max(shop.seconds_to_ready(number) for number in range(EDITS + 1, 2 * EDITS + 1))
        left = shop.metric("twotier_queue_depth")
        remove_resources(stage.cluster, BYSTANDER)
    return [
        Figure(
            name=f"an edit beside a flood of another namespace, from the apply to Ready: worst of {EDITS}",
            value=beside,
            unit="s",
            budget=BUDGET_SECONDS,
            met=beside <= BUDGET_SECONDS and left > 0,
            comparison=(
                f"{alone:.2f} s alone; the other has {LIGHT:,} lists to import and {HEAVY} of {ROWS:,} rows, and "
                f"{depth:,.0f} to {left:,.0f} of them wait"
            ),
        )
    ]


@dataclass(frozen=True)
class _Shop:
    """Resources of two namespaces, and the operator behind them."""

    stage: Stage
    resources: client.CustomObjectsApi
    core: client.CoreV1Api

    def create(self, namespace: str, plural: str, body: Object) -> None:
        self.resources.create_namespaced_custom_object(GROUP, VERSION, namespace, plural, body)

    def seconds_to_ready(self, number: int) -> float:
        """Change the bystander's list, and return how long it takes until the change is imported."""
        place = (GROUP, VERSION, BYSTANDER, "pricelists", "retail")
        began = time.perf_counter()
        self.resources.patch_namespaced_custom_object(*place, {"spec": {"source": {"inline": _prices(number)}}})
        wait_until(lambda: _is_settled(self.resources.get_namespaced_custom_object(*place)), "the edit is not applied")
        return time.perf_counter() - began

    def metric(self, name: str) -> float:
        """Sum the operator's metrics of a name."""
        return sum(float(value) for metric, _, value in METRIC.findall(self.stage.operator.metrics()) if metric == name)


def _flood(shop: _Shop, namespace: str) -> None:
    """Declare everything: the heavy lists first, so that they are under way when the others come."""
    sheet = gzip.compress((HEADER + "".join(f"SKU-{row},month,{row}.50\n" for row in range(ROWS))).encode(), 1)
    data = {"prices.csv.gz": base64.b64encode(sheet).decode()}
    heavy = client.V1ConfigMap(metadata=client.V1ObjectMeta(name="heavy"), binary_data=data)
    shop.core.create_namespaced_config_map(namespace, heavy)

    def declare(number: int) -> None:
        source: Object = {"inline": _prices(number)} if number >= HEAVY else {"configMaps": [{"name": "heavy"}]}
        shop.create(namespace, "pricelists", _price_list(f"list-{number:04}", source))

    with ThreadPoolExecutor(PARALLEL) as threads:
        list(threads.map(declare, range(HEAVY + LIGHT)))


def _prices(number: int) -> str:
    return f"{HEADER}MAIL,month,{number}.25\n"


def _distributor(domain: str) -> Object:
    spec = {"displayName": "Aegean", "country": "GR", "timeZone": "Europe/Athens", "currency": "EUR"}
    body = {"apiVersion": API_VERSION, "kind": "Distributor", "metadata": {"name": "aegean"}}
    return body | {"spec": spec | {"baseDomain": domain, "tenantDefaults": {"countries": ["GR"]}}}


def _price_list(name: str, source: Object) -> Object:
    spec = {"distributor": "aegean", "currency": "EUR", "source": source, "guards": {"maxRemovedPercent": 100}}
    return {"apiVersion": API_VERSION, "kind": "PriceList", "metadata": {"name": name}, "spec": spec}


def _is_settled(found: object) -> bool:
    assert isinstance(found, dict)  # noqa: S101 -- the client types every custom object as `object`
    status = found.get("status", {})
    ready = [each for each in status.get("conditions", ()) if each["type"] == "Ready"]
    settled = status.get("observedGeneration") == found["metadata"]["generation"]
    return settled and [each["status"] for each in ready] == ["True"]


@contextmanager
def _connected(stage: Stage) -> Iterator[_Shop]:
    connect = config.new_client_from_config
    with connect(str(stage.cluster.kubeconfig)) as api_client:  # type: ignore[no-untyped-call]  # the package is half typed
        core = client.CoreV1Api(api_client)
        core.create_namespace(client.V1Namespace(metadata=client.V1ObjectMeta(name=BYSTANDER)))
        yield _Shop(stage, client.CustomObjectsApi(api_client), core)
