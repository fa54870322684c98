"""Which of several operators works: the holder of a Lease, fenced in the data plane by an epoch."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Any, Final

import structlog

from twotier.runtime.api import ApiClient, ApiError, ConflictError
from twotier.runtime.api_resource import LEASES

RETRY_FRACTION: Final = 7.5  # a Lease of 15 s is renewed every 2 s
JITTER: Final = 0.2

log = structlog.get_logger(__name__)


class LeadershipLostError(Exception):
    """Another operator leads, or the Lease could not be renewed in time; this process must end."""


class Step(Enum):
    """What to do about the Lease now."""

    CREATE = auto()
    TAKE = auto()
    RENEW = auto()
    WAIT = auto()


@dataclass(frozen=True, slots=True)
class LeaseSight:
    """A Lease as seen, and since when it has been unchanged.

    Attributes:
        since: by our own monotonic clock; the clocks of two machines are never compared.
    """

    holder: str
    renewed: str
    duration_seconds: float
    since: float


def next_step(sight: LeaseSight | None, identity: str, now: float) -> Step:
    """Decide what to do about a Lease; None means that it does not exist."""
    if sight is None:
        return Step.CREATE
    if sight.holder == identity:
        return Step.RENEW
    if not sight.holder or now - sight.since >= sight.duration_seconds:
        return Step.TAKE
    return Step.WAIT


def look(before: LeaseSight | None, lease: dict[str, Any], now: float) -> LeaseSight:
    """Take in a Lease; its age counts from the last change that we saw."""
    spec = lease.get("spec") or {}
    holder, renewed = spec.get("holderIdentity") or "", spec.get("renewTime") or ""
    unchanged = before is not None and (before.holder, before.renewed) == (holder, renewed)
    since = before.since if before is not None and unchanged else now
    return LeaseSight(holder, renewed, float(spec.get("leaseDurationSeconds") or 0), since)


class Leadership:
    """Takes, keeps and releases one Lease.

    Args:
        clock: seconds, monotonic.
        now: the wall clock, for people who read the Lease.
        random: a number from 0 to 1, which keeps two candidates apart.
        raise_epoch: called once after the Lease was taken; returns the new epoch of the data plane once no
            transaction of an earlier leader is under way any longer.
    """

    def __init__(
        self,
        api: ApiClient,
        *,
        namespace: str,
        name: str,
        identity: str,
        duration_seconds: int,
        raise_epoch: Callable[[], Awaitable[int]],
        clock: Callable[[], float],
        now: Callable[[], datetime],
        random: Callable[[], float],
    ) -> None:
        self._api = api
        self._namespace = namespace
        self._name = name
        self._identity = identity
        self._duration = duration_seconds
        self._raise_epoch = raise_epoch
        self._clock = clock
        self._now = now
        self._random = random
        self._sight: LeaseSight | None = None
        self._renewed_at: float | None = None
        self._epoch: int | None = None

    def leading(self) -> bool:
        """Return whether the Lease is ours and has not expired, even if this process was paused for a while."""
        return self._renewed_at is not None and self._clock() - self._renewed_at < self._duration

    def epoch(self) -> int:
        """Return the number of our leadership.

        Raises:
            LeadershipLostError: we do not lead.
        """
        if self._epoch is None:
            raise LeadershipLostError(f"{self._identity} does not lead.")
        return self._epoch

    async def acquire(self) -> None:
        """Wait until the Lease is ours."""
        held = False
        while not held:
            held = await self._tried(holding=False)
            if not held:
                await asyncio.sleep(self._pause())
        log.info("lease taken", lease=self._name, identity=self._identity)

    async def begin(self) -> None:
        """Raise the epoch; call this while `keep` renews the Lease, because it may take long."""
        self._epoch = await self._raise_epoch()
        log.info("leading", epoch=self._epoch)

    async def keep(self) -> None:
        """Renew the Lease forever.

        Raises:
            LeadershipLostError: another operator has it, or it could not be renewed in time.
        """
        while self.leading():
            await asyncio.sleep(self._pause())
            await self._tried(holding=True)
        raise LeadershipLostError(f"The lease {self._name} could not be renewed within {self._duration} s.")

    async def release(self) -> None:
        """Let another operator take over at once."""
        if not self.leading():
            return
        try:
            lease = await self._api.get(LEASES, self._namespace, self._name)
            if lease is not None and lease["spec"].get("holderIdentity") == self._identity:
                lease["spec"] |= {"holderIdentity": "", "leaseDurationSeconds": 1, "renewTime": self._timestamp()}
                await self._api.replace(LEASES, self._namespace, self._name, lease)
        except (ApiError, TimeoutError) as error:
            log.warning("lease not released; it will expire", error=str(error))
        self._renewed_at = None

    async def _tried(self, *, holding: bool) -> bool:
        """Try to take or renew the Lease once; return False if the API server cannot be reached."""
        try:
            async with asyncio.timeout(self._duration / 2):
                return await self._try(holding=holding)
        except ConflictError:
            return False  # another one was quicker; the next look shows which
        except (ApiError, TimeoutError) as error:
            log.warning("lease not reached", lease=self._name, error=f"{type(error).__name__}: {error}")
            return False

    async def _try(self, *, holding: bool) -> bool:
        asked_at = self._clock()
        lease = await self._api.get(LEASES, self._namespace, self._name)
        self._sight = None if lease is None else look(self._sight, lease, self._clock())
        step = next_step(self._sight, self._identity, self._clock())
        if holding and step is not Step.RENEW:
            # Even if it is free again: the operator that held it meanwhile has raised the epoch, and ours is void.
            raise LeadershipLostError(f"The lease {self._name} was taken over or deleted; another operator leads.")
        if step is Step.WAIT:
            return False
        if lease is None:
            answer = await self._api.create(LEASES, self._namespace, self._new())
        else:
            answer = await self._api.replace(
                LEASES, self._namespace, self._name, self._renewed(lease, taken=step is Step.TAKE)
            )
        self._sight = look(self._sight, answer, self._clock())
        # Counted from before the request: the Lease may have been written at any moment since.
        self._renewed_at = asked_at
        return True

    def _new(self) -> dict[str, Any]:
        metadata = {"name": self._name, "namespace": self._namespace}
        spec = {"leaseTransitions": 0, "acquireTime": self._timestamp(), **self._held()}
        return {"apiVersion": LEASES.api_version, "kind": LEASES.kind, "metadata": metadata, "spec": spec}

    def _renewed(self, lease: dict[str, Any], *, taken: bool) -> dict[str, Any]:
        spec = lease.get("spec") or {}
        transition = (
            {"leaseTransitions": int(spec.get("leaseTransitions") or 0) + 1, "acquireTime": self._timestamp()}
            if taken
            else {}
        )
        return {**lease, "spec": {**spec, **transition, **self._held()}}

    def _held(self) -> dict[str, Any]:
        return {
            "holderIdentity": self._identity,
            "leaseDurationSeconds": self._duration,
            "renewTime": self._timestamp(),
        }

    def _timestamp(self) -> str:
        return self._now().strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def _pause(self) -> float:
        return self._duration / RETRY_FRACTION * (1 + JITTER * self._random())
