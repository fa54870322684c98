"""Programs that go through the whole fleet, leave their figures in the file FLEET_RESULT, and end.

`operator` reconciles every resource as the operator does; `watch` is Kopf with a handler that does nothing.
"""

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry
from pydantic import BaseModel

from benchmarks.boats import COUNT, KIND, PLURAL, Watched
from twotier.runtime.api import ApiClient
from twotier.runtime.cluster import Cluster
from twotier.runtime.credentials import from_kubeconfig
from twotier.runtime.kind import Kind
from twotier.runtime.metrics import Metrics
from twotier.runtime.operator import DataPlane, run
from twotier.runtime.outcome import Done
from twotier.runtime.resource import GROUP, VERSION, Key, Resource
from twotier.runtime.settings import Settings
from twotier.runtime.watching import kopf, kopf_settings  # type: ignore[attr-defined]  # as imported there: alone


class BoatSpec(BaseModel):
    """What a boat carries."""

    number: int
    cargo: str


class Tally:
    """Counts the resources that the program is through with."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def count(self, name: str) -> None:
        """Count a resource; after the last one, write the figures down and end the process in order."""
        self._seen.add(name)
        if len(self._seen) == COUNT:
            asyncio.get_running_loop().call_soon(self._finish)
            self._seen.add("")

    def _finish(self) -> None:
        watched = Watched(time.monotonic() - float(os.environ["FLEET_STARTED"]), _peak_bytes())
        result = Path(os.environ["FLEET_RESULT"])
        unfinished = result.with_suffix(".part")
        unfinished.write_text(json.dumps(asdict(watched)), encoding="utf-8")
        unfinished.rename(result)
        os.kill(os.getpid(), signal.SIGTERM)


def _peak_bytes() -> int:
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    kilobytes = next(line for line in lines if line.startswith("VmHWM:")).split()[1]
    return 1024 * int(kilobytes)


def operate() -> int:
    """Reconcile the fleet; the outcome is the same at every start."""
    tally = Tally()

    async def reconcile(boat: Resource[BoatSpec]) -> Done:
        asyncio.get_running_loop().call_soon(tally.count, boat.key.name)
        return Done("Applied", "The boat is afloat", {"number": boat.spec.number})

    def make_kinds(_: Cluster) -> Sequence[Kind[Any]]:
        # Ten boats sail with each flagship.
        return [
            Kind(
                name=KIND,
                plural=PLURAL,
                spec=BoatSpec,
                reconcile=reconcile,
                refers_to=lambda boat: frozenset([Key(KIND, boat.key.namespace, f"boat-{boat.spec.number // 10:05}")]),
                exposes=lambda boat: boat.status.get("number"),
            )
        ]

    async def raise_epoch() -> int:
        return 1

    return run(make_kinds, Settings.from_environment(os.environ), DataPlane(raise_epoch))


def watch() -> int:
    """Watch the fleet with the same settings, and nothing else."""
    tally = Tally()
    registry = kopf.OperatorRegistry()

    @kopf.on.event(GROUP, VERSION, PLURAL, registry=registry)
    async def observe(name: str | None, **_: Any) -> None:
        tally.count(str(name))

    async def serve() -> None:
        access = from_kubeconfig(Path(os.environ["TWOTIER_KUBECONFIG"]))
        async with ApiClient(access, Metrics(CollectorRegistry())) as api:

            @kopf.on.login(registry=registry)
            async def login(**_: Any) -> kopf.AiohttpSession:
                return kopf.AiohttpSession(server=access.server, aiohttp_session=api.watches())

            await kopf.operator(registry=registry, settings=kopf_settings(), standalone=True, clusterwide=True)

    asyncio.run(serve())
    return 0


if __name__ == "__main__":
    sys.exit({"operator": operate, "watch": watch}[sys.argv[1]]())
