"""Request bodies, read only once the caller is authenticated, and only up to a limit."""

from http import HTTPStatus
from typing import Any, Final, TypeVar

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.requests import ClientDisconnect

from twotier.web.shared.problems import ProblemError, documented

MEBIBYTE: Final = 1 << 20
LARGEST_BODY: Final = 64 * MEBIBYTE

Model = TypeVar("Model", bound=BaseModel)


BODY_PROBLEMS: Final = documented(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
"""Additional problems of requests with a body."""


def described_body(model: type[BaseModel]) -> dict[str, Any]:
    """Describe a body that FastAPI does not read itself, for `openapi_extra`."""
    schema = {"$ref": f"#/components/schemas/{model.__name__}"}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


async def read_json(request: Request, model: type[Model], limit: int = LARGEST_BODY) -> Model:
    """Return the body of a request.

    FastAPI itself would read a body before it authenticates the caller, and without a limit.

    Args:
        request: whose body was not read yet.
        model: what it must be.
        limit: of its size in bytes.

    Raises:
        ProblemError: it is not JSON, or too large.
        RequestValidationError: it does not match the model.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise ProblemError(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Unsupported media type: send JSON with Content-Type: application/json."
        )
    content = await _read(request, limit)
    try:
        return model.model_validate_json(content)
    except ValidationError as error:
        faults = [{**fault, "loc": ("body", *fault["loc"])} for fault in error.errors(include_url=False)]
        raise RequestValidationError(faults) from error


async def _read(request: Request, limit: int) -> bytes:
    content = bytearray()
    try:
        async for chunk in request.stream():
            content += chunk
            if len(content) > limit:
                raise ProblemError(
                    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                    f"The request is larger than {limit // MEBIBYTE} MiB: compress the files with gzip, or send fewer "
                    "price lists at once.",
                )
    except ClientDisconnect as gone:
        raise ProblemError(HTTPStatus.BAD_REQUEST, "The request ended before its body was complete.") from gone
    return bytes(content)
