"""Removing every row of a tenant, from tables that are found in the catalog, so that a new one is not forgotten."""

from graphlib import TopologicalSorter
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from twotier.bss.sql import statement

_LOCK: Final = text("select from organization where id = :organization_id and root_id is not null for update")


def erase_rows(connection: Connection, organization_id: UUID) -> None:
    """Delete a tenant's rows and the tenant; a root organisation, or one that is gone, is left alone."""
    parameters = {"organization_id": organization_id}
    if connection.execute(_LOCK, parameters).first() is None:
        return
    for table in _tables_of_tenants(connection):
        delete = f"delete from {table} where organization_id = :organization_id"  # noqa: S608 -- quoted by the catalog
        connection.execute(text(delete), parameters)
    connection.execute(text("delete from organization where id = :organization_id"), parameters)


def _tables_of_tenants(connection: Connection) -> tuple[str, ...]:
    """Name the isolated tables, those that refer to another one before it."""
    rows = connection.execute(statement("tenants/tables_of_tenants.sql"))
    referring = {row.name: set(row.referring) - {row.name} for row in rows}
    return tuple(TopologicalSorter(referring).static_order())
