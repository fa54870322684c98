"""The connections to the database, pooled by kind of work, so that one kind never waits for another."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Self

from twotier.bss.database import Database, Role
from twotier.bss.unfit import DatabaseUnfitError
from twotier.web.settings import READ_URL_VARIABLE

LONGEST_READ: Final = timedelta(minutes=1)
"""Of a page. `expect_all_rows` gives a stream more, and `rolling_back` sets the time of a dry run."""


@dataclass(frozen=True, slots=True)
class Databases:
    """The connection pools of one database.

    Attributes:
        viewer: reads as the distributor's staff.
        probe: checks whether the viewer can read, even while all of its connections are in use.
        primary_probe: checks whether there is a primary for dry runs, if the viewer reads at another address.
        dry_run: acts as the operator, in transactions that are always rolled back; one at a time.
    """

    viewer: Database
    probe: Database
    primary_probe: Database | None
    dry_run: Database

    @classmethod
    def at(cls, url: str, connections: int, read_url: str | None = None) -> Self:
        """Name the database; nothing is connected yet.

        Args:
            url: as the user gives it.
            connections: of the viewer, at most.
            read_url: where the viewer reads instead, such as a hot standby; dry runs write, and stay at `url`.

        Raises:
            DatabaseUnfitError: a URL cannot be read.
        """
        return cls(
            viewer=_viewer(url, read_url, connections),
            probe=_viewer(url, read_url, 1),
            primary_probe=None if read_url is None else _viewer(url, None, 1),
            dry_run=Database(url, Role.OPERATOR, pool_size=1),
        )

    def dispose(self) -> None:
        """Close all connections."""
        for database in (self.viewer, self.probe, self.primary_probe, self.dry_run):
            if database is not None:
                database.dispose()


def _viewer(url: str, read_url: str | None, connections: int) -> Database:
    if read_url is None:
        return Database(url, Role.VIEWER, pool_size=connections, longest=LONGEST_READ)
    try:
        return Database(read_url, Role.VIEWER, pool_size=connections, longest=LONGEST_READ)
    except DatabaseUnfitError as error:
        raise DatabaseUnfitError(f"{READ_URL_VARIABLE}: {error}") from error
