"""What every reconcile works with."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import structlog
from sqlalchemy import Connection

from twotier.bss.catalogue.runs.shared_plans import SharedPlans
from twotier.bss.database import Database, DatabaseContentionError, DatabaseOutageError
from twotier.bss.database import LeadershipLostError as FencedError
from twotier.bss.identity import Ids
from twotier.limits import Limits
from twotier.runtime.cluster import Cluster
from twotier.runtime.leadership import LeadershipLostError
from twotier.runtime.outcome import Outage
from twotier.runtime.reasons import CommonReason
from twotier.runtime.text_records import TextRecords

Result = TypeVar("Result")

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Context:
    """The cluster, the database, and what tests replace.

    Attributes:
        plans: of updates, shared by tenants whose catalogues have the same history.
        executor: threads for use cases of the BSS, which block; one for each connection of the pool.
        clock: the time now, aware and in UTC.
        entropy: returns that many random bytes, fit for secrets.
        text_records: of DNS, which show whose a host is; None where this installation asks for no proof.
        limits: on what a price list may hold.
    """

    cluster: Cluster
    database: Database
    plans: SharedPlans
    executor: Executor
    clock: Callable[[], datetime]
    ids: Ids
    entropy: Callable[[int], bytes]
    text_records: TextRecords | None
    limits: Limits

    async def transact(self, use_case: Callable[[Connection], Result]) -> Result:
        """Run a use case in one transaction of the leader, and return its result once that is committed."""

        def transaction() -> Result:
            with self.database.transaction() as connection:
                return use_case(connection)

        return await self.in_thread(transaction)

    async def in_thread(self, work: Callable[[], Result]) -> Result:
        """Run blocking work, such as a use case of several transactions, outside the event loop.

        Raises:
            Outage: the database cannot be reached, was lost, or aborted the work.
            LeadershipLostError: another operator leads; this process must end.
        """
        try:
            return await asyncio.get_running_loop().run_in_executor(self.executor, work)
        except DatabaseContentionError as contention:
            log.warning("transaction aborted", reason=str(contention))
            raise Outage(
                CommonReason.DATABASE_UNAVAILABLE,
                "The database aborted this because of concurrent work; the operator retries",
            ) from contention
        except DatabaseOutageError as outage:
            log.warning("database unavailable", reason=str(outage))
            raise Outage(
                CommonReason.DATABASE_UNAVAILABLE,
                "The database cannot be reached; the operator retries; see the operator's log",
            ) from outage
        except FencedError as fenced:
            raise LeadershipLostError(str(fenced)) from fenced
