"""Building blocks of all responses: exact numbers, pages, problems."""

from decimal import Decimal
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, WithJsonSchema
from pydantic.alias_generators import to_camel


def _exact(amount: Decimal) -> str:
    return format(amount, "f")


Exact = Annotated[
    Decimal,
    PlainSerializer(_exact, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$", "examples": ["4.20"]}),
]
"""An exact decimal number, written as a string, never in scientific notation."""

Count = Annotated[int, Field(ge=0)]
Number = Annotated[int, Field(ge=1)]
Json = dict[str, Any]


class Shown(BaseModel):
    """An object of the API. Clients ignore unknown fields, so that newer servers can add some."""

    model_config = ConfigDict(
        alias_generator=to_camel, validate_by_name=True, validate_by_alias=True, frozen=True, extra="ignore"
    )


T = TypeVar("T", bound=Shown)


class Page(Shown, Generic[T]):
    """A page of rows in order, and the cursor of the next page."""

    items: tuple[T, ...]
    next: Annotated[
        str | None,
        Field(description="Cursor of the next page, to be passed as `after`; absent on the last page."),
    ] = None


class Problem(Shown):
    """Why a request failed (RFC 9457)."""

    type: Annotated[str, Field(description="Always about:blank: the status says what kind of problem it is.")] = (
        "about:blank"
    )
    title: Annotated[str, Field(description="The status in words.")]
    status: Annotated[int, Field(description="The HTTP status.")]
    detail: Annotated[str, Field(description="What is wrong, and what to do.")]
    instance: Annotated[str, Field(description="The path of the request.")]
