"""What all answers are made of: exact numbers, pages, problems."""

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
"""An exact decimal number, written as a string and never in powers of ten."""

Count = Annotated[int, Field(ge=0)]
Number = Annotated[int, Field(ge=1)]
Json = dict[str, Any]


class Shown(BaseModel):
    """An object of the API. Readers ignore fields that they do not know, so that a newer server may add some."""

    model_config = ConfigDict(
        alias_generator=to_camel, validate_by_name=True, validate_by_alias=True, frozen=True, extra="ignore"
    )


T = TypeVar("T", bound=Shown)


class Page(Shown, Generic[T]):
    """Some rows, in the order of the whole, and how to ask for those behind them."""

    items: tuple[T, ...]
    next: Annotated[
        str | None,
        Field(description="What to ask for with `after` to go on; absent on the last page."),
    ] = None


class Problem(Shown):
    """Why a request was not answered (RFC 9457)."""

    type: Annotated[str, Field(description="Always about:blank: the status says what kind of problem it is.")] = (
        "about:blank"
    )
    title: Annotated[str, Field(description="The status in words.")]
    status: Annotated[int, Field(description="The HTTP status.")]
    detail: Annotated[str, Field(description="What is wrong with this request, and what to do.")]
    instance: Annotated[str, Field(description="The path that was asked for.")]
