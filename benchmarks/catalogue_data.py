"""What the catalogue's benchmarks measure on: a list of 113,000 offers in 50 revisions, and tenants of it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import Connection, NullPool, create_engine, text
from sqlalchemy.engine import make_url

from twotier.bss import administration
from twotier.bss.database import Database, Role
from twotier.dev.postgres import database_server

NOW: Final = datetime(2026, 1, 1, tzinfo=UTC)
PRODUCTS: Final = 37_750
OFFERS: Final = 3 * PRODUCTS
LIST: Final = 1
OTHER_LIST: Final = 2
BEFORE: Final = 49
"""The revision after 48 small ones."""
HEAD: Final = 50
"""27 % of the offers are changed against the one before."""

_DISTRIBUTOR: Final = UUID(int=1)


@contextmanager
def catalogue_database(name: str, products: int = PRODUCTS) -> Iterator[str]:
    """A database with the lists, of three offers a product, and no tenant; dropped at the end; gives its URL."""
    with database_server() as server:
        engine = create_engine(
            make_url(server).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT", poolclass=NullPool
        )
        with engine.connect() as connection:
            connection.execute(text(f"create database {name}"))
        url = make_url(server).set(database=name).render_as_string(hide_password=False)
        try:
            administration.initialise(url)
            administration.migrate(url)
            _fill(url, products)
            yield url
        finally:
            with engine.connect() as connection:
                connection.execute(text(f"drop database {name} with (force)"))


@contextmanager
def connected(url: str, role: Role) -> Iterator[Database]:
    """The database as one role."""
    database = Database(url, role)
    try:
        yield database
    finally:
        database.dispose()


@contextmanager
def as_owner_of_all(url: str) -> Iterator[Connection]:
    """A transaction of the login itself, for what no process may do."""
    with connected(url, Role.OWNER) as database, database.transaction() as connection:
        connection.execute(text("set local role none"))
        yield connection


def make_tenants(url: str, count: int) -> Sequence[UUID]:
    """Tenants without a catalogue."""
    ids = [uuid4() for _ in range(count)]
    with as_owner_of_all(url) as connection:
        connection.execute(
            text(
                "insert into organization (id, root_id, account_number, display_name, country, time_zone, currency, "
                "created_at) select id, :root, id::text, 'Tenant', 'DE', 'UTC', 'EUR', :now "
                "from unnest(cast(:ids as uuid[])) id"
            ),
            {"ids": ids, "root": _DISTRIBUTOR, "now": NOW},
        )
    return ids


def vacuum(url: str) -> None:
    """Bring statistics and visibility up to date, as autovacuum does sooner or later."""
    engine = create_engine(
        make_url(url).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT", poolclass=NullPool
    )
    with engine.connect() as connection:
        connection.execute(text("vacuum analyze"))


def _fill(url: str, products: int) -> None:
    with as_owner_of_all(url) as connection:
        connection.execute(_ORGANIZATION, {"id": _DISTRIBUTOR, "now": NOW})
        connection.execute(_LISTS, {"id": _DISTRIBUTOR})
        connection.execute(_REVISIONS, {"list": LIST, "count": HEAD, "now": NOW})
        connection.execute(_REVISIONS, {"list": OTHER_LIST, "count": 1, "now": NOW})
        # The other list has nine tenths of the products, at other prices
        for price_list, share, factor in ((LIST, 10, 1), (OTHER_LIST, 9, 2)):
            connection.execute(_PRODUCTS, {"list": price_list, "count": products, "share": share})
            connection.execute(_OFFERS, {"list": price_list, "factor": factor})
        for revision in range(2, HEAD):
            _change(connection, revision, of=200, chosen=revision)
        for chosen in range(27):
            _change(connection, HEAD, of=100, chosen=chosen)
    vacuum(url)


def _change(connection: Connection, revision: int, *, of: int, chosen: int) -> None:
    parameters = {"list": LIST, "revision": revision, "of": of, "chosen": chosen}
    connection.execute(_CHANGE_OFFERS, parameters)
    connection.execute(_CHANGE_PRODUCTS, parameters | {"of": of * 10})


_ORGANIZATION: Final = text(
    "insert into organization (id, namespace, name, display_name, country, time_zone, currency, created_at) "
    "values (:id, 'bench', 'distributor', 'Distributor', 'DE', 'UTC', 'EUR', :now)"
)
_LISTS: Final = text(
    "insert into price_list (id, organization_id, key, name, currency) overriding system value "
    "values (1, :id, uuidv7(), 'one', 'EUR'), (2, :id, uuidv7(), 'two', 'EUR')"
)
_REVISIONS: Final = text(
    "insert into price_list_revision (price_list_id, revision, digest, imported_at, source, offers, products, added, "
    "removed, price_changed, other_changed) select :list, r, '', :now, 'bench', 0, 0, 0, 0, 0, 0 "
    "from generate_series(1, :count) r"
)
_PRODUCTS: Final = text(
    "insert into product (price_list_id, sku, from_revision, name, description, category, product_type) "
    "select :list, to_char(n, 'FM000000'), 1, 'Product ' || md5(n::text), repeat(md5(n::text), 3), "
    "'Category ' || n % 20, 'service ' || n % 5 from generate_series(1, :count) n where n % 10 < :share"
)
_OFFERS: Final = text(
    "insert into offer (price_list_id, sku, unit, from_revision, price, recommended_sell_price) "
    "select price_list_id, sku, unit, 1, sku::integer % 997 * cast(:factor as integer) + 0.25, "
    "sku::integer % 997 * cast(:factor as integer) * 1.2 + 0.30 "
    "from product, unnest(array['P1M', 'P1Y', 'P3Y']) unit where price_list_id = :list order by sku, unit"
)
_CHANGE_OFFERS: Final = text(
    "with ended as (update open_offer set to_revision = :revision where price_list_id = :list "
    "and (hashtext(sku || unit) & 65535) % :of = :chosen and from_revision < :revision "
    "returning *) insert into offer (price_list_id, sku, unit, from_revision, price, recommended_sell_price) "
    "select price_list_id, sku, unit, :revision, price + 0.01, recommended_sell_price + 0.01 from ended"
)
_CHANGE_PRODUCTS: Final = text(
    "with ended as (update open_product set to_revision = :revision where price_list_id = :list "
    "and (hashtext(sku) & 65535) % :of = :chosen and from_revision < :revision "
    "returning *) insert into product (price_list_id, sku, from_revision, name, description, category, product_type) "
    "select price_list_id, sku, :revision, name || ' ' || :revision, description, category, product_type from ended"
)
