"""Watches that break, objects that vanish unseen, and the whole cluster at once."""

import asyncio
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import yaml
from prometheus_client import CollectorRegistry
from pydantic import BaseModel

from twotier.runtime.api import ApiClient
from twotier.runtime.backoff import Backoff
from twotier.runtime.caches import Caches
from twotier.runtime.credentials import from_kubeconfig
from twotier.runtime.intake import Intake
from twotier.runtime.kind import Kind
from twotier.runtime.metrics import Metrics
from twotier.runtime.outcome import Done
from twotier.runtime.queue import WorkQueue
from twotier.runtime.resource import Key, Resource
from twotier.runtime.sweeper import Sweeper

from .conftest import Operators, Toys, eventually
from .proxy import Proxy


@pytest.fixture
def proxy(operators: Operators) -> Iterator[Proxy]:
    """The operators' only way to the API server."""
    document = yaml.safe_load(operators.kubeconfig.read_text(encoding="utf-8"))
    cluster = document["clusters"][0]["cluster"]
    address = urlsplit(cluster["server"])
    assert address.hostname is not None
    assert address.port is not None
    with Proxy.to((address.hostname, address.port)) as relay:
        cluster["server"] = f"https://{address.hostname}:{relay.port}"
        operators.kubeconfig.write_text(yaml.safe_dump(document), encoding="utf-8")
        yield relay


def test_what_changes_while_the_api_server_is_out_of_reach_is_seen_afterwards(
    toys: Toys, operators: Operators, proxy: Proxy
) -> None:
    operator = operators.lead(TWOTIER_LEASE_DURATION="60")
    toys.apply("a", text="one")
    toys.apply("b", ends="stalled")
    toys.await_condition("a", "True", "Applied")
    toys.await_condition("b", "False", "SourceRefused")

    proxy.cut()
    toys.apply("a", text="two")
    toys.delete("b")
    toys.apply("c", text="three")
    assert toys.content("a") == "one"
    proxy.mend()

    toys.await_condition("c", "True", "Applied")
    eventually(lambda: toys.status("a")["text"] == "two", "the change of a is seen")
    assert operator.process.status is None


def test_a_leader_that_cannot_reach_the_api_server_for_too_long_ends(operators: Operators, proxy: Proxy) -> None:
    operator = operators.lead()

    proxy.cut()

    assert operator.process.wait() == 1
    assert "could not be renewed" in operator.log.read_text(encoding="utf-8")


class ToySpec(BaseModel):
    text: str = ""


def test_a_sweep_forgets_what_vanished_unseen_and_keeps_what_is_there(toys: Toys) -> None:
    toys.apply("alive")
    alive, ghost = toys.get("alive"), toys.get("alive")
    ghost["metadata"] |= {"name": "ghost", "uid": "of-a-ghost"}

    async def reconcile(_: Resource[ToySpec]) -> Done:
        raise AssertionError("nothing is reconciled here")

    async def sweep(api: ApiClient) -> frozenset[Key]:
        metrics = Metrics(CollectorRegistry())
        caches, queue = Caches(), WorkQueue(lambda: 0.0, Backoff(lambda: 0.0), workers=1)
        intake = Intake(caches, queue, metrics, lambda: 0.0)
        kind = Kind(name="Toy", plural="toys", spec=ToySpec, reconcile=reconcile)
        caches.register([kind])
        for body in (alive, ghost):
            intake.saw("Toy", body, initial=True)
        sweeper = Sweeper(
            caches=caches,
            intake=intake,
            queue=queue,
            api=api,
            namespaces=[toys.namespace],
            interval_seconds=1.0,
            random=lambda: 0.0,
        )
        await sweeper.sweep(kind)
        return caches.keys("Toy")

    async def sweep_once() -> frozenset[Key]:
        access = from_kubeconfig(toys.cluster.kubeconfig)
        async with ApiClient(access, Metrics(CollectorRegistry())) as api:
            return await sweep(api)

    assert asyncio.run(sweep_once()) == {Key("Toy", toys.namespace, "alive")}
