"""Connections to the BSS: one role a process, one transaction a use case, fenced by the leader's epoch."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url

SCHEMA: Final = "twotier"
MINIMUM_VERSION: Final = 18


class Role(StrEnum):
    """The database roles that processes act as; `twotier database init` makes them."""

    OWNER = "twotier_owner"
    OPERATOR = "twotier_operator"
    WORKER = "twotier_worker"
    API = "twotier_api"
    READER = "twotier_reader"


class DatabaseUnfitError(Exception):
    """The database cannot be used as it is; the message says what to do."""


class LeadershipLostError(Exception):
    """Another operator has taken over: this transaction was rolled back and nothing of it remains."""


class Database:
    """A pool of connections that act as one role.

    Args:
        url: of the server, as a user names it (postgresql://user@host/database).
        role: what every connection becomes; the login must be a member of it.
        epoch: gives the leadership that a transaction acts under; None for processes that need none.
        pool_size: connections at most.
    """

    def __init__(self, url: str, role: Role, *, epoch: Callable[[], int] | None = None, pool_size: int = 16) -> None:
        self._epoch = epoch
        self.engine = _engine(url, role, pool_size)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """One transaction: committed at the end, rolled back on an exception.

        Raises:
            LeadershipLostError: the operator's epoch is no longer the current one.
        """
        with self.engine.begin() as connection:
            if self._epoch is not None:
                _check_epoch(connection, self._epoch())
            yield connection

    @contextmanager
    def tenant_transaction(self, organization_id: UUID) -> Iterator[Connection]:
        """One transaction that sees the rows of one organisation alone (row-level security)."""
        with self.transaction() as connection:
            act_for(connection, organization_id)
            yield connection

    def dispose(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def act_for(connection: Connection, organization_id: UUID) -> None:
    """Narrow the rest of this transaction to one organisation."""
    connection.execute(
        text("select set_config('twotier.organization', :organization, true)"),
        {"organization": str(organization_id)},
    )


def take_over(connection: Connection) -> int:
    """Raise the epoch once no transaction of an earlier leader is under way, and return the new one."""
    connection.execute(text("select pg_advisory_xact_lock('twotier.leadership'::regclass::oid::bigint)"))
    raised = connection.execute(text("update twotier.leadership set epoch = epoch + 1 returning epoch"))
    return int(raised.scalar_one())


def _check_epoch(connection: Connection, epoch: int) -> None:
    connection.execute(text("select pg_advisory_xact_lock_shared('twotier.leadership'::regclass::oid::bigint)"))
    current = connection.execute(text("select epoch from twotier.leadership")).scalar_one()
    if current != epoch:
        raise LeadershipLostError(f"this operator leads under epoch {epoch}, but the current one is {current}")


def _engine(url: str, role: Role, pool_size: int) -> Engine:
    driver_url = make_url(url).set(drivername="postgresql+psycopg")
    engine = create_engine(driver_url, pool_size=pool_size, max_overflow=0, pool_pre_ping=True)

    @event.listens_for(engine, "connect")
    def become(connection: object, _record: object) -> None:
        cursor = connection.cursor()  # type: ignore[attr-defined]  # a DBAPI connection has no type of its own
        cursor.execute(f"set role {role}")
        cursor.execute(f"set search_path = {SCHEMA}")
        cursor.execute("set time zone 'UTC'")
        cursor.close()
        connection.commit()  # type: ignore[attr-defined]

    return engine
