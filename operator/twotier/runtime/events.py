"""Kubernetes events about resources: for people, never waited for, never repeated."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final, Literal

import structlog

from twotier.runtime.api import ApiClient, ApiError
from twotier.runtime.api_resource import EVENTS
from twotier.runtime.kind import Kind
from twotier.runtime.resource import Observed

COMPONENT: Final = "twotier-operator"
MAX_MESSAGE: Final = 1024

log = structlog.get_logger(__name__)


class EventPoster:
    """Posts events in the background; one that cannot be posted is logged and lost."""

    def __init__(self, api: ApiClient, now: Callable[[], datetime]) -> None:
        self._api = api
        self._now = now
        self._posting: set[asyncio.Task[None]] = set()

    def post(
        self, kind: Kind[Any], resource: Observed, severity: Literal["Normal", "Warning"], reason: str, message: str
    ) -> None:
        """Start posting an event about a resource."""
        moment = self._now().strftime("%Y-%m-%dT%H:%M:%SZ")
        key = resource.key
        body = {
            "apiVersion": EVENTS.api_version,
            "kind": EVENTS.kind,
            "metadata": {"generateName": f"{key.name}.", "namespace": key.namespace},
            "involvedObject": {
                "apiVersion": kind.api_resource.api_version,
                "kind": kind.name,
                "namespace": key.namespace,
                "name": key.name,
                "uid": resource.uid,
            },
            "type": severity,
            "reason": reason,
            "message": message[:MAX_MESSAGE],
            "source": {"component": COMPONENT},
            "reportingComponent": COMPONENT,
            "firstTimestamp": moment,
            "lastTimestamp": moment,
            "count": 1,
        }
        task = asyncio.create_task(self._create(key.namespace, body))
        self._posting.add(task)
        task.add_done_callback(self._posting.discard)

    async def drain(self, seconds: float) -> None:
        """Wait a little for events that are under way, then give up on the rest."""
        if self._posting:
            _, late = await asyncio.wait(self._posting, timeout=seconds)
            for task in late:
                task.cancel()

    async def _create(self, namespace: str, body: dict[str, Any]) -> None:
        try:
            await self._api.create(EVENTS, namespace, body)
        except ApiError as error:
            log.warning("event not posted", reason=body["reason"], error=str(error))
