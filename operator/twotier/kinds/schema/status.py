"""What the status of every kind has."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from twotier.kinds.schema.model import Declared
from twotier.runtime.status import READY, RECONCILING, STALLED

Count = Annotated[int, Field(ge=0, le=2**53)]


class StatusCondition(Declared):
    """One aspect of the state of a resource."""

    type: Annotated[str, Field(min_length=1, max_length=316, description="The aspect, such as Ready.")]
    status: Annotated[Literal["True", "False", "Unknown"], Field(description="Whether it holds.")]
    observed_generation: Annotated[
        int | None, Field(ge=0, description="The generation of the resource that this is about.")
    ] = None
    last_transition_time: Annotated[datetime, Field(description="When the status last changed.")]
    reason: Annotated[
        str, Field(min_length=1, max_length=1024, description="Why, in one word for programs; see the reference.")
    ]
    message: Annotated[str, Field(max_length=32768, description="Why, and what to do, in words.")]


class Status(Declared):
    """What the operator reports about a resource."""

    observed_generation: Annotated[
        int | None, Field(ge=-1, description="The generation that this status is about; -1 before the first one.")
    ] = None
    last_handled_reconcile_at: Annotated[
        str | None,
        Field(
            max_length=256,
            description="The newest value of the annotation reconcile.fluxcd.io/requestedAt that was acted on.",
        ),
    ] = None
    conditions: Annotated[
        tuple[StatusCondition, ...],
        Field(
            max_length=32,
            description="The state by aspect; Ready sums it up.",
            json_schema_extra={"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["type"]},
        ),
    ] = ()

    def condition(self, type_: str) -> StatusCondition | None:
        """Return a condition, if it is shown."""
        return next((each for each in self.conditions if each.type == type_), None)

    def speaks_of(self, generation: int) -> bool:
        """Return whether the operator has observed this generation of the spec.

        Conditions tell. `observed_generation` lags while the resource waits for something, and Ready
        does while it is deleted.
        """
        found = (self.condition(type_) for type_ in (READY, RECONCILING, STALLED))
        return any(each is not None and each.observed_generation == generation for each in found)
