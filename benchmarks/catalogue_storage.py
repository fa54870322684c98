"""What one more tenant's catalogue of 113,000 offers takes, against a copy of them."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, text

from benchmarks.catalogue_data import HEAD, LIST, NOW, as_owner_of_all, catalogue_database, connected, make_tenants
from benchmarks.figure import Figure
from twotier.bss.catalogue.runs.updates import Request, write_first_update
from twotier.bss.database import Role

TENANTS: Final = 1_000
BUDGET: Final = 4_000.0


def measure() -> Sequence[Figure]:
    """Give 1,000 tenants a catalogue and see how much the tables and their indexes grow."""
    with catalogue_database("bench_catalogue_storage") as url, connected(url, Role.OPERATOR) as database:
        tenants = make_tenants(url, TENANTS)
        with as_owner_of_all(url) as connection:
            before = _size(connection)
        with database.transaction() as connection:
            for tenant in tenants:
                write_first_update(connection, tenant, LIST, HEAD, Request("PriceListAssignment bench/tenant", NOW))
        with as_owner_of_all(url) as connection:
            value = (_size(connection) - before) / TENANTS
            copy = _size_of_a_copy(connection)
    comparison = f"a copy of the list's offers and products: {copy / 1e6:.1f} MB"
    return [Figure("storage of one more tenant's catalogue", value, "bytes", BUDGET, value <= BUDGET, comparison)]


def _size(connection: Connection) -> int:
    """Of everything there is, so that nothing is forgotten."""
    return int(connection.execute(text("select pg_database_size(current_database())")).scalar_one())


def _size_of_a_copy(connection: Connection) -> int:
    for copy in _COPIES:
        connection.execute(copy)
    sizes = text("select pg_total_relation_size('offer_copy') + pg_total_relation_size('product_copy')")
    return int(connection.execute(sizes).scalar_one())


_COPIES: Final = (
    text("create table offer_copy (like offer including indexes)"),
    text("insert into offer_copy select * from open_offer where price_list_id = 1"),
    text("create table product_copy (like product including indexes)"),
    text("insert into product_copy select * from open_product where price_list_id = 1"),
)
