"""The memory that the leader needs to make tenants, against what the manifests allow it."""

import re
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

from benchmarks.figure import Figure
from benchmarks.tenant_fleet import PARALLEL, TenantFleet, empty_fleet, is_active, model, wait_until
from twotier.dev.installation import checkout

COUNT: Final = 200
PEAK_SHARE: Final = 0.5
HELD_SHARE: Final = 0.4
REST_SECONDS: Final = 3.0


@dataclass(frozen=True, slots=True)
class Memory:
    """What a process holds, and held at most, in MiB."""

    held: float
    peak: float


def measure() -> Sequence[Figure]:
    """Declare all tenants at once, and look at the operator when the last of them is active."""
    limit = _limit()
    with empty_fleet() as fleet:
        fleet.apply_example("quickstart")
        before = _memory(fleet)
        _declare(fleet)
        wait_until(lambda: is_active(fleet, COUNT), "not all tenants become active", 0.5)
        time.sleep(REST_SECONDS)
        after = _memory(fleet)
    return [
        _figure("most memory held meanwhile", after.peak, PEAK_SHARE * limit, before, limit),
        _figure("memory held then", after.held, HELD_SHARE * limit, before, limit),
    ]


def _figure(what: str, measured: float, budget: float, before: Memory, limit: float) -> Figure:
    return Figure(
        name=f"{COUNT} tenants made at once: {what}",
        value=measured,
        unit="MiB",
        budget=budget,
        met=measured <= budget,
        comparison=f"a limit of {limit:.0f} MiB, and {before.held:.0f} MiB before the first",
    )


def _declare(fleet: TenantFleet) -> None:
    def declare(number: int) -> None:
        for body in model(f"tenant-{number:03}"):
            fleet.create(body)

    with ThreadPoolExecutor(PARALLEL) as threads:
        list(threads.map(declare, range(COUNT)))


def _memory(fleet: TenantFleet) -> Memory:
    told = Path(f"/proc/{fleet.stage.operator.pid}/status").read_text(encoding="utf-8")
    found = {key: int(kilobytes) / 1024 for key, kilobytes in re.findall(r"^(Vm\w+):\s+(\d+) kB$", told, re.MULTILINE)}
    return Memory(found["VmRSS"], found["VmHWM"])


def _limit() -> float:
    """The operator's limit in the manifests, in MiB."""
    shipped = yaml.safe_load((checkout() / "manifests" / "base" / "operator.yaml").read_text(encoding="utf-8"))
    (container,) = shipped["spec"]["template"]["spec"]["containers"]
    return float(container["resources"]["limits"]["memory"].removesuffix("Mi"))
