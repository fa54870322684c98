"""Watches of resource types that a cluster may lack: one that is installed later is found, a removed one dropped.

Kopf looks for types only when it starts, and a watch of one that has vanished ends all its watches.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

import aiohttp
import structlog

from twotier.runtime.api import ApiClient
from twotier.runtime.foreign import Foreign
from twotier.runtime.intake import Intake
from twotier.runtime.resource import Key

ROUND_SECONDS: Final = 300
GRACE_SECONDS: Final = 30
ABSENT: Final = (HTTPStatus.NOT_FOUND, HTTPStatus.FORBIDDEN)
PARAMETERS: Final = {
    "watch": "true",
    "sendInitialEvents": "true",
    "resourceVersionMatch": "NotOlderThan",
    "allowWatchBookmarks": "true",
    "timeoutSeconds": str(ROUND_SECONDS),
}
LIST_ENDS: Final = "k8s.io/initial-events-end"


@dataclass(frozen=True, slots=True)
class Pauses:
    """How long to wait before the next round, in seconds: after one that ended, and if the type does not exist."""

    ended: float = 1.0
    absent: float = 20.0


PAUSES: Final = Pauses()

Event = dict[str, Any]

log = structlog.get_logger(__name__)


class Follower:
    """Keeps the intake informed of one type in one namespace, for as long as it runs.

    Each round begins with all objects, so nothing is missed between two rounds.

    Attributes:
        listed: is set once all objects have been seen, or cannot be.
    """

    def __init__(
        self, foreign: Foreign, namespace: str | None, api: ApiClient, intake: Intake, pauses: Pauses = PAUSES
    ) -> None:
        self.listed = asyncio.Event()
        self._foreign = foreign
        self._url = api.access.server + foreign.resource.path(namespace)
        self._parameters = PARAMETERS | ({"labelSelector": foreign.label} if foreign.label else {})
        self._api = api
        self._intake = intake
        self._pauses = pauses
        self._known: frozenset[Key] = frozenset()
        self._status: int | None = None

    async def run(self) -> None:
        """Follow forever."""
        timeout = aiohttp.ClientTimeout(total=ROUND_SECONDS + GRACE_SECONDS, sock_connect=5)
        async with self._api.watches() as session:
            while True:
                try:
                    async with session.get(self._url, params=self._parameters, timeout=timeout) as response:
                        pause = await self._round(response)
                except (aiohttp.ClientError, TimeoutError) as error:
                    log.debug("watch interrupted", kind=self._foreign.resource.kind, error=str(error))
                    pause = self._pauses.ended
                self.listed.set()
                await asyncio.sleep(pause)

    async def _round(self, response: aiohttp.ClientResponse) -> float:
        """Take in the events of a watch until it ends; return how long to wait before the next one."""
        self._tell(response.status)
        if response.status in ABSENT:
            self._keep(frozenset())
        if not response.ok:
            return self._pauses.absent
        seen: set[Key] | None = set()
        async for event in _events(response):
            seen = self._take(event, seen)
        return self._pauses.ended

    def _take(self, event: Event, seen: set[Key] | None) -> set[Key] | None:
        """Take in one event; `seen` are the objects of the list that begins each round, None after its end."""
        self._intake.event(self._foreign.resource.kind)
        body = event["object"]
        match event["type"]:
            case "ADDED" | "MODIFIED":
                key = self._intake.saw_foreign(self._foreign, body)
                self._known |= {key}
                if seen is not None:
                    seen.add(key)
            case "DELETED":
                self._keep(self._known - {Key.of(self._foreign.resource.kind, body)})
            case "BOOKMARK" if LIST_ENDS in body["metadata"].get("annotations", {}):
                self._keep(frozenset(seen or ()))
                self.listed.set()
                return None
        return seen

    def _keep(self, kept: frozenset[Key]) -> None:
        for lost in self._known - kept:
            self._intake.lost_foreign(lost)
        self._known &= kept

    def _tell(self, status: int) -> None:
        if status != self._status:
            self._status = status
            log.info(
                "watched" if status == HTTPStatus.OK else "not watched", kind=self._foreign.resource.kind, status=status
            )


async def _events(response: aiohttp.ClientResponse) -> AsyncIterator[Event]:
    """The lines of a watch, which may be longer than aiohttp's limit for a line."""
    rest = b""
    async for chunk in response.content.iter_any():
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            yield json.loads(line)
