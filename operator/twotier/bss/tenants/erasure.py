"""Removing every row of a tenant, from tables that are found in the catalog, so that a new one is not forgotten."""

from graphlib import TopologicalSorter
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, Delete, Uuid, column, delete, table

from twotier.bss.database import SCHEMA
from twotier.bss.sql import statements

_SQL: Final = statements(__name__)


def erase_rows(connection: Connection, organization_id: UUID) -> None:
    """Delete a tenant's rows and the tenant; a root organisation, or one that is gone, is left alone."""
    parameters = {"organization_id": organization_id}
    if connection.execute(_SQL["lock_tenant"], parameters).first() is None:
        return
    for name in _tables_of_tenants(connection):
        connection.execute(_deletion(name, organization_id))
    connection.execute(_SQL["remove_organization"], parameters)


def _deletion(name: str, organization_id: UUID) -> Delete:
    """Return the statement that deletes an organisation's rows; a table cannot be a parameter, so this one is built."""
    owner = column("organization_id", Uuid())
    return delete(table(name, owner, schema=SCHEMA)).where(owner == organization_id)


def _tables_of_tenants(connection: Connection) -> tuple[str, ...]:
    """Name the isolated tables, those that refer to another one before it."""
    rows = connection.execute(_SQL["list_isolated_tables"])
    referring = {row.name: set(row.referring) - {row.name} for row in rows}
    return tuple(TopologicalSorter(referring).static_order())
