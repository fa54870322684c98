"""The operator's process: it competes for the lead, works while it leads, and cleans up."""

import asyncio
import gc
import os
import random
import signal
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import structlog
from prometheus_client import CollectorRegistry

from twotier.runtime import logs
from twotier.runtime.api import ApiClient, ApiError
from twotier.runtime.backoff import Backoff
from twotier.runtime.caches import Caches
from twotier.runtime.cluster import Cluster
from twotier.runtime.credentials import CredentialsError, find_access
from twotier.runtime.events import EventPoster
from twotier.runtime.following import Follower
from twotier.runtime.health import Vitals, serving
from twotier.runtime.hosts import NOWHERE, Hosts
from twotier.runtime.intake import Intake
from twotier.runtime.kind import Kind, followed
from twotier.runtime.leadership import Leadership, LeadershipLostError
from twotier.runtime.listing import KindUnavailableError, wait_until_listed
from twotier.runtime.memory import return_large_buffers
from twotier.runtime.metrics import Metrics
from twotier.runtime.queue import WorkQueue
from twotier.runtime.reconciler import Reconciler
from twotier.runtime.resource import Key
from twotier.runtime.settings import INSTALLATION, Settings
from twotier.runtime.status import holding
from twotier.runtime.sweeper import Sweeper
from twotier.runtime.watching import watch
from twotier.runtime.workers import Workers

GARBAGE_THRESHOLD: Final = 20_000
DRAIN_SECONDS: Final = 2.0
JITTER: Final = random.random  # keeps machines apart; not used for secrets

MakeKinds = Callable[[Cluster], Sequence[Kind[Any]]]
RaiseEpoch = Callable[[], Awaitable[int]]
Prepare = Callable[[], Awaitable[None]]

log = structlog.get_logger(__name__)


class UnpreparedError(Exception):
    """What the operator works on is not ready for use; the message says what to do."""


async def _nothing() -> None:
    pass


@dataclass(frozen=True, slots=True)
class DataPlane:
    """What the operator works on besides the cluster. Both raise UnpreparedError if waiting would not help.

    Attributes:
        raise_epoch: fences off earlier leaders and returns the new epoch; called when this operator leads.
        prepare: returns once there is something to work on; until then the process is alive, not ready, and does not
            compete for the lead.
    """

    raise_epoch: RaiseEpoch
    prepare: Prepare = _nothing


def run(make_kinds: MakeKinds, settings: Settings, data_plane: DataPlane, hosts: Hosts = NOWHERE) -> int:
    """Run the operator until SIGTERM, SIGINT or a failure; return the exit status of the process.

    Args:
        make_kinds: builds the kinds on what they may ask of the cluster; called once.
        hosts: the servers that files are fetched from.
    """
    logs.configure(settings)
    return_large_buffers()
    # With its default, the collector scans the 10,000 tasks of a start again and again.
    gc.set_threshold(GARBAGE_THRESHOLD)
    try:
        asyncio.run(_run(make_kinds, settings, data_plane, hosts))
    except (
        ApiError, CredentialsError, KindUnavailableError, LeadershipLostError, OSError, UnpreparedError
    ) as error:  # fmt: skip
        log.error("operator ended", reason=str(error))
        return 1
    except Exception:
        log.exception("operator ended")
        return 1
    return 0


async def _run(make_kinds: MakeKinds, settings: Settings, data_plane: DataPlane, hosts: Hosts) -> None:
    access = find_access(settings.kubeconfig, os.environ)
    metrics = Metrics(CollectorRegistry())
    async with ApiClient(access, metrics) as api:
        operator = Operator(make_kinds, settings, data_plane, api, metrics, hosts=hosts)
        async with serving(settings.host, settings.port, operator.vitals, metrics):
            await operator.run()


@dataclass(frozen=True, slots=True)
class Watches:
    """Kopf's state: started, to be stopped, ended."""

    started: asyncio.Event = field(default_factory=asyncio.Event)
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)


class _Stopped(Exception):  # noqa: N818 -- the way out of the task group, not an error
    """The operator was told to stop, and has."""


class WatchEndedError(Exception):
    """The watches ended unexpectedly; without them the operator would notice nothing."""


