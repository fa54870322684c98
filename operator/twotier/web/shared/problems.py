"""Responses to requests that fail (RFC 9457): what is wrong, and what to do."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from twotier.bss.database import TookTooLongError
from twotier.bss.unfit import DatabaseUnfitError
from twotier.web.api.models import Problem

MEDIA_TYPE: Final = "application/problem+json"
RETRY_SECONDS: Final = "5"
BUSY_SECONDS: Final = 2
SHOWN_FAULTS: Final = 5
CLIENT_GONE: Final = 499
"""The status in the log if nobody was left to get a response."""

log = structlog.get_logger(__name__)


class ProblemError(Exception):
    """A request is answered with a problem.

    Args:
        status: of the response.
        detail: what is wrong, and what to do.
        headers: of the response, in addition to the usual ones.
    """

    def __init__(self, status: HTTPStatus, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers or {}


def not_found(detail: str) -> ProblemError:
    """Return the problem of something that does not exist."""
    return ProblemError(HTTPStatus.NOT_FOUND, detail)


def unavailable(detail: str) -> ProblemError:
    """Return the problem of a component that is unavailable; the same request may succeed later."""
    return ProblemError(HTTPStatus.SERVICE_UNAVAILABLE, detail, {"Retry-After": RETRY_SECONDS})


def too_many(told: str, seconds: int = BUSY_SECONDS) -> ProblemError:
    """Return the problem of a request that others leave no room for; the same request may succeed later.

    Args:
        told: what is too much, as the beginning of a sentence.
        seconds: until it is worth another try.
    """
    detail = f"{told}: try again in {seconds} second{'' if seconds == 1 else 's'}."
    return ProblemError(HTTPStatus.TOO_MANY_REQUESTS, detail, {"Retry-After": str(seconds)})


def documented(*statuses: HTTPStatus) -> dict[int | str, dict[str, Any]]:
    """Return the OpenAPI description of problems with these statuses."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        int(status): {"description": status.phrase, "content": {MEDIA_TYPE: {"schema": schema}}} for status in statuses
    }


def answer_problems(app: FastAPI) -> None:
    """Answer every failure with a problem."""
    app.add_exception_handler(ProblemError, _of_problem)
    app.add_exception_handler(HTTPException, _of_http)
    app.add_exception_handler(RequestValidationError, _of_input)
    app.add_exception_handler(DatabaseUnfitError, _of_database)
    app.add_exception_handler(TookTooLongError, _of_long_read)
    app.add_exception_handler(Exception, _of_failure)


def answer(request: Request, problem: ProblemError) -> Response:
    """Return the response for a problem."""
    body = Problem(
        title=problem.status.phrase,
        status=problem.status,
        detail=problem.detail,
        instance=request.url.path,
    )
    return Response(body.model_dump_json(by_alias=True), problem.status, dict(problem.headers), media_type=MEDIA_TYPE)


async def _of_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, ProblemError)  # noqa: S101 -- registered for these alone
    return answer(request, error)


async def _of_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 -- registered for these alone
    status = HTTPStatus(error.status_code)
    details = {
        HTTPStatus.NOT_FOUND: "Not found: /openapi.json lists all paths.",
        HTTPStatus.METHOD_NOT_ALLOWED: f"{request.method} is not allowed on this path: /openapi.json lists what is.",
    }
    return answer(request, ProblemError(status, details.get(status, str(error.detail)), error.headers))


async def _of_input(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 -- registered for these alone
    faults = [_fault(fault) for fault in error.errors()]
    more = [f"and {len(faults) - SHOWN_FAULTS} more"] if len(faults) > SHOWN_FAULTS else []
    detail = f"Correct the request: {'; '.join([*faults[:SHOWN_FAULTS], *more])}."
    return answer(request, ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, detail))


async def _of_database(request: Request, error: Exception) -> Response:
    log.warning("the database cannot be used", reason=str(error))
    return answer(
        request,
        unavailable("The database cannot be used at present. Try again later; the log of `twotier serve` says why."),
    )


async def _of_long_read(request: Request, _: Exception) -> Response:
    return answer(
        request, unavailable("Reading took too long and was ended: request smaller pages, or try again later.")
    )


async def _of_failure(request: Request, _: Exception) -> Response:
    detail = "The request failed because of an internal error: see the log of `twotier serve` at this time."
    return answer(request, ProblemError(HTTPStatus.INTERNAL_SERVER_ERROR, detail))


def _fault(fault: Mapping[str, Any]) -> str:
    # The input itself is not repeated: it may be a file, or a misplaced secret.
    place = ".".join(str(part) for part in fault["loc"])
    return f"{place}: {str(fault['msg']).lower()}"
