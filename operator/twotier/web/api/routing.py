"""Routers of the API: absent values are left out of every response, and what reads the database awaits its turn."""

import inspect
from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from fastapi import APIRouter
from starlette.routing import BaseRoute

from twotier.web.shared.work import OfRequest, Work

WORK = "work"


class Router(APIRouter):
    """A router whose responses leave out absent values, instead of sending null."""

    def add_api_route(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        """Add a route; see `APIRouter`. An endpoint that is not a coroutine is called as the work of its request."""
        called = endpoint if inspect.iscoroutinefunction(endpoint) else _as_work(endpoint)
        super().add_api_route(path, called, **options | {"response_model_exclude_none": True})


def operation_id(route: BaseRoute) -> str:
    """Return the name of a route in the OpenAPI and in metrics."""
    return str(getattr(route, "name", "")).replace("_", "-")


def _as_work(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    """Have an endpoint called in a thread, once it is its turn."""

    @wraps(endpoint)
    async def answer(**arguments: Any) -> Any:
        work: Work = arguments.pop(WORK)
        return await work.run(partial(endpoint, **arguments))

    # What FastAPI passes is what the signature names.
    signature = inspect.signature(endpoint)
    added = inspect.Parameter(WORK, inspect.Parameter.KEYWORD_ONLY, annotation=OfRequest)
    answer.__signature__ = signature.replace(parameters=[*signature.parameters.values(), added])  # type: ignore[attr-defined]  # what `inspect.signature` reads
    return answer
