"""Whether a process can answer requests: it can read the database, and the schema matches this program."""

from twotier.bss import administration
from twotier.bss.database import Database
from twotier.bss.unfit import DatabaseUnfitError
from twotier.web.shared.databases import Databases


class Readiness:
    """Whether requests should be sent to this process.

    If it reads at a separate address, the primary must have answered once, too, so that a rollout with a wrong address
    does not proceed. From then on only reading counts: during a failover, the standbys answer, and dry runs report that
    they cannot.
    """

    def __init__(self, databases: Databases) -> None:
        self._reading = databases.probe
        self._primary = databases.primary_probe

    def obstacle(self) -> str | None:
        """Return why this process cannot answer requests; None if it can."""
        unready = _unfit(self._reading)
        if unready is None and self._primary is not None:
            unready = _unfit(self._primary)
            if unready is None:
                self._primary = None
        return unready


def _unfit(database: Database) -> str | None:
    try:
        with database.transaction() as connection:
            administration.check(connection)
    except DatabaseUnfitError as unfit:
        return str(unfit)
    return None
