"""Whether a process can answer requests: it can read the database, and the schema matches this program."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import structlog

from twotier.bss import administration
from twotier.bss.database import Database, DatabaseOutageError
from twotier.bss.unfit import DatabaseBehindError, DatabaseUnfitError
from twotier.web.shared.databases import Databases

log = structlog.get_logger(__name__)


class Readiness:
    """Whether requests should be sent to this process.

    If it reads at a separate address, the primary must have answered once, too, so that a rollout with a wrong address
    does not proceed. From then on only reading counts: during a failover, the standbys answer, and dry runs report that
    they cannot.

    It looks in a thread and on connections of its own. However many ask, there is one look at a time.
    """

    def __init__(self, databases: Databases) -> None:
        self._reading = databases.probe
        self._primary = databases.primary_probe
        self._thread = ThreadPoolExecutor(1, "readiness")
        self._look: asyncio.Future[DatabaseUnfitError | None] | None = None
        self._told: str | None = None

    async def obstacle(self) -> str | None:
        """Return why this process cannot answer requests, in words for anybody; None if it can. The log has details."""
        if self._look is None:
            self._look = asyncio.get_running_loop().run_in_executor(self._thread, self._find)
            self._look.add_done_callback(self._tell)
        unfit = await asyncio.shield(self._look)
        match unfit:
            case None:
                return None
            case DatabaseOutageError():
                return "the database does not answer"
            case DatabaseBehindError():
                return "the database has not been migrated to this version yet"
            case _:
                return "the database cannot be used"

    def _find(self) -> DatabaseUnfitError | None:
        unready = _unfit(self._reading)
        if unready is None and self._primary is not None:
            unready = _unfit(self._primary)
            if unready is None:
                self._primary = None
        return unready

    def _tell(self, look: "asyncio.Future[DatabaseUnfitError | None]") -> None:
        self._look = None
        if look.cancelled() or look.exception() is not None:
            return
        unfit = look.result()
        told = None if unfit is None else str(unfit)
        if told is not None and told != self._told:
            log.warning("not ready", reason=told)
        self._told = told


def _unfit(database: Database) -> DatabaseUnfitError | None:
    try:
        with database.transaction() as connection:
            administration.check(connection)
    except DatabaseUnfitError as unfit:
        return unfit
    return None
