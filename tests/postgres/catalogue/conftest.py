"""A database whose login may become every role, so that one transaction sees both sides."""

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, text
from tests.postgres.catalogue.resellers import give_edition, in_categories
from tests.postgres.catalogue.rows import NOW, import_revision, make_list, make_organizations
from tests.postgres.catalogue.sequences import FIRST, SECOND

from twotier.bss.catalogue.runs.updates import Request, write_first_update
from twotier.bss.database import Database, Role


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    database = Database(database_url, Role.OPERATOR)
    yield database.engine
    database.dispose()


@pytest.fixture
def databases(database_url: str) -> Iterator[dict[Role, Database]]:
    made = {role: Database(database_url, role) for role in (Role.OPERATOR, Role.API)}
    yield made
    for database in made.values():
        database.dispose()


@pytest.fixture
def viewer(database_url: str) -> Iterator[Database]:
    """As the distributor's own people read."""
    database = Database(database_url, Role.VIEWER)
    yield database
    database.dispose()


@pytest.fixture
def operator(databases: dict[Role, Database]) -> Database:
    return databases[Role.OPERATOR]


@pytest.fixture
def tenants(engine: Engine) -> list[UUID]:
    """Three tenants of one distributor."""
    distributor, *made = (uuid4() for _ in range(4))
    with engine.begin() as connection:
        connection.execute(text("set local role none"))
        make_organizations(connection, distributor, *made)
    return made


@pytest.fixture
def price_list(engine: Engine, tenants: list[UUID]) -> int:
    """A list with two revisions, which all tenants have the first of."""
    with engine.begin() as connection:
        connection.execute(text("set local role none"))
        owner = connection.execute(text("select id from organization where root_id is null")).scalar_one()
        list_id = make_list(connection, owner, "list")
        import_revision(connection, list_id, [FIRST])
        import_revision(connection, list_id, [FIRST, SECOND])
        connection.execute(text("set local role twotier_operator"))
        for tenant in tenants:
            write_first_update(connection, tenant, list_id, 1, Request("test", NOW))
    return list_id


@pytest.fixture
def premium(engine: Engine, tenants: list[UUID]) -> UUID:
    """A Premium tenant whose list has a in "cloud" and b in "office", of the product type "mail"."""
    return _reseller(engine, tenants[0], "Premium")


@pytest.fixture
def basic(engine: Engine, tenants: list[UUID]) -> UUID:
    """A Basic tenant with a list as the Premium one has."""
    return _reseller(engine, tenants[1], "Basic")


def _reseller(engine: Engine, tenant: UUID, edition: str) -> UUID:
    with engine.begin() as connection:
        connection.execute(text("set local role none"))
        owner = connection.execute(text("select id from organization where root_id is null")).scalar_one()
        list_id = make_list(connection, owner, edition)
        import_revision(connection, list_id, [in_categories(a="cloud", b="office")])
        give_edition(connection, tenant, edition)
        write_first_update(connection, tenant, list_id, 1, Request("test", NOW))
    return tenant
