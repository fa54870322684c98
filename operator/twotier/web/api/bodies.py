"""Request bodies: read only once the caller is authenticated, and never more of them than there is memory for."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any, Final, TypeVar

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.requests import ClientDisconnect

from twotier.web.shared.bounds import MEBIBYTE, Bounds
from twotier.web.shared.problems import ProblemError, documented
from twotier.web.shared.work import Work

LARGEST_BODY: Final = 64 * MEBIBYTE
SMALL_BODY: Final = 64 * 1024
"""Up to this size, a body is let in whatever others send: open requests are limited, too."""
CLOSE: Final = {"Connection": "close"}
"""For a client whose body is not worth waiting for. Others send theirs before they read, and a connection that is
closed meanwhile takes the answer with it: what is not wanted of a body is dropped, see `web.listener`."""

Model = TypeVar("Model", bound=BaseModel)


BODY_PROBLEMS: Final = documented(
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.LENGTH_REQUIRED,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
)
"""Additional problems of requests with a body."""


def described_body(model: type[BaseModel]) -> dict[str, Any]:
    """Describe a body that FastAPI does not read itself, for `openapi_extra`."""
    schema = {"$ref": f"#/components/schemas/{model.__name__}"}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


@asynccontextmanager
async def body_of(request: Request, work: Work) -> AsyncIterator[bytearray]:
    """Give the body of a request, and hold the memory for it until the end of the block.

    FastAPI itself would read a body before it authenticates the caller, without a limit, and however long it takes.

    Args:
        request: whose body was not read yet.
        work: of the request.

    Raises:
        ProblemError: it is not JSON, too large, or too slow, or there is no memory for it at present.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise ProblemError(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Unsupported media type: send JSON with Content-Type: application/json."
        )
    length = _length(request)
    with work.limits.bodies.held(work.token, length if length > SMALL_BODY else 0):
        yield await _read(request, work.limits.bounds)


def parsed(content: bytearray, model: type[Model]) -> Model:
    """Return what a body holds. It may be large: call this in a thread.

    Raises:
        RequestValidationError: it does not match the model.
    """
    try:
        return model.model_validate_json(content)
    except ValidationError as error:
        faults = [{**fault, "loc": ("body", *fault["loc"])} for fault in error.errors(include_url=False)]
        raise RequestValidationError(faults) from error


def _length(request: Request) -> int:
    length = request.headers.get("content-length")
    # A body in chunks may be longer than any length beside it.
    if length is None or "transfer-encoding" in request.headers:
        raise ProblemError(
            HTTPStatus.LENGTH_REQUIRED, "The length of the request is missing: send it with Content-Length."
        )
    if int(length) > LARGEST_BODY:
        raise ProblemError(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            f"The request is larger than {LARGEST_BODY // MEBIBYTE} MiB: compress the files with gzip, or send fewer "
            "price lists at once.",
        )
    return int(length)


async def _read(request: Request, bounds: Bounds) -> bytearray:
    content = bytearray()
    loop = asyncio.get_running_loop()
    latest = loop.time() + bounds.body_grace.total_seconds()
    try:
        async with asyncio.timeout_at(latest) as limit:
            async for chunk in request.stream():
                content += chunk
                limit.reschedule(latest + len(content) / bounds.body_rate)
    except ClientDisconnect as gone:
        raise ProblemError(HTTPStatus.BAD_REQUEST, "The request ended before its body was complete.") from gone
    except TimeoutError as slow:
        raise ProblemError(
            HTTPStatus.REQUEST_TIMEOUT,
            f"The request came too slowly: after {len(content)} bytes, less than {bounds.body_rate} bytes a second "
            "arrived. Use a faster connection, or send fewer price lists at once.",
            CLOSE,
        ) from slow
    return content
