"""The reseller's categories: copied from the distributor's, renamed as it likes, and joined by ones of its own.

A category is known by the name that it came down with or was made with, and shown by the name that the reseller
gives it: what arrives later in a renamed category is shown under the new name.

The use cases run in a transaction of the tenant (`Database.tenant_transaction`).
"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from twotier.bss.reseller.values import checked_text
from twotier.bss.sql import statements

_SQL: Final = statements(__name__)


@dataclass(frozen=True, slots=True)
class Category:
    """A category, as the tenant shows it."""

    name: str
    inherited_name: str | None
    """The name that it was copied with; None for a category that the reseller made."""


class CategoryError(Exception):
    """The categories do not allow the change; the message says what to do."""


def listed(connection: Connection, organization_id: UUID) -> list[Category]:
    """Return the tenant's categories, by name: those of the lists that were applied to it, and its own."""
    rows = connection.execute(_SQL["list_categories"], {"organization_id": organization_id})
    return [Category(row.name, row.inherited_name) for row in rows]


def key_of(connection: Connection, organization_id: UUID, name: str) -> str:
    """Return what a category is known by.

    Args:
        connection: in a transaction of the tenant.
        organization_id: the tenant.
        name: as it is shown.

    Raises:
        CategoryError: the tenant has no such category.
    """
    parameters = {"organization_id": organization_id, "name": name}
    key = connection.execute(_SQL["find_category"], parameters).scalar_one_or_none()
    if key is None:
        raise CategoryError(f"there is no category {name!r}: choose an existing one, or create it first")
    return str(key)


def create(connection: Connection, organization_id: UUID, name: str) -> int:
    """Make a category.

    Returns:
        The version that was appended.

    Raises:
        CategoryError: there is one of the name, or the tenant has no catalogue yet.
        InvalidValueError: it cannot be a name.
    """
    text = checked_text("category", name)
    _begin(connection, organization_id)
    _require_free(connection, organization_id, text)
    shown = _shown(connection, organization_id, text)
    if shown is not None:
        raise CategoryError(f"{text!r} is what category {shown!r} was called first: choose another name")
    return _record(connection, organization_id, text, text)


def rename(connection: Connection, organization_id: UUID, name: str, new_name: str) -> int:
    """Call a category something else, together with all that is in it or will arrive in it.

    Returns:
        The version that was appended.

    Raises:
        CategoryError: there is no such category, or one of the new name.
        InvalidValueError: it cannot be a name.
    """
    text = checked_text("category", new_name)
    _begin(connection, organization_id)
    key = key_of(connection, organization_id, name)
    _require_free(connection, organization_id, text)
    return _record(connection, organization_id, key, text)


def remove(connection: Connection, organization_id: UUID, name: str) -> int:
    """Take the reseller's own name of a copied category away, or one of its own categories.

    Returns:
        The version that was appended.

    Raises:
        CategoryError: there is no such category, it was copied and not renamed, the name it was copied with is
            that of another one by now, or it is the reseller's own and has products in it.
    """
    _begin(connection, organization_id)
    key = key_of(connection, organization_id, name)
    parameters = {"organization_id": organization_id, "category": key}
    if connection.execute(_SQL["is_inherited"], parameters).scalar_one():
        if key == name:
            raise CategoryError(f"category {name!r} came down from the distributor: rename it, or empty it")
        _require_free(connection, organization_id, key)
    elif connection.execute(_SQL["is_used"], parameters).scalar_one():
        raise CategoryError(f"category {name!r} has products in it: put them into another one first")
    return _record(connection, organization_id, key, None)


def _begin(connection: Connection, organization_id: UUID) -> None:
    """Keep two changes of one tenant apart."""
    if not connection.execute(_SQL["lock_overrides"], {"organization_id": organization_id}).scalar_one():
        raise CategoryError("there is no catalogue yet: categories come with the first update")


def _require_free(connection: Connection, organization_id: UUID, name: str) -> None:
    parameters = {"organization_id": organization_id, "name": name}
    if connection.execute(_SQL["find_category"], parameters).scalar_one_or_none() is not None:
        raise CategoryError(f"there is a category {name!r} already: choose another name, or use that one")


def _shown(connection: Connection, organization_id: UUID, key: str) -> str | None:
    parameters = {"organization_id": organization_id, "category": key}
    return connection.execute(_SQL["find_own_name"], parameters).scalar_one_or_none()


def _record(connection: Connection, organization_id: UUID, key: str, name: str | None) -> int:
    parameters = {"organization_id": organization_id, "category": key, "name": name}
    return int(connection.execute(_SQL["record_name"], parameters).scalar_one())
