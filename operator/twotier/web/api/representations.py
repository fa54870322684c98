"""The formats of rows: a page of JSON, or all rows at once as CSV or as JSON Lines, streamed."""

import csv
import io
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from http import HTTPStatus
from itertools import islice
from typing import Annotated, Final, TypeVar

from fastapi import Depends, Header, Query

from twotier.web.api.models import Shown
from twotier.web.shared.problems import ProblemError

BLOCK_ROWS: Final = 500

T = TypeVar("T")
Item = TypeVar("Item", bound=Shown)
Row = Mapping[str, object]
Rows = Generator[T, None, None]
"""Read on demand, and released when closed."""


class Form(StrEnum):
    """The format of rows."""

    JSON = "json"
    CSV = "csv"
    NDJSON = "ndjson"

    @property
    def media_type(self) -> str:
        """Its media type."""
        return MEDIA_TYPES[self]


MEDIA_TYPES: Final = {
    Form.JSON: "application/json",
    Form.CSV: "text/csv; charset=utf-8; header=present",
    Form.NDJSON: "application/x-ndjson",
}


async def form(
    accept: Annotated[str, Header(include_in_schema=False)] = "*/*",
    format: Annotated[  # noqa: A002 -- the name of the parameter
        Form | None,
        Query(description="json is a page; csv and ndjson stream all rows. Default: by the header Accept."),
    ] = None,
) -> Form:
    """Return the format that a client requests.

    Raises:
        ProblemError: the client accepts none of the formats.
    """
    if format is not None:
        return format
    for wanted in _preferred(accept):
        match wanted:
            case "*/*" | "application/*" | "application/json":
                return Form.JSON
            case "text/*" | "text/csv":
                return Form.CSV
            case "application/x-ndjson" | "application/jsonl":
                return Form.NDJSON
    raise ProblemError(
        HTTPStatus.NOT_ACCEPTABLE,
        "Not acceptable: accept application/json, text/csv or application/x-ndjson, or use ?format=.",
    )


WantedForm = Annotated[Form, Depends(form)]


def blocks(rows: Rows[Item], wanted: Form, flat: Callable[[Item], Row], columns: Sequence[str]) -> Rows[bytes]:
    """Yield all rows in blocks, as they are read.

    Args:
        rows: closed when the last one is read, or reading fails.
        wanted: CSV or NDJSON.
        flat: a row's values for CSV, by column.
        columns: of CSV, in their order.
    """
    return _csv_blocks(rows, flat, columns) if wanted is Form.CSV else _ndjson_blocks(rows)


def _preferred(accept: str) -> list[str]:
    ranges = []
    for text in accept.split(","):
        name, *parameters = (part.strip().lower() for part in text.split(";"))
        quality = next((part[2:] for part in parameters if part.startswith("q=")), "1")
        ranges.append((name, float(quality) if quality.replace(".", "", 1).isdigit() else 0.0))
    return [name for name, quality in sorted(ranges, key=lambda pair: -pair[1]) if quality > 0]


def _csv_blocks(rows: Rows[Item], flat: Callable[[Item], Row], columns: Sequence[str]) -> Rows[bytes]:
    heading = _lines([columns])
    for batch in _batches(rows):
        yield heading + _lines([_cell(values.get(column)) for column in columns] for values in map(flat, batch))
        heading = b""
    if heading:
        yield heading


def _ndjson_blocks(rows: Rows[Item]) -> Rows[bytes]:
    for batch in _batches(rows):
        yield b"".join(row.model_dump_json(by_alias=True, exclude_none=True).encode() + b"\n" for row in batch)


def _batches(rows: Rows[Item]) -> Rows[list[Item]]:
    with closing(rows):
        while batch := list(islice(rows, BLOCK_ROWS)):
            yield batch


def _lines(values: Iterable[Iterable[object]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(values)
    return text.getvalue().encode()


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case Decimal():
            return format(value, "f")
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case _:
            return str(value)
