"""The access log and the metrics of requests: one line per response, without queries, headers or tokens."""

import time
from http import HTTPStatus
from typing import Final

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from twotier.web.api.routing import operation_id
from twotier.web.shared.metrics import ServeMetrics
from twotier.web.shared.problems import CLIENT_GONE

UNKNOWN: Final = "unknown"

log = structlog.get_logger(__name__)


class AccessLog:
    """Wraps an application."""

    def __init__(self, app: ASGIApp, metrics: ServeMetrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, and log it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = _Answer(send)
        began = time.monotonic()
        self._metrics.begin()
        try:
            await self._app(scope, receive, answer.send)
        except Exception:
            # Answered further out.
            answer.status = HTTPStatus.INTERNAL_SERVER_ERROR
            raise
        finally:
            self._tell(scope, answer, time.monotonic() - began)

    def _tell(self, scope: Scope, answer: "_Answer", seconds: float) -> None:
        operation = operation_id(scope["route"]) if "route" in scope else UNKNOWN
        self._metrics.end(scope["method"], operation, answer.status, seconds)
        log.info(
            "answered",
            method=scope["method"],
            path=scope["path"],
            status=answer.status,
            whole=answer.whole,
            bytes=answer.bytes,
            milliseconds=round(seconds * 1000, 1),
            user=scope.get("twotier.user"),
        )


class _Answer:
    """What was sent of a response."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status = CLIENT_GONE
        self.bytes = 0
        self.whole = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        elif message["type"] == "http.response.body":
            self.bytes += len(message.get("body", b""))
            self.whole = not message.get("more_body", False)
        await self._send(message)
