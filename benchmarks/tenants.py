"""The operator with 10,000 tenants: a restart, a new version of their price list, and one tenant more."""

import time
from collections.abc import Sequence
from typing import Final

from benchmarks.figure import Figure
from benchmarks.tenant_fleet import TenantFleet, is_ready, model, running_fleet, wait_until

COUNT: Final = 10_000
NEW_TENANTS: Final = 5
UPDATE_SECONDS: Final = 120
NEW_TENANT_SECONDS: Final = 2
MEMORY_MEGABYTES: Final = 300


def measure() -> Sequence[Figure]:
    """Restart the operator beside the fleet, then change the list, then add tenants."""
    with running_fleet(COUNT) as fleet:
        return [*_restart(fleet), _update(fleet), _new_tenant(fleet)]


def _restart(fleet: TenantFleet) -> Sequence[Figure]:
    began = time.perf_counter()
    fleet.stage.operator.start()
    wait_until(lambda: fleet.metric("twotier_reconciles_total") >= 2 * COUNT, "the operator does not get through", 0.2)
    seconds = time.perf_counter() - began
    writes = fleet.metric("twotier_api_writes_total") - fleet.metric("twotier_api_writes_total", 'resource="leases"')
    megabytes = fleet.metric("process_resident_memory_bytes") / 1e6
    return [
        Figure(
            name=f"restart with {COUNT:,} tenants and their assignments in sync: API writes, the Lease apart",
            value=writes,
            unit="writes",
            budget=0,
            met=writes == 0,
            comparison=f"{2 * COUNT:,} reconciles, each with its look at the database, in {seconds:.1f} s",
        ),
        Figure(
            name=f"restart with {COUNT:,} tenants and their assignments in sync: memory held then",
            value=megabytes,
            unit="MB",
            budget=MEMORY_MEGABYTES,
            met=megabytes <= MEMORY_MEGABYTES,
            comparison=f"{2 * COUNT:,} resources, where the budget is for 10,000",
        ),
    ]


def _update(fleet: TenantFleet) -> Figure:
    began = time.perf_counter()
    fleet.apply_example("quickstart-next")
    status_writes = 'resource="pricelistassignments/status"'
    wait_until(
        lambda: fleet.metric("twotier_api_writes_total", status_writes) >= COUNT + 1, "not all tenants follow", 0.2
    )
    seconds = time.perf_counter() - began
    following = [item["status"]["revision"] for item in fleet.all_of("PriceListAssignment")]
    return Figure(
        name=f"a new version of the list, from its apply to the last status of {COUNT:,} tenants",
        value=seconds,
        unit="s",
        budget=UPDATE_SECONDS,
        met=seconds <= UPDATE_SECONDS and set(following) == {2},
        comparison=f"{following.count(2):,} assignments at revision 2",
    )


def _new_tenant(fleet: TenantFleet) -> Figure:
    worst = max(_seconds_to_ready(fleet, f"new-{number}") for number in range(NEW_TENANTS))
    return Figure(
        name=f"a new tenant beside {COUNT:,}, from the apply to Ready: worst of {NEW_TENANTS}",
        value=worst,
        unit="s",
        budget=NEW_TENANT_SECONDS,
        met=worst <= NEW_TENANT_SECONDS,
        comparison="provisioned, credentials made, first catalogue given",
    )


def _seconds_to_ready(fleet: TenantFleet, name: str) -> float:
    began = time.perf_counter()
    for body in model(name):
        fleet.create(body)
    wait_until(lambda: is_ready(fleet, name), f"{name} does not become Ready")
    return time.perf_counter() - began
