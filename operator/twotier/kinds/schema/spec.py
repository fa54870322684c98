"""What the spec of every kind has."""

from typing import Annotated

from pydantic import Field

from twotier.kinds.schema.model import Declared


class Spec(Declared):
    """What a user declares."""

    suspend: Annotated[
        bool,
        Field(description="Stop reconciling until this is false; deletion still takes effect."),
    ] = False
