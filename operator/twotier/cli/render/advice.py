"""What a person can do next about a resource. Pure."""

from collections.abc import Iterator

from twotier.cli.render.resource import Standing
from twotier.kinds.describing import Step
from twotier.kinds.schema.status import Status
from twotier.runtime.settings import INSTALLATION
from twotier.runtime.status import RECONCILING, STALLED

ITSELF = "The operator retries automatically."


def advice(standing: Standing) -> list[Step]:
    """Return what a person can do next, the most urgent first."""
    return list(_steps(standing)) or [Step("Nothing.")]


def _steps(standing: Standing) -> Iterator[Step]:
    shown = standing.shown
    if standing.fault is not None:
        yield Step(f"Correct the spec: {standing.fault}.")
        return
    if shown.spec.suspend:
        yield Step("Set spec.suspend to false to have it reconciled again.")
    elif not shown.looked_at and not shown.status.conditions:
        yield Step("The operator has not observed it yet: check that it is running.", _OPERATOR)
        return
    else:
        yield from _of_conditions(shown.status)
    yield from standing.kind.description.steps(shown)


def _of_conditions(status: Status) -> Iterator[Step]:
    stalled, reconciling = status.condition(STALLED), status.condition(RECONCILING)
    if stalled is not None:
        yield Step(stalled.message)
    elif reconciling is not None:
        yield Step(reconciling.message)
        yield Step(ITSELF)


_OPERATOR = (f"kubectl --namespace={INSTALLATION} get deployment twotier-operator",)
