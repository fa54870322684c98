"""Waiting for resources while reporting what happens to them."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from twotier.dev.demo.stage import Stage
from twotier.dev.failure import EnvironmentUnfitError
from twotier.dev.output import Output
from twotier.dev.processes import tail

KINDS: Final = ("Distributor", "PriceList", "TenantReseller", "PriceListAssignment")
PATIENCE_SECONDS: Final = 300
POLL_SECONDS: Final = 0.5

Resources = Sequence[Mapping[str, Any]]
"""Of the kinds above, as the API server returns them."""


class NotReadyError(EnvironmentUnfitError):
    """A resource did not reach the expected state; the message says what it is waiting for."""


@dataclass(frozen=True, slots=True)
class Observed:
    """What the status of a resource says about its current spec."""

    name: str
    current: bool
    ready: bool
    stalled: bool
    explanation: str

    @classmethod
    def of(cls, resource: Mapping[str, Any]) -> "Observed":
        """Read a resource as the API server returns it."""
        metadata, status = resource["metadata"], resource.get("status", {})
        conditions = {item["type"]: item for item in status.get("conditions", ())}
        current = status.get("observedGeneration") == metadata["generation"]
        ready = conditions.get("Ready", {})
        return cls(
            name=f"{resource['kind']} {metadata['name']}",
            current=current,
            ready=current and ready.get("status") == "True" and conditions.get("UpToDate", ready)["status"] == "True",
            stalled=current and conditions.get("Stalled", {}).get("status") == "True",
            explanation=f"{ready['reason']}: {ready['message']}" if ready and current else "not observed yet",
        )


class Witness:
    """Reports what happens to the resources of the demo, each event once."""

    def __init__(self, stage: Stage, output: Output) -> None:
        self._stage = stage
        self._output = output
        self._told: set[Observed] = set()

    def wait_until_ready(self) -> Resources:
        """Wait until all resources are ready and the tenants have their lists' newest revisions; see `wait_until`."""
        return self.wait_until(_ready_and_followed)

    def wait_until(self, reached: Callable[[Resources], bool]) -> Resources:
        """Wait until the resources are in the expected state.

        Args:
            reached: decides by all resources, once every status describes the current spec.

        Returns:
            the resources as the API server then has them.

        Raises:
            NotReadyError: a resource is stalled, the operator ended, or it takes too long.
        """
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            resources = self._stage.cluster.get(",".join(KINDS), f"--namespace={self._stage.namespace}")["items"]
            seen = [Observed.of(resource) for resource in sorted(resources, key=lambda item: KINDS.index(item["kind"]))]
            self._tell(seen)
            if seen and all(item.current for item in seen) and reached(resources):
                return list(resources)
            _require_progress(self._stage, seen, deadline)
            time.sleep(POLL_SECONDS)

    def _tell(self, seen: Sequence[Observed]) -> None:
        for item in seen:
            if item in self._told:
                continue
            if item.ready:
                self._output.success(f"{item.name}: {item.explanation}")
            else:
                self._output.step(f"… {item.name}: {item.explanation}")
        self._told.update(seen)


def only(resources: Resources, kind: str) -> Mapping[str, Any]:
    """Return the one resource of a kind."""
    (found,) = (item for item in resources if item["kind"] == kind)
    return found


def _ready_and_followed(resources: Resources) -> bool:
    """An assignment learns of a new revision a moment after its list became ready."""
    if not all(Observed.of(resource).ready for resource in resources):
        return False
    newest = {item["metadata"]["name"]: item["status"]["revision"] for item in resources if item["kind"] == "PriceList"}
    return all(
        item["status"].get("revision") == newest[item["spec"]["priceList"]]
        for item in resources
        if item["kind"] == "PriceListAssignment"
    )


def _require_progress(stage: Stage, seen: Sequence[Observed], deadline: float) -> None:
    late = time.monotonic() > deadline
    waiting = [item for item in seen if item.stalled or (late and not item.ready)]
    if waiting or late:
        list_of_them = "\n".join(f"    {item.name}: {item.explanation}" for item in waiting)
        raise NotReadyError(f"not ready:\n{list_of_them}\nthe end of the operator's log:\n{tail(stage.operator.log)}")
    if not stage.operator.running:
        raise NotReadyError(f"the operator ended; the end of its log:\n{tail(stage.operator.log)}")
