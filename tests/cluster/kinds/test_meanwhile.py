"""What changes while something else is under way: the transaction under way is held back at the table it writes to."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal

from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.engine import make_url
from tests.shop import (
    BACKUP,
    DISK,
    MAIL,
    Shop,
    assignment,
    config_map,
    csv,
    distributor,
    eventually,
    price_list,
    tenant,
)

from twotier.bss.database import SCHEMA

MAIL_AT = "MAIL,month,{},Mail,6.00"
WAITING = """
select 1 from pg_locks l join pg_class c on c.oid = l.relation
where c.relname = :table and not l.granted
  and l.database = (select oid from pg_database where datname = current_database())
"""


@contextmanager
def held_back(shop: Shop, table: str) -> Iterator[Callable[[], None]]:
    """Let nobody write to a table until the end of the block; what it gives waits until somebody tries to."""
    engine = create_engine(make_url(shop.database_url).set(drivername="postgresql+psycopg"), poolclass=NullPool)

    def wait() -> None:
        eventually(lambda: shop.rows(WAITING, table=table), lambda: f"nobody writes to {table}")

    with engine.begin() as connection:
        connection.execute(text(f"lock table {SCHEMA}.{table} in exclusive mode"))
        yield wait


def test_a_config_map_that_is_edited_during_an_import_is_imported_next(shop: Shop) -> None:
    def put(price: str) -> None:
        shop.apply(config_map("prices", "retail", data={"a.csv": csv(MAIL_AT.format(price), DISK)}))

    put("4")
    shop.apply(distributor(), price_list(source={"configMaps": [{"name": "prices"}]}))
    shop.await_status("PriceList", "retail", "revision", 1)
    with held_back(shop, "price_list_revision") as wait:
        put("5")
        wait()
        put("6")

    status = shop.await_status("PriceList", "retail", "revision", 3)
    assert status["differences"] == {"added": 0, "removed": 0, "priceChanged": 1, "otherChanged": 0}
    assert shop.rows(
        "select from_revision, price from offer join price_list l on l.id = price_list_id "
        "join organization o on o.id = l.organization_id where o.namespace = :namespace and sku = 'MAIL' order by 1",
        namespace=shop.namespace,
    ) == [(1, Decimal(4)), (2, Decimal(5)), (3, Decimal(6))]


def test_a_list_that_is_switched_during_an_apply_is_applied_next(shop: Shop) -> None:
    declared = (distributor(), price_list(), price_list("wholesale", MAIL_AT.format(4), BACKUP), tenant(), assignment())
    shop.apply(*declared)
    shop.await_ready(*declared)
    with held_back(shop, "catalogue_update") as wait:
        shop.apply(price_list("retail", MAIL))
        wait()
        shop.apply(assignment(priceList="wholesale"))

    status = shop.await_status("PriceListAssignment", "contoso", "run", 3)
    assert status["priceList"] == "wholesale"
    assert shop.prices() == {"MAIL": (Decimal(4), Decimal(6)), "BACKUP": (Decimal(9), Decimal(12))}
    assert shop.rows(
        "select number, l.name, revision from catalogue_update join price_list l on l.id = price_list_id "
        "where catalogue_update.organization_id = :tenant order by number",
        tenant=shop.organization_id(),
    ) == [(1, "retail", 1), (2, "retail", 2), (3, "wholesale", 1)]
