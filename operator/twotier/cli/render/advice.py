"""What a person can do next about a resource. Pure."""

from collections.abc import Iterator

from twotier.cli.client.connection import Json
from twotier.cli.client.observed import applied_when, is_approved, is_planned
from twotier.cli.render.resource import Standing
from twotier.kinds.describing import Step
from twotier.kinds.price_list_assignment.declaration import PriceListAssignmentSpec, PriceListAssignmentStatus
from twotier.kinds.schema.status import Status
from twotier.runtime.settings import INSTALLATION
from twotier.runtime.status import RECONCILING, STALLED
from twotier.words import short

ITSELF = "The operator looks again by itself."


def advice(standing: Standing) -> list[Step]:
    """Return what a person can do next, the most urgent first."""
    return list(_steps(standing)) or [Step("Nothing.")]


def _steps(standing: Standing) -> Iterator[Step]:
    shown = standing.shown
    if shown.spec.suspend:
        yield Step("Set spec.suspend to false to have it looked after again.")
    elif not shown.looked_at and not shown.status.conditions:
        yield Step("The operator has not looked at it yet: see whether it runs.", _OPERATOR)
        return
    else:
        yield from _of_conditions(shown.status)
    yield from standing.kind.description.steps(shown)
    yield from _of_assignment(standing)


def _of_conditions(status: Status) -> Iterator[Step]:
    stalled, reconciling = status.condition(STALLED), status.condition(RECONCILING)
    if stalled is not None:
        yield Step(stalled.message)
    elif reconciling is not None:
        yield Step(reconciling.message)
        yield Step(ITSELF)


def _of_assignment(standing: Standing) -> Iterator[Step]:
    spec, status = standing.shown.spec, standing.shown.status
    if isinstance(spec, PriceListAssignmentSpec) and isinstance(status, PriceListAssignmentStatus):
        yield from _approved(spec, status, standing.body)
        yield from () if spec.suspend else _next(standing.name, spec, status, standing.body)


def _approved(spec: PriceListAssignmentSpec, status: PriceListAssignmentStatus, body: Json) -> Iterator[Step]:
    if spec.approved_plan is not None and is_planned(status, body) and is_approved(spec, status):
        when = applied_when(spec, status)
        yield Step(f"Plan {short(spec.approved_plan)} is approved: the operator applies it {when}.")


def _next(name: str, spec: PriceListAssignmentSpec, status: PriceListAssignmentStatus, body: Json) -> Iterator[Step]:
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
