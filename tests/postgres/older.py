"""Databases of the versions before, as their own programs left them (tests/data/databases)."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import NullPool, create_engine, make_url, text

from twotier.bss.database import SCHEMA

DUMPS: Final = Path(__file__).parents[1] / "data" / "databases"
VERSIONS: Final = ("0001", "0002")


@contextmanager
def older_database(server_url: str, name: str, version: str) -> Iterator[str]:
    """Make a database of a version before, with rows, on a server that has our roles, and give its URL.

    Args:
        server_url: of a superuser.
        name: of the new database.
        version: one of VERSIONS.
    """
    run(server_url, f"create database {name}")
    url = make_url(server_url).set(database=name).render_as_string(hide_password=False)
    with create_engine(_driver(url), isolation_level="AUTOCOMMIT", poolclass=NullPool).connect() as connection:
        dump = gzip.decompress((DUMPS / f"{version}.sql.gz").read_bytes()).decode()
        connection.connection.cursor().execute(dump)
    yield url
    run(server_url, f"drop database {name} with (force)")


def run(url: str, sql: str, **parameters: object) -> list[tuple[Any, ...]]:
    """Run a statement as an administrator, and return its rows."""
    engine = create_engine(_driver(url), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text(f"set search_path = {SCHEMA}, pg_temp"))
        answer = connection.execute(text(sql), parameters)
        return [tuple(row) for row in answer] if answer.returns_rows else []


def _driver(url: str) -> str:
    return make_url(url).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
