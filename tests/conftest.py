"""The real parts that tests stand on: one PostgreSQL a session, a fresh database from a template a test."""

from collections.abc import Iterator
from itertools import count

import pytest
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.engine import make_url

from twotier.bss import administration
from twotier.dev.postgres import running_postgres

TEMPLATE = "twotier_template"


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The server's own database, as its superuser."""
    with running_postgres(tmp_path_factory.mktemp("postgres")) as url:
        yield url


@pytest.fixture(scope="session")
def template_database(postgres_url: str) -> str:
    """The name of a migrated, empty database."""
    _execute(postgres_url, f"create database {TEMPLATE}")
    url = _database_url(postgres_url, TEMPLATE)
    administration.initialise(url)
    administration.migrate(url)
    return TEMPLATE


@pytest.fixture(scope="session")
def database_names() -> Iterator[str]:
    return (f"test_{number}" for number in count())


@pytest.fixture
def database_url(postgres_url: str, template_database: str, database_names: Iterator[str]) -> Iterator[str]:
    """A fresh database with the current schema, as the superuser."""
    name = next(database_names)
    _execute(postgres_url, f"create database {name} template {template_database}")
    yield _database_url(postgres_url, name)
    _execute(postgres_url, f"drop database {name} with (force)")


def _database_url(server_url: str, name: str) -> str:
    return make_url(server_url).set(database=name).render_as_string(hide_password=False)


def _execute(url: str, sql: str) -> None:
    engine = create_engine(
        make_url(url).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT", poolclass=NullPool
    )
    with engine.connect() as connection:
        connection.execute(text(sql))
