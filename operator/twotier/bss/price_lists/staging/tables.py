"""The temporary tables that an import works in; they are the connection's own and go with the transaction."""

from typing import Final

from sqlalchemy import Connection

from twotier.bss.sql import statements

_SQL: Final = statements(__name__)
_CREATE: Final = (
    _SQL["create_staged_row"],
    _SQL["create_affected_sku"],
    _SQL["create_read_row"],
    _SQL["create_read_product"],
    _SQL["create_read_relation"],
    _SQL["create_changed_offer"],
    _SQL["create_changed_product"],
    _SQL["create_changed_relation"],
)


def make_staging(connection: Connection) -> None:
    """Make the tables, empty, whatever an import earlier in this transaction left."""
    connection.execute(_SQL["drop_tables"])
    for statement in _CREATE:
        connection.execute(statement)
