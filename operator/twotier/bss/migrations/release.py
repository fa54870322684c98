"""What one version of the program makes of a database: its tables, and the routines that stand on them."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Final

from alembic.config import Config
from alembic.script import ScriptDirectory

ROUTINES: Final = (
    "price_list",
    "tenant",
    "catalogue_pins",
    "catalogue_history",
    "catalogue_inherited",
    "catalogue_overrides",
    "catalogue_changes",
    "catalogue_plan",
    "catalogue_entries",
    "catalogue_sessions",
    "ownership",
    "hosts",
    "reseller",
)
"""In the order in which they stand on each other."""


@dataclass(frozen=True)
class Release:
    """What a program brings a database to.

    Attributes:
        folder: with versions/ and routines/.
        routines: the files of routines/, in the order in which they stand on each other.
        program: the program's version.
    """

    folder: Path
    routines: Sequence[str]
    program: str

    def config(self) -> Config:
        """Return what Alembic is told."""
        config = Config()
        config.set_main_option("script_location", str(self.folder))
        return config

    @cached_property
    def versions(self) -> Sequence[str]:
        """The versions of the tables, the newest first."""
        script = ScriptDirectory.from_config(self.config())
        return [revision.revision for revision in script.walk_revisions()]

    @cached_property
    def digest(self) -> str:
        """A digest of the routines: names, order and contents."""
        content = json.dumps(list(zip(self.routines, self.scripts(), strict=True)))
        return f"sha256:{hashlib.sha256(content.encode()).hexdigest()}"

    def scripts(self) -> Iterator[str]:
        """Yield the SQL that makes the routines."""
        return map(self._routine, self.routines)

    @property
    def dropping(self) -> str:
        """The SQL that drops the routines of any version."""
        return self._routine("drop")

    def _routine(self, name: str) -> str:
        return (self.folder / "routines" / f"{name}.sql").read_text(encoding="utf-8")


@cache
def this_release() -> Release:
    """Return what this program brings a database to."""
    return Release(Path(__file__).parent, ROUTINES, version("twotier"))
