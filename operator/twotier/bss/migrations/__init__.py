"""Alembic migrations: each runs .sql files as the owner role.

Tables are made and altered by versions/, one step after the other. Routines (functions, views and the types they give)
are code: they stand in routines/ as they are now, and the newest migration makes them anew.
"""

from collections.abc import Iterable
from importlib import resources
from typing import Final

from alembic import op

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
)
"""In the order in which they stand on each other."""


def run_files(revision: str, names: Iterable[str]) -> None:
    """Run versions/<revision>/<name>.sql one after the other, in the migration's transaction."""
    _run(f"versions/{revision}", names)


def replace_routines() -> None:
    """Drop the routines of the version before, and make those of this one."""
    _run("routines", ("drop", *ROUTINES))


def _run(folder: str, names: Iterable[str]) -> None:
    scripts = resources.files(__package__) / folder
    # psycopg runs a script of many statements only without parameters, and SQLAlchemy always passes some
    cursor = op.get_bind().connection.cursor()
    for name in names:
        cursor.execute((scripts / f"{name}.sql").read_text(encoding="utf-8"))
