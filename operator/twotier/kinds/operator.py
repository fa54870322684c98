"""The operator: all kinds, on one cluster and one database."""

import asyncio
import importlib
import os
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final, Protocol, cast

import structlog

from twotier.bss import administration
from twotier.bss.catalogue.runs.shared_plans import SharedPlans
from twotier.bss.database import Database, DatabaseOutageError, Role, take_over
from twotier.bss.identity import uuid7_ids
from twotier.bss.unfit import DatabaseBehindError, DatabaseUnfitError
from twotier.kinds.context import Context
from twotier.kinds.refused import refused_kind
from twotier.kinds.registry import KINDS, Registered
from twotier.kinds.settings import HOST_PROOF_BY_DNS, OperatorSettings
from twotier.runtime.cluster import Cluster
from twotier.runtime.kind import Kind
from twotier.runtime.leadership import LeadershipLostError
from twotier.runtime.operator import DataPlane, UnpreparedError, run
from twotier.runtime.text_records import TextRecords

LOOK_AGAIN_SECONDS: Final = 2.0

log = structlog.get_logger(__name__)


def run_operator(settings: OperatorSettings, database_url: str) -> int:
    """Run the operator until it is told to stop; return the exit status of the process.

    A database that has not been migrated to this program's version yet is waited for. One that is unreachable, too old,
    or migrated by a newer program ends the operator, both at startup and when it takes the lead.

    Raises:
        DatabaseUnfitError: the URL cannot be read.
    """
    unfenced = Database(database_url, Role.OPERATOR, pool_size=1)

    async def prepare() -> None:
        await wait_until_migrated(partial(asyncio.to_thread, _check, unfenced), asyncio.sleep)

    async def raise_epoch() -> int:
        try:
            return await asyncio.to_thread(_take_over, unfenced)
        except DatabaseOutageError as outage:
            raise LeadershipLostError(
                f"The database did not answer while the operator took the lead: {outage}"
            ) from outage
        except DatabaseUnfitError as unfit:
            raise UnpreparedError(str(unfit)) from unfit

    def make_kinds(cluster: Cluster) -> Sequence[Kind[Any]]:
        return kinds(_context(cluster, database_url, settings))

    return run(make_kinds, settings, DataPlane(raise_epoch, prepare), settings.artifact_hosts)


async def wait_until_migrated(check: Callable[[], Awaitable[None]], sleep: Callable[[float], Awaitable[None]]) -> None:
    """Return once the database has this program's version; until then, log once what it lacks.

    Args:
        check: of the database; see `administration.check`.
        sleep: waits that many seconds between two checks.

    Raises:
        UnpreparedError: waiting would not help.
    """
    told = None
    while True:
        try:
            return await check()
        except DatabaseBehindError as behind:
            if str(behind) != told:
                told = str(behind)
                log.warning("waiting for the database", reason=told)
        except DatabaseUnfitError as unfit:
            raise UnpreparedError(str(unfit)) from unfit
        await sleep(LOOK_AGAIN_SECONDS)


class Reconcile(Protocol):
    """The module `reconcile` of a kind's folder, found by name because the registry must not import it."""

    def kind(self, context: Context) -> Kind[Any]:
        """Return the kind, reconciled in this context."""


def kinds(context: Context) -> Sequence[Kind[Any]]:
    """Return all resource kinds, reconciled in one context."""
    return tuple(_kind(each, context) for each in KINDS)


def _kind(registered: Registered, context: Context) -> Kind[Any]:
    if not registered.has_effect:
        return refused_kind(registered.definition)
    reconcile = cast("Reconcile", importlib.import_module(f"{registered.package}.reconcile"))
    return reconcile.kind(context)


def _context(cluster: Cluster, database_url: str, settings: OperatorSettings) -> Context:
    asks = settings.host_proof == HOST_PROOF_BY_DNS
    return Context(
        cluster=cluster,
        database=Database(database_url, Role.OPERATOR, epoch=cluster.epoch, pool_size=settings.workers),
        plans=SharedPlans(),
        executor=ThreadPoolExecutor(settings.workers, thread_name_prefix="bss"),
        clock=_now,
        ids=uuid7_ids(_now, os.urandom),
        entropy=os.urandom,
        text_records=TextRecords(settings.name_servers, max(1, settings.workers // 4)) if asks else None,
        limits=settings.limits,
    )


def _check(database: Database) -> None:
    with database.transaction() as connection:
        administration.check(connection)


def _take_over(database: Database) -> int:
    """Take the lead in the database, unless it was migrated while this operator stood by."""
    with database.transaction() as connection:
        administration.check(connection)
        return take_over(connection)


def _now() -> datetime:
    return datetime.now(UTC)
