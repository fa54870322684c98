"""Reconcile everything again from time to time: this finds what no event reported."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import structlog

from twotier.runtime.api import ApiClient, ApiError
from twotier.runtime.caches import Caches
from twotier.runtime.intake import Intake
from twotier.runtime.kind import Kind
from twotier.runtime.queue import Priority, WorkQueue
from twotier.runtime.resource import Key

log = structlog.get_logger(__name__)


class Sweeper:
    """Queues every key again at a jittered interval, and drops those whose deletion no watch reported.

    Args:
        namespaces: the watched ones; None stands for all.
        random: a number from 0 to 1.
    """

    def __init__(
        self,
        *,
        caches: Caches,
        intake: Intake,
        queue: WorkQueue,
        api: ApiClient,
        namespaces: Sequence[str | None],
        interval_seconds: float,
        random: Callable[[], float],
    ) -> None:
        self._caches = caches
        self._intake = intake
        self._queue = queue
        self._api = api
        self._namespaces = namespaces
        self._interval = interval_seconds
        self._random = random

    async def run(self, kinds: Sequence[Kind[Any]]) -> None:
        """Sweep forever."""
        while True:
            await asyncio.sleep(self._interval * (0.5 + self._random()))
            for kind in kinds:
                await self.sweep(kind)

    async def sweep(self, kind: Kind[Any]) -> None:
        """Queue every key of a kind; an unreachable API server leaves the caches unchanged."""
        try:
            await self._drop_vanished(kind)
        except ApiError as error:
            log.warning("sweep could not list", kind=kind.name, error=str(error))
        self._queue.add(self._caches.keys(kind.name), Priority.SWEEP)

    async def _drop_vanished(self, kind: Kind[Any]) -> None:
        """Forget what was deleted while a watch was interrupted: the new list lacks it."""
        known = self._caches.keys(kind.name)
        if len(known) <= await self._count(kind):
            return
        for key in known - await self._listed(kind):
            body = await self._api.get(kind.api_resource, key.namespace, key.name)
            if body is None:
                self._intake.lost(key)

    async def _count(self, kind: Kind[Any]) -> int:
        return sum([await self._api.count(kind.api_resource, namespace) for namespace in self._namespaces])

    async def _listed(self, kind: Kind[Any]) -> frozenset[Key]:
        return frozenset(
            [
                Key(kind.name, item["metadata"]["namespace"], item["metadata"]["name"])
                for namespace in self._namespaces
                async for page in self._api.pages(kind.api_resource, namespace)
                for item in page["items"]
            ]
        )
