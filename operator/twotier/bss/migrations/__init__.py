"""Alembic migrations: each runs .sql files as the owner role."""

from collections.abc import Iterable
from importlib import resources

from alembic import op


def run_files(revision: str, names: Iterable[str]) -> None:
    """Run versions/<revision>/<name>.sql one after the other, in the migration's transaction."""
    folder = resources.files(__package__) / "versions" / revision
    # psycopg runs a script of many statements only without parameters, and SQLAlchemy always passes some
    cursor = op.get_bind().connection.cursor()
    for name in names:
        cursor.execute((folder / f"{name}.sql").read_text(encoding="utf-8"))
