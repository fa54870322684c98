"""Connections to the BSS: one role a process, one transaction a use case, fenced by the epoch of whoever leads."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

import psycopg
from sqlalchemy import URL, Connection, Engine, ExceptionContext, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InvalidatePoolError

from twotier.bss.sql import statements
from twotier.bss.unfit import DatabaseBehindError, DatabaseUnfitError

_SQL: Final = statements(__name__)

SCHEMA: Final = "twotier"
MINIMUM_VERSION: Final = 18

# A leader that hangs in a transaction keeps the next one waiting, and is cut off after a minute. The largest import is
# one statement of some minutes. Buffers of temporary tables are taken only where there are some: an import of 113,000
# offers then has all of them in memory.
_SESSION: Final = f"""
set search_path = {SCHEMA}, pg_temp;
set time zone 'UTC';
set idle_in_transaction_session_timeout = '1min';
set statement_timeout = '15min';
set temp_buffers = '32MB'
"""

# A server that is gone without a word is noticed within a minute, and not when the kernel gives up after hours.
_CONNECT: Final = {
    "connect_timeout": 10,
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}

# PostgreSQL's own classes and states of what passes without a change of ours: connection exception; a server or session
# that only reads, as after a failover; a session that was ended for taking too long, as one that was paused does;
# refused sign-in; no such database; insufficient resources, such as a full disk; operator intervention, such as a
# shutdown; error of the system, such as of its disk.
_OUTAGES: Final = ("08", "25006", "25P03", "25P04", "28", "3D000", "53", "57P", "58")
# A limit that somebody configured, such as on temporary files: the same again meets it again.
_LIMITS: Final = "53400"
# Transaction rollback: a deadlock, or no order of transactions that would give the same.
_CONTENTION: Final = "40"


class Role(StrEnum):
    """The database roles that processes act as; `twotier database init` makes them."""

    OWNER = "twotier_owner"
    OPERATOR = "twotier_operator"
    WORKER = "twotier_worker"
    API = "twotier_api"
    READER = "twotier_reader"
    WRITER = "twotier_writer"
    VIEWER = "twotier_viewer"


class DatabaseOutageError(DatabaseUnfitError):
    """The database cannot be reached, or was lost on the way: the same again may succeed later.

    Whether a transaction whose commit was not answered took effect is not known; repeating the use case tells.
    """


class DatabaseContentionError(DatabaseOutageError):
    """The server aborted this transaction because of a concurrent one: a retry may succeed at once."""


class TookTooLongError(DatabaseOutageError):
    """The server ended a transaction that took longer than its kind of work may."""


class LeadershipLostError(Exception):
    """Another process has taken over: this transaction was rolled back and nothing of it remains."""


class Database:
    """A pool of connections that act as one role.

    A transaction begins in a session as if it were new: nothing that a statement before it set for the session is left.

    Args:
        url: of the server, as a user names it (postgresql://user@host/database).
        role: what every connection becomes; the login must be a member of it.
        epoch: gives the leadership that a transaction acts under, checked at the role's fence; None for processes that
            need none.
        pool_size: connections at most.
        longest: how long a transaction may take; None where only statements have a limit.

    Raises:
        DatabaseUnfitError: the URL cannot be read.
    """

    def __init__(
        self,
        url: str,
        role: Role,
        *,
        epoch: Callable[[], int] | None = None,
        pool_size: int = 16,
        longest: timedelta | None = None,
    ) -> None:
        self._epoch = epoch
        self._url = driver_url(url)
        self.engine = _engine(self._url, role, pool_size, longest)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """One transaction: committed at the end, rolled back on an exception.

        Raises:
            LeadershipLostError: the epoch is no longer the current one.
            DatabaseOutageError: the server cannot be reached, only reads, was lost, or aborted the transaction.
            DatabaseUnfitError: the role is missing, or the login is not a member of it.
        """
        with telling_outages(self._url), self.engine.begin() as connection, _throwing_away(connection):
            if self._epoch is not None:
                _hold_epoch(connection, self._epoch())
            yield connection

    @contextmanager
    def tenant_transaction(self, organization_id: UUID, staff_id: UUID | None = None) -> Iterator[Connection]:
        """One transaction that sees the rows of one organisation alone (row-level security).

        Args:
            organization_id: the organisation.
            staff_id: who of its staff acts, and is kept with what is set.
        """
        with self.transaction() as connection:
            act_for(connection, organization_id, staff_id)
            yield connection

    def dispose(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def act_for(connection: Connection, organization_id: UUID, staff_id: UUID | None = None) -> None:
    """Narrow the rest of this transaction to one organisation, and name who of its staff acts."""
    parameters = {"organization": str(organization_id), "staff": "" if staff_id is None else str(staff_id)}
    connection.execute(_SQL["act_for"], parameters)


def take_over(connection: Connection) -> int:
    """Raise the epoch of the role's fence once no transaction of an earlier leader holds it, and return the new one."""
    return int(connection.execute(_SQL["raise_epoch"]).scalar_one())


def driver_url(url: str) -> URL:
    """Return a user's URL for SQLAlchemy and psycopg.

    Raises:
        DatabaseUnfitError: it cannot be read; the message does not repeat it, because it may hold a password.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        parsed = None
    if parsed is None or parsed.get_backend_name() not in {"postgresql", "postgres"}:
        raise DatabaseUnfitError(
            "the database URL cannot be read: it must look like postgresql://user:password@host:5432/database, "
            "with special characters of the password percent-encoded"
        )
    return parsed.set(drivername="postgresql+psycopg")


@contextmanager
def telling_outages(url: URL) -> Iterator[None]:
    """Tell an outage of the server at a URL as such, without the URL's password.

    Whatever else leaves here has lost the details that the server gave, because they repeat rows.

    Raises:
        DatabaseOutageError: the server cannot be reached or was lost, or aborted the transaction.
    """
    try:
        yield
    except Exception as error:
        _forget_details(error)
        if not isinstance(error, DBAPIError | psycopg.Error):
            raise
        original = error.orig if isinstance(error, DBAPIError) else error
        words = " ".join(str(original).split())
        if _is_contention(original):
            raise DatabaseContentionError(
                f"{_place(url)} aborted a transaction ({words}) because of a concurrent one; try again"
            ) from error
        if isinstance(original, psycopg.errors.TransactionTimeout):
            raise TookTooLongError(f"{_place(url)} ended a transaction because it took too long") from error
        if _is_outage(error):
            raise DatabaseOutageError(
                f"{_place(url)} cannot be used ({words}): check that the server runs, can be reached from here and "
                f"accepts {url.username or 'this user'}"
            ) from error
        raise


def _forget_details(error: BaseException) -> None:
    """Leave the server's first sentence of an error and of all that it came from: the rest repeats rows."""
    for each in _chain(error):
        original = each.orig if isinstance(each, DBAPIError) else each
        if isinstance(original, psycopg.Error) and original.diag.message_primary is not None:
            told, original.args = str(original), (original.diag.message_primary,)
            if isinstance(each, DBAPIError):
                each.args = tuple(str(part).replace(told, str(original)) for part in each.args)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _is_contention(error: BaseException | None) -> bool:
    return isinstance(error, psycopg.Error) and (error.sqlstate or "").startswith(_CONTENTION)


def _is_outage(error: DBAPIError | psycopg.Error) -> bool:
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    original = error.orig if isinstance(error, DBAPIError) else error
    if not isinstance(original, psycopg.Error):
        return False
    if original.sqlstate is None:
        # Of the driver, about a server that did not answer
        return isinstance(original, psycopg.OperationalError)
    return original.sqlstate.startswith(_OUTAGES) and original.sqlstate != _LIMITS


@contextmanager
def _throwing_away(connection: Connection) -> Iterator[None]:
    """Throw a connection away that the driver itself found unfit; of what passes through it, SQLAlchemy tells us."""
    try:
        yield
    except psycopg.Error as error:
        if _is_outage(error):
            connection.invalidate(error)
        raise


def _place(url: URL) -> str:
    hosts = url.query.get("host") or "the local socket"
    host = url.host or (hosts if isinstance(hosts, str) else ", ".join(hosts))
    port = f":{url.port or 5432}" if isinstance(hosts, str) else ""
    return f"PostgreSQL at {host}{port}, database {url.database or url.username}"


def _hold_epoch(connection: Connection, epoch: int) -> None:
    current = connection.execute(_SQL["hold_epoch"]).scalar_one()
    if current != epoch:
        raise LeadershipLostError(f"this operator leads under epoch {epoch}, but the current one is {current}")


def _engine(url: URL, role: Role, pool_size: int, longest: timedelta | None) -> Engine:
    # 0 is no limit
    session = f"{_SESSION}; set transaction_timeout = {(longest or timedelta()) // timedelta(milliseconds=1)}"
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        # Parameters may be secrets, and errors are logged
        hide_parameters=True,
        connect_args=_CONNECT | {"application_name": role.replace("_", " ")},
    )

    @event.listens_for(engine, "checkout")
    def become(connection: psycopg.Connection[Any], *_: object) -> None:
        # It is the look whether the connection still lives, too: all in one trip to the server.
        try:
            connection.autocommit = True
            connection.execute(f"reset all; set role {role};" + session)
            connection.autocommit = False
        except psycopg.Error as error:
            if connection.closed:
                raise InvalidatePoolError from error
            login = connection.info.user
            connection.close()
            _tell_unfit(error, role, login)
            raise

    @event.listens_for(engine, "handle_error")
    def throw_away(context: ExceptionContext) -> None:
        error = context.original_exception
        if isinstance(error, psycopg.Error) and _is_outage(error):
            context.is_disconnect = True

    return engine


def _tell_unfit(error: psycopg.Error, role: Role, login: str) -> None:
    match error:
        case psycopg.errors.InvalidParameterValue():
            raise DatabaseBehindError(f"the server has no role {role}: run `twotier database init`") from error
        case psycopg.errors.InsufficientPrivilege():
            raise DatabaseUnfitError(
                f"the login {login} may not act as {role}: run `twotier database init` as that login, "
                f"or `grant {role} to {login}` as an administrator"
            ) from error
        case _:
            return
