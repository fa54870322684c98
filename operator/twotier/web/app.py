"""The HTTP API as one application, built on parts that are passed to it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from importlib.metadata import version
from typing import Any, Final

from fastapi import APIRouter, FastAPI
from pydantic.json_schema import models_json_schema

from twotier.web.api.declarations import Declarations
from twotier.web.api.models import ApprovalRequest, DryRunRequest, Problem
from twotier.web.api.routes import (
    catalogue,
    dry_runs,
    entries,
    own,
    ownership,
    plans,
    price_lists,
    runs,
    tenants,
)
from twotier.web.api.routing import operation_id
from twotier.web.settings import Network
from twotier.web.shared import process
from twotier.web.shared.access import AccessLog
from twotier.web.shared.authentication import Authenticator, LetIn
from twotier.web.shared.bounds import Bounds, Limits
from twotier.web.shared.databases import Databases
from twotier.web.shared.metrics import ServeMetrics
from twotier.web.shared.pieces import InPieces
from twotier.web.shared.problems import answer_problems, documented
from twotier.web.shared.readiness import Readiness

BASE: Final = "/api/v1"
DISTRIBUTOR: Final = "/distributors/{namespace}/{distributor}"
DESCRIPTION: Final = """Plans, the Update Tenant Log, catalogues, price lists and ownership, for the distributor's \
staff.

Names are in camelCase, money is a string with an exact decimal number, times are RFC 3339 in UTC. Absent values are \
left out. Lists are paged: to get the next page, repeat the request with `after` set to `next` of the current page. \
With `Accept: text/csv` or `application/x-ndjson`, or `?format=`, all rows are sent. Failed requests are answered \
with a problem (RFC 9457) whose `detail` says what to do. With status 429 and 503, `Retry-After` says when to try \
again."""


@dataclass(frozen=True)
class Parts:
    """What the API is built on.

    Attributes:
        databases: where it reads.
        authenticator: identifies callers.
        declarations: how specs of resources are interpreted.
        metrics: where requests are counted.
        bounds: how much is done and held at once.
        trusted_proxies: the networks of proxies that say where a request comes from.
    """

    databases: Databases
    authenticator: Authenticator
    declarations: Declarations
    metrics: ServeMetrics
    bounds: Bounds = field(default_factory=Bounds)
    trusted_proxies: Sequence[Network] = ()


def create_app(parts: Parts) -> FastAPI:
    """Return the application, built on its parts."""
    app = described_app()
    app.state.databases = parts.databases
    app.state.authenticator = parts.authenticator
    app.state.limits = Limits(parts.bounds)
    app.state.trusted_proxies = parts.trusted_proxies
    app.state.declarations = parts.declarations
    app.add_middleware(InPieces)
    app.add_middleware(AccessLog, metrics=parts.metrics)
    return app


def create_probes(parts: Parts) -> FastAPI:
    """Return the application for the kubelet and Prometheus, on a port of its own."""
    probes = FastAPI(openapi_url=None, redirect_slashes=False)
    probes.state.readiness = Readiness(parts.databases)
    probes.state.metrics = parts.metrics
    probes.include_router(process.router)
    return probes


def described_app() -> FastAPI:
    """Return the application without its parts: enough to describe it, but not to serve requests."""
    app = _Application(
        title="TwoTier",
        version=version("twotier"),
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=operation_id,
    )
    app.include_router(_api())
    answer_problems(app)
    return app


class _Application(FastAPI):
    """Also describes the bodies that FastAPI does not read itself."""

    def openapi(self) -> dict[str, Any]:
        described = super().openapi()
        _, schemas = models_json_schema(
            [(Problem, "serialization"), (ApprovalRequest, "validation"), (DryRunRequest, "validation")],
            ref_template="#/components/schemas/{model}",
        )
        described["components"]["schemas"] |= schemas["$defs"]
        return described


def _api() -> APIRouter:
    problems = documented(
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.UNPROCESSABLE_ENTITY,
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.SERVICE_UNAVAILABLE,
    )
    api = APIRouter(prefix=BASE, dependencies=[LetIn], responses=problems)
    for router in (
        tenants.router,
        plans.router,
        runs.router,
        entries.router,
        own.router,
        catalogue.router,
        price_lists.router,
        dry_runs.router,
    ):
        api.include_router(router, prefix=DISTRIBUTOR)
    api.include_router(ownership.router)
    return api
