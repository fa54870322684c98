"""Alembic migrations: each runs .sql files as the owner role.

Tables are made and altered by versions/, one step after the other, and each step is done once. Routines (functions,
views and the types they give) are code: routines/ has them as they are now. No step may need one, because they are
dropped before the first and loaded after the last, see `twotier.bss.administration.migrate`. What policies and tables
stand on, such as `current_organization`, belongs to versions/ and stays.
"""

from collections.abc import Iterable
from pathlib import Path

from alembic import op


def run_files(revision: str, names: Iterable[str]) -> None:
    """Run versions/<revision>/<name>.sql one after the other, in the migration's transaction."""
    config = op.get_context().config
    assert config is not None  # noqa: S101 -- a migration runs in Alembic's environment alone
    folder = Path(config.get_main_option("script_location") or "") / "versions" / revision
    # psycopg runs a script of many statements only without parameters, and SQLAlchemy always passes some
    cursor = op.get_bind().connection.cursor()
    for name in names:
        cursor.execute((folder / f"{name}.sql").read_text(encoding="utf-8"))
