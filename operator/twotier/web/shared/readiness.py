"""Whether a process can answer: it reads the database, in the schema of this program."""

from twotier.bss import administration
from twotier.bss.database import Database
from twotier.bss.unfit import DatabaseUnfitError
from twotier.web.shared.databases import Databases


class Readiness:
    """Whether requests should be sent to this process.

    Where it reads at an address of its own, the primary must have answered once, too, so that a roll-out with a wrong
    address does not go on. From then on reading alone counts: while another server becomes the primary, the standbys
    answer, and dry runs say that they cannot.
    """

    def __init__(self, databases: Databases) -> None:
        self._reading = databases.probe
        self._primary = databases.primary_probe

    def obstacle(self) -> str | None:
        """Say why this process cannot answer; None if it can."""
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
