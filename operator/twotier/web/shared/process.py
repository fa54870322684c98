"""Endpoints for the kubelet and Prometheus, on a port of their own: liveness, readiness, metrics.

They wait for nothing that requests of the API use up: neither for its port nor for its threads and connections.
"""

from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from twotier.web.shared.metrics import ServeMetrics
from twotier.web.shared.readiness import Readiness

router = APIRouter(include_in_schema=False)


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """The response itself is the proof that the event loop runs."""
    return {"status": "alive"}


@router.get("/readyz")
async def readyz(request: Request, response: Response) -> dict[str, str]:
    """Whether requests should be sent here."""
    readiness: Readiness = request.app.state.readiness
    reason = await readiness.obstacle()
    if reason is not None:
        response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
        return {"status": "not ready", "reason": reason}
    return {"status": "ready"}


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """The metrics of this process."""
    figures: ServeMetrics = request.app.state.metrics
    return Response(generate_latest(figures.registry), media_type=CONTENT_TYPE_LATEST)
