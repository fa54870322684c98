"""Databases for tests: one server, and fresh ones on it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.engine import make_url

from twotier.bss import administration
from twotier.dev.postgres import database_server

MEMORY: Final = Path("/dev/shm")  # noqa: S108 -- it is looked at before it is used
MEMORY_NEEDED: Final = 4 << 30
"""More than the databases of a run and the server's log take at any time."""


@dataclass(frozen=True, slots=True)
class Databases:
    """A server.

    Attributes:
        url: of the server's own database, as its superuser.
        template: the name of a migrated, empty database.
    """

    url: str
    template: str


@contextmanager
def running_databases() -> Iterator[Databases]:
    """Run a server until the end of the block.

    A database is a thousand files, and to make them takes ext4 half a second when as many were deleted just before: the
    server's files are kept in memory, if there is enough of it.
    """
    with database_server(folder=_memory()) as url, fresh_database(url, f"twotier_test_{os.getpid()}") as template_url:
        administration.initialise(template_url)
        administration.migrate(template_url)
        yield Databases(url, make_url(template_url).database or "")


@contextmanager
def fresh_database(server_url: str, name: str, template: str = "template1") -> Iterator[str]:
    """Make a database, give its URL, and drop it at the end of the block."""
    _execute(server_url, f"create database {name} template {template} strategy file_copy")
    yield make_url(server_url).set(database=name).render_as_string(hide_password=False)
    _execute(server_url, f"drop database {name} with (force)")


def _memory() -> Path | None:
    usable = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= MEMORY_NEEDED
    return MEMORY if usable else None


def _execute(url: str, sql: str) -> None:
    engine = create_engine(
        make_url(url).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT", poolclass=NullPool
    )
    with engine.connect() as connection:
        connection.execute(text(sql))
