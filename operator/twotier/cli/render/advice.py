"""What a person can do next about a resource. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from twotier.cli.client.connection import Json
from twotier.cli.client.observed import applied_when, is_approved, is_planned
from twotier.cli.render.resource import Standing
from twotier.kinds.price_list.declaration import PriceListSpec, PriceListStatus
from twotier.kinds.price_list_assignment.declaration import PriceListAssignmentSpec, PriceListAssignmentStatus
from twotier.runtime.settings import INSTALLATION
from twotier.runtime.status import RECONCILING, STALLED
from twotier.words import short

ITSELF = "The operator looks again by itself."


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do.

    Attributes:
        what: in words.
        command: to type, or YAML to write, a line each; none where the words say it all.
    """

    what: str
    command: tuple[str, ...] = ()


def advice(standing: Standing) -> list[Step]:
    """Return what a person can do next, the most urgent first."""
    return list(_steps(standing)) or [Step("Nothing.")]


def _steps(standing: Standing) -> Iterator[Step]:
    if standing.spec.suspend:
        yield Step("Set spec.suspend to false to have it looked after again.")
        yield from _approved(standing)
        return
    if not standing.looked_at and not standing.status.conditions:
        yield Step("The operator has not looked at it yet: see whether it runs.", _OPERATOR)
        return
    stalled, reconciling = standing.condition(STALLED), standing.condition(RECONCILING)
    if stalled is not None:
        yield Step(stalled.message)
    elif reconciling is not None:
        yield Step(reconciling.message)
        yield Step(ITSELF)
    if isinstance(standing.status, PriceListStatus) and isinstance(standing.spec, PriceListSpec):
        yield from _of_price_list(standing.spec, standing.status, looked_at=standing.looked_at)
    if isinstance(standing.status, PriceListAssignmentStatus) and isinstance(standing.spec, PriceListAssignmentSpec):
        yield from _approved(standing)
        yield from _of_assignment(standing.name, standing.spec, standing.status, standing.body)


def _of_price_list(spec: PriceListSpec, status: PriceListStatus, *, looked_at: bool) -> Iterator[Step]:
    if status.held is not None:
        # It would be through by now if the acceptance were still good.
        used_up = looked_at and spec.accepted_digest == status.held.digest
        accepting = "take spec.acceptedDigest away and set it again" if used_up else "let exactly that through"
        yield Step(
            f"Correct the source; or, if its content is right, {accepting}:",
            ("spec:", f"  acceptedDigest: {status.held.digest}"),
        )
    if status.suspects:
        yield Step("Put the missing offers back into the source, if they are missing by accident.")


def _approved(standing: Standing) -> Iterator[Step]:
    spec, status = standing.spec, standing.status
    if not isinstance(spec, PriceListAssignmentSpec) or not isinstance(status, PriceListAssignmentStatus):
        return
    if spec.approved_plan is not None and is_planned(status, standing.body) and is_approved(spec, status):
        when = applied_when(spec, status)
        yield Step(f"Plan {short(spec.approved_plan)} is approved: the operator applies it {when}.")


def _of_assignment(
    name: str, spec: PriceListAssignmentSpec, status: PriceListAssignmentStatus, body: Json
) -> Iterator[Step]:
    planned = status.plan is not None and is_planned(status, body)
    if planned:
        yield Step("Look at what the plan changes:", (f"kubectl twotier plan {name} --entries",))
    if spec.restore_run is not None:
        yield Step("Remove spec.restoreRun to follow the price list again.")
    elif planned and spec.approval == "Manual" and not is_approved(spec, status):
        yield Step("Approve it:", (f"kubectl twotier approve {name}",))
    if status.run is not None:
        yield Step("See what each update did:", (f"kubectl twotier log {name}",))


_OPERATOR = (f"kubectl --namespace={INSTALLATION} get deployment twotier-operator",)
