"""The world that tenants are made in."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, text
from tests.postgres.tenants.world import NOW, SETTINGS, World, new_id

from twotier.bss.database import Database, Role
from twotier.bss.organizations.distributor import declare_distributor, find_distributor


@pytest.fixture
def world(database_url: str, operator_database: Database) -> Iterator[World]:
    """A distributor in Greece whose list "retail" has one product, of Acronis."""
    superuser = Database(database_url, Role.OPERATOR)

    @contextmanager
    def administration() -> Iterator[Connection]:
        with superuser.transaction() as connection:
            connection.execute(text("set local role none"))
            yield connection

    with operator_database.transaction() as connection:
        declare_distributor(connection, "sales", "northwind", SETTINGS, ids=new_id, now=NOW)
        distributor = find_distributor(connection, "sales", "northwind")
    assert distributor is not None
    with administration() as connection:
        price_list_id = connection.execute(
            text(
                "insert into price_list (organization_id, key, name, currency) values (:id, uuidv7(), 'retail', 'EUR') "
                "returning id"
            ),
            {"id": distributor.id},
        ).scalar_one()
    world = World(operator_database, administration, distributor, price_list_id)
    world.add_product("ACR-1", "Acronis", 1)
    yield world
    superuser.dispose()