class Operator:
    """All parts of one operator, wired together."""

    def __init__(
        self,
        make_kinds: MakeKinds,
        settings: Settings,
        data_plane: DataPlane,
        api: ApiClient,
        metrics: Metrics,
        *,
        hosts: Hosts,
    ) -> None:
        self._settings = settings
        self._prepare = data_plane.prepare
        self._prepared = False
        self._api = api
        self._caches = Caches()
        self._queue = WorkQueue(time.monotonic, Backoff(JITTER), settings.workers)
        self._intake = Intake(self._caches, self._queue, metrics, time.monotonic)
        self._events = EventPoster(api, _now)
        self._leadership = _leadership(settings, data_plane.raise_epoch, api)
        self._cluster = Cluster(api, self._caches, self._intake, self._leadership.epoch, hosts)
        self._kinds = make_kinds(self._cluster)
        self._caches.register(self._kinds)
        reconciler = Reconciler(
            caches=self._caches,
            intake=self._intake,
            queue=self._queue,
            api=api,
            events=self._events,
            metrics=metrics,
            leading=self._leadership.leading,
            now=_now,
        )
        self._workers = Workers(self._queue, reconciler.work, count=settings.workers)
        self._sweeper = Sweeper(
            caches=self._caches,
            intake=self._intake,
            queue=self._queue,
            api=api,
            namespaces=self._namespaces,
            interval_seconds=settings.sweep_interval.total_seconds(),
            random=JITTER,
        )
        self._followers = [
            Follower(foreign, namespace, api, self._intake)
            for foreign in followed(self._kinds, optional=True)
            for namespace in self._namespaces
        ]
        self._show(metrics)

    def _show(self, metrics: Metrics) -> None:
        metrics.watch_operator(
            depth=lambda: self._queue.depth,
            oldest_seconds=self._queue.oldest_seconds,
            busy=lambda: self._queue.busy,
            leading=self._leadership.leading,
        )
        metrics.watch_conditions(self._measured_conditions)

    def _measured_conditions(self) -> Iterator[tuple[Key, Mapping[str, bool]]]:
        for kind in self._kinds:
            for key in self._caches.keys(kind.name) if kind.measured else ():
                resource = self._caches.get(key)
                if resource is not None:
                    yield key, holding(resource.status, kind.measured)

    @property
    def _namespaces(self) -> Sequence[str | None]:
        return self._settings.namespaces or (None,)

    def vitals(self) -> Vitals:
        """Return what is known of this process's health."""
        return Vitals(
            phase=self._phase(),
            oldest_seconds=self._queue.oldest_seconds(),
            silent_seconds=time.monotonic() - self._intake.last_seen,
        )

    def _phase(self) -> str:
        if not self._prepared:
            return "waiting"
        if not self._leadership.leading():
            return "standby"
        return "leading" if self._intake.complete else "listing"

    async def run(self) -> None:
        """Prepare, stand by, lead, and stop when told to.

        Raises:
            UnpreparedError: there is nothing to work on.
            LeadershipLostError: another operator leads.
            KindUnavailableError: a CRD or a right is missing.
            WatchEndedError: the watches ended.
        """
        stop, watches = asyncio.Event(), Watches()
        _obey_signals(stop)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._stop(stop, watches))
                await self._lead(group, stop, watches)
        except BaseExceptionGroup as ended:
            failure = _cause(ended)
            if not isinstance(failure, _Stopped):
                raise failure from None
        finally:
            await self._leadership.release()

    async def _lead(self, group: asyncio.TaskGroup, stop: asyncio.Event, watches: Watches) -> None:
        await self._prepare()
        self._prepared = True
        await self._leadership.acquire()
        group.create_task(self._leadership.keep())
        await self._leadership.begin()
        group.create_task(self._workers.run())
        group.create_task(self._sweeper.run(self._kinds))
        for follower in self._followers:
            group.create_task(follower.run())
        group.create_task(self._list())
        # Last, because Kopf takes every task that begins after its own as its own.
        group.create_task(self._watch(watches))
        await watches.started.wait()
        # Kopf has put its own handlers in their place.
        _obey_signals(stop)

    async def _list(self) -> None:
        await wait_until_listed(self._kinds, self._caches, self._api, self._namespaces)
        for follower in self._followers:
            await follower.listed.wait()
        self._intake.complete = True
        self._workers.begin()
        log.info("listed", **{kind.plural: len(self._caches.keys(kind.name)) for kind in self._kinds})

    async def _watch(self, watches: Watches) -> None:
        await watch(
            self._kinds,
            self._intake,
            self._api,
            namespaces=self._settings.namespaces,
            stop=watches.stop,
            started=watches.started,
        )
        watches.ended.set()
        if not watches.stop.is_set():
            raise WatchEndedError("The watches ended unexpectedly.")

    async def _stop(self, stop: asyncio.Event, watches: Watches) -> None:
        await stop.wait()
        log.info("stopping")
        await self._workers.stop(self._settings.shutdown_grace.total_seconds())
        await self._cluster.downloads.close()
        await self._events.drain(DRAIN_SECONDS)
        watches.stop.set()
        if watches.started.is_set():
            await watches.ended.wait()
        raise _Stopped


def _leadership(settings: Settings, raise_epoch: RaiseEpoch, api: ApiClient) -> Leadership:
    return Leadership(
        api,
        namespace=settings.lease_namespace or api.access.namespace or INSTALLATION,
        name=settings.lease_name,
        identity=settings.identity,
        duration_seconds=settings.lease_duration,
        raise_epoch=raise_epoch,
        clock=time.monotonic,
        now=_now,
        random=JITTER,
    )


def _cause(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """Return the first failure that ended a group of tasks; being stopped is the last choice."""
    failures = [_cause(error) if isinstance(error, BaseExceptionGroup) else error for error in group.exceptions]
    return next((failure for failure in failures if not isinstance(failure, _Stopped)), failures[0])


def _obey_signals(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)


def _now() -> datetime:
    return datetime.now(UTC)
