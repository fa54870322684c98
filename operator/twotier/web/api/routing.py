"""Routers of the API: absent values are left out of every response."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from starlette.routing import BaseRoute


class Router(APIRouter):
    """A router whose responses leave out absent values, instead of sending null."""

    def add_api_route(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        """Add a route; see `APIRouter`."""
        super().add_api_route(path, endpoint, **options | {"response_model_exclude_none": True})


def operation_id(route: BaseRoute) -> str:
    """Return the name of a route in the OpenAPI and in metrics."""
    return str(getattr(route, "name", "")).replace("_", "-")
