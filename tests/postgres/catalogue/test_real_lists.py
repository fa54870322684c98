"""A tenant on a real list: its versions applied one after the other, and gone back to."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, text
from tests.postgres.catalogue.rows import make_organizations

from twotier.bss.catalogue.runs.updates import Request, Update, write_first_update, write_undo, write_update
from twotier.bss.database import Database, Role, act_for
from twotier.bss.price_lists.declaring import PriceListDeclaration, declare_price_list
from twotier.bss.price_lists.importing import import_price_list
from twotier.bss.sheets.parsing import Part
from twotier.dev.datasets import DATASETS

AZURE = DATASETS["azure-retail"]
VERSIONS = sorted((Path(__file__).parents[2] / "data" / "azure-retail").glob("vm-eu-west.*.json.gz"))
NOW = datetime(2026, 9, 1, tzinfo=UTC)
CATALOGUE = text(
    "select sku, unit, name, description, category, product_type, charge_type, kind, cost, sell_price, discontinued "
    "from tenant_catalogue order by sku, unit"
)

Catalogue = list[tuple[object, ...]]


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    database = Database(database_url, Role.OPERATOR)
    with database.engine.begin() as made:
        yield made
    database.dispose()


def _tenant_and_list(connection: Connection) -> tuple[UUID, int]:
    tenant, distributor = uuid4(), uuid4()
    connection.execute(text("set local role none"))
    make_organizations(connection, distributor, tenant)
    connection.execute(text("set local role twotier_operator"))
    return tenant, declare_price_list(
        connection, distributor, PriceListDeclaration("vm-eu-west", AZURE.currency), ids=uuid4
    )


def _catalogue(connection: Connection, tenant: UUID) -> Catalogue:
    connection.execute(text("set local role twotier_api"))
    act_for(connection, tenant)
    rows = [tuple(row) for row in connection.execute(CATALOGUE)]
    connection.execute(text("set local role twotier_operator"))
    return rows


def test_going_back_to_any_run_gives_exactly_the_catalogue_that_there_was(connection: Connection) -> None:
    tenant, price_list = _tenant_and_list(connection)
    catalogues: list[Catalogue] = []
    for revision, version in enumerate(VERSIONS, start=1):
        part = Part(version.name, AZURE.to_csv(version.read_bytes()))
        head = import_price_list(connection, price_list, [part], AZURE.format, now=NOW).head
        assert head is not None
        assert head.revision == revision
        if revision == 1:
            write_first_update(connection, tenant, price_list, 1, Request("test", NOW))
        else:
            update = Update(price_list, revision, sell_prices=True, names=True)
            write_update(connection, tenant, update, Request("test", NOW), expected_newest=revision - 1)
        catalogues.append(_catalogue(connection, tenant))

    for newest, run in enumerate(range(len(VERSIONS) - 1, 0, -1), start=len(VERSIONS)):
        write_undo(connection, tenant, run, Request("test", NOW), expected_newest=newest)
        assert _catalogue(connection, tenant) == catalogues[run - 1]


def test_a_pin_to_an_earlier_revision_offers_exactly_what_was_offered_then(connection: Connection) -> None:
    tenant, price_list = _tenant_and_list(connection)
    for version in VERSIONS[:4]:
        part = Part(version.name, AZURE.to_csv(version.read_bytes()))
        import_price_list(connection, price_list, [part], AZURE.format, now=NOW)
    write_first_update(connection, tenant, price_list, 1, Request("test", NOW))
    then = _catalogue(connection, tenant)
    for newest, revision in enumerate((4, 1), start=1):
        update = Update(price_list, revision, sell_prices=True, names=True)
        write_update(connection, tenant, update, Request("test", NOW), expected_newest=newest)
    offered = [row for row in _catalogue(connection, tenant) if row[-1] is False]
    assert offered == then
