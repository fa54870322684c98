"""The operator: all kinds, on one cluster and one database."""

import asyncio
import importlib
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any, Final, Protocol, cast
from uuid import UUID

from twotier.bss import administration
from twotier.bss.catalogue.runs.shared_plans import SharedPlans
from twotier.bss.database import Database, DatabaseOutageError, Role, take_over
from twotier.bss.identity import uuid7
from twotier.kinds.context import Context
from twotier.kinds.refused import refused_kind
from twotier.kinds.registry import KINDS, Registered
from twotier.runtime.cluster import Cluster
from twotier.runtime.kind import Kind
from twotier.runtime.leadership import LeadershipLostError
from twotier.runtime.operator import run
from twotier.runtime.settings import Settings

UUID7_RANDOM_BYTES: Final = 10


def run_operator(settings: Settings, database_url: str) -> int:
    """Run the operator until it is told to stop; return the exit status of the process.

    Raises:
        DatabaseUnfitError: the database cannot be reached, is too old, or has another schema.
    """
    unfenced = Database(database_url, Role.OPERATOR, pool_size=1)
    with unfenced.transaction() as connection:
        administration.check(connection)

    async def raise_epoch() -> int:
        try:
            return await asyncio.to_thread(_take_over, unfenced)
        except DatabaseOutageError as outage:
            raise LeadershipLostError(f"The database did not answer when the lead was taken: {outage}") from outage

    def make_kinds(cluster: Cluster) -> Sequence[Kind[Any]]:
        return kinds(_context(cluster, database_url, settings.workers))

    return run(make_kinds, settings, raise_epoch)


class Reconcile(Protocol):
    """The module `reconcile` of a kind's folder, found by its name because the registry must not import it."""

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


def _context(cluster: Cluster, database_url: str, workers: int) -> Context:
    return Context(
        cluster=cluster,
        database=Database(database_url, Role.OPERATOR, epoch=cluster.epoch, pool_size=workers),
        plans=SharedPlans(),
        executor=ThreadPoolExecutor(workers, thread_name_prefix="bss"),
        clock=_now,
        ids=_new_id,
        entropy=os.urandom,
    )


def _take_over(database: Database) -> int:
    with database.transaction() as connection:
        return take_over(connection)


def _now() -> datetime:
    return datetime.now(UTC)


def _new_id() -> UUID:
    return uuid7(_now(), os.urandom(UUID7_RANDOM_BYTES))
