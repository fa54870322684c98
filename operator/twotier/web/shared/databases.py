"""The ways to the database: each with connections of its own, so that one kind of work never waits for another."""

from dataclasses import dataclass
from typing import Self

from twotier.bss.database import Database, Role


@dataclass(frozen=True, slots=True)
class Databases:
    """The ways to one database.

    Attributes:
        viewer: reads as the distributor's people.
        probe: tells whether the process is ready, also while all of the viewer's connections are taken.
        dry_run: acts as the operator, in transactions that are always rolled back; one at a time.
    """

    viewer: Database
    probe: Database
    dry_run: Database

    @classmethod
    def at(cls, url: str, connections: int) -> Self:
        """Name the database; nothing is connected yet.

        Args:
            url: as a user names it.
            connections: of the viewer, at most.

        Raises:
            DatabaseUnfitError: the URL cannot be read.
        """
        return cls(
            viewer=Database(url, Role.VIEWER, pool_size=connections),
            probe=Database(url, Role.VIEWER, pool_size=1),
            dry_run=Database(url, Role.OPERATOR, pool_size=1),
        )

    def dispose(self) -> None:
        """Close all connections."""
        for database in (self.viewer, self.probe, self.dry_run):
            database.dispose()
