"""A distributor with a price list in US dollars, and what the list's revisions say."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, Row, text
from tests.postgres.price_lists.source import Source

from twotier.bss.database import Database
from twotier.bss.organizations.distributor import declare_distributor
from twotier.bss.organizations.settings import DistributorSettings
from twotier.bss.price_lists.declaring import PriceListDeclaration, declare_price_list
from twotier.bss.price_lists.importing import ImportResult, import_price_list
from twotier.bss.price_lists.revisions import Revision
from twotier.bss.sheets.format import Format
from twotier.bss.sheets.parsing import Part
from twotier.bss.sheets.presets.twotier import twotier

NOW = datetime(2026, 8, 1, 12, tzinfo=UTC)
DISTRIBUTOR = UUID(int=1)


@dataclass(frozen=True)
class Imported:
    """An import of a list that has a revision after it."""

    head: Revision
    changed: bool

    @classmethod
    def of(cls, result: ImportResult) -> "Imported":
        assert result.head is not None
        return cls(result.head, result.changed)


Import = Callable[..., Imported]
Read = Callable[[int], Sequence[Row[Any]]]

_REVISION = text(
    "select o.sku, o.unit, o.price, o.recommended_sell_price, o.tiers::text, o.active, "
    "p.name, p.description, p.category, p.product_type, p.charge_type, p.kind, p.active as product_active "
    "from offer o join product p on p.price_list_id = o.price_list_id and p.sku = o.sku "
    "and p.from_revision <= :revision and :revision < p.to_revision "
    "where o.price_list_id = :price_list_id and o.from_revision <= :revision and :revision < o.to_revision "
    "order by o.sku, o.unit"
)


@pytest.fixture
def distributor(operator_database: Database) -> UUID:
    settings = DistributorSettings("Distributor", "GR", "Europe/Athens", "USD")
    with operator_database.transaction() as connection:
        return declare_distributor(connection, "sales", "main", settings, ids=lambda: DISTRIBUTOR, now=NOW)


@pytest.fixture
def price_list(operator_database: Database, distributor: UUID) -> int:
    with operator_database.transaction() as connection:
        return declare_price_list(connection, distributor, PriceListDeclaration("standard", "USD"), ids=uuid4)


@pytest.fixture
def imported(operator_database: Database, price_list: int) -> Import:
    """Import files in a transaction of its own."""

    def run(*contents: bytes, format_: Format | None = None) -> Imported:
        parts = [Part(f"part-{number}.csv", content) for number, content in enumerate(contents, start=1)]
        with operator_database.transaction() as connection:
            return Imported.of(import_price_list(connection, price_list, parts, format_ or twotier(), now=NOW))

    return run


@pytest.fixture
def read_back(operator_database: Database, price_list: int) -> Read:
    """The rows of a revision, each offer with its product, by SKU and unit."""

    def run(revision: int) -> Sequence[Row[Any]]:
        with operator_database.transaction() as connection:
            return rows_of(connection, price_list, revision)

    return run


def rows_of(connection: Connection, price_list: int, revision: int) -> Sequence[Row[Any]]:
    return connection.execute(_REVISION, {"price_list_id": price_list, "revision": revision}).all()


@pytest.fixture
def source(operator_database: Database, price_list: int) -> Source:
    return Source(operator_database, price_list)
