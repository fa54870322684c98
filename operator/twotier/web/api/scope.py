"""What a path leads to: a distributor's tenant or price list, in a transaction that reads one state of the database."""

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Final, TypeVar
from uuid import UUID

from fastapi import Depends, Path, Request
from sqlalchemy import Connection, event

from twotier.bss.catalogue.runs.assignment import TenantName
from twotier.bss.database import Database, act_for
from twotier.bss.directory.lookups import (
    PriceListEntry,
    TenantEntry,
    find_price_list,
    find_tenant,
)
from twotier.bss.organizations.distributor import find_distributor
from twotier.bss.sql import statements
from twotier.web.api.paging import LARGEST_INTEGER
from twotier.web.shared.databases import Databases
from twotier.web.shared.problems import documented, not_found
from twotier.web.shared.work import OfRequest, Work

T = TypeVar("T")
Entry = TypeVar("Entry")
Opened = AbstractContextManager[tuple[Connection, Entry]]

Name = Annotated[str, Path(max_length=253, pattern=r"^[^\x00]*$")]
Sku = Annotated[
    str, Path(max_length=1_024, pattern=r"^[^\x00]+$", description="May contain any character, '/' included.")
]
Account = Annotated[str, Path(max_length=253, pattern=r"^[^\x00]+$", description="Number of the reseller's account.")]

RunNumber = Annotated[int, Path(ge=1, le=LARGEST_INTEGER, description="Number of a run.")]
NOT_FOUND = documented(HTTPStatus.NOT_FOUND)

_SQL: Final = statements(__name__)
_STREAM = {"stream_results": True, "max_row_buffer": 1_000}


@dataclass(frozen=True, slots=True)
class Scope:
    """A distributor, as a path names it: nothing of any other is read."""

    database: Database
    work: Work
    namespace: str
    distributor: str

    @contextmanager
    def tenant(self, account: str) -> Iterator[tuple[Connection, TenantEntry]]:
        """Read what belongs to a tenant, and nothing of any other.

        Raises:
            ProblemError: there is no such tenant.
        """
        with self._reading() as connection:
            tenant = find_tenant(connection, self._root(connection), account)
            if tenant is None:
                raise not_found(
                    f"Distributor {self.distributor} has no tenant with account {account}: check the account number; "
                    "a TenantReseller that is being created appears once its organisation exists."
                )
            act_for(connection, tenant.organization_id)
            yield connection, tenant

    def tenant_name(self, account: str) -> TenantName:
        """Name the tenant of an account, whether or not it exists."""
        return TenantName(self.namespace, self.distributor, account)

    @contextmanager
    def price_list(self, name: str) -> Iterator[tuple[Connection, PriceListEntry]]:
        """Read a price list.

        Raises:
            ProblemError: there is no such list.
        """
        with self._reading() as connection:
            price_list = find_price_list(connection, self._root(connection), name)
            if price_list is None:
                raise not_found(
                    f"Distributor {self.distributor} has no price list {name}: check the name; a PriceList appears "
                    "once the operator has reconciled it."
                )
            yield connection, price_list

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        """A read-only transaction in which all statements see the same state."""
        with self.database.transaction() as connection, self.work.covering(connection):
            connection.execute(_SQL["read_one_state"])
            yield connection

    def _root(self, connection: Connection) -> UUID:
        root = find_distributor(connection, self.namespace, self.distributor)
        if root is None:
            raise not_found(
                f"There is no distributor {self.distributor} in namespace {self.namespace}: check both names; a "
                "Distributor appears once the operator has reconciled it."
            )
        return root.id


async def scope(request: Request, work: OfRequest, namespace: Name, distributor: Name) -> Scope:
    """Return the distributor that a path begins with."""
    databases: Databases = request.app.state.databases
    return Scope(databases.viewer, work, namespace, distributor)


InScope = Annotated[Scope, Depends(scope)]


def rows(
    opened: Callable[[], Opened[Entry]], read: Callable[[Connection, Entry], Iterable[T]]
) -> Generator[T, None, None]:
    """Read rows on demand with a database cursor, in a transaction that ends when this is closed."""
    with opened() as (connection, entry), ExitStack() as cursors:
        connection.execute(_SQL["expect_all_rows"])
        # SQLAlchemy leaves a cursor open that was not read to its end.
        event.listen(connection, "after_cursor_execute", lambda _, cursor, *__: cursors.callback(cursor.close))
        yield from read(connection.execution_options(**_STREAM), entry)
