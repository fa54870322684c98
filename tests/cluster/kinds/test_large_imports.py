"""Large imports take turns, and everything else passes them."""

import base64
import gzip
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.engine import make_url
from tests.resources import Object
from tests.shop import DISK, MAIL, Shop, config_map, csv, distributor, eventually, price_list

from twotier.bss.database import SCHEMA

LARGE = base64.b64encode(gzip.compress(csv(*[MAIL] * 20_001).encode())).decode()


def sheet(name: str) -> Object:
    return config_map(name, name, binaryData={"sheet.csv.gz": LARGE})


def of_config_map(name: str) -> Object:
    return price_list(name, source={"configMaps": [{"name": name}]})


@contextmanager
def nobody_can_write(shop: Shop, *names: str) -> Iterator[None]:
    """The offers of these lists are locked by somebody else, so that their imports wait once everything is read."""
    engine = create_engine(make_url(shop.database_url).set(drivername="postgresql+psycopg"), poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text(f"set search_path = {SCHEMA}"))
        connection.execute(
            text(
                "select from offer join price_list l on l.id = price_list_id "
                "join organization o on o.id = l.organization_id "
                "where o.namespace = :namespace and l.name = any(:names) for update of offer"
            ),
            {"namespace": shop.namespace, "names": list(names)},
        )
        yield
        connection.rollback()


def waiting_to_write(shop: Shop) -> int:
    [(count,)] = shop.rows(
        "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    )
    return int(count)


def test_two_large_imports_run_at_once_and_small_ones_pass_those_that_wait(shop: Shop) -> None:
    lists = ("one", "two", "three", "four")
    shop.apply(distributor(), *(price_list(name, MAIL, DISK) for name in lists))
    shop.await_ready(*(price_list(name) for name in lists))
    with nobody_can_write(shop, "one", "two"):
        shop.apply(sheet("one"), sheet("two"), of_config_map("one"), of_config_map("two"))
        eventually(lambda: waiting_to_write(shop) == 2, lambda: f"{waiting_to_write(shop)} imports")

        shop.apply(sheet("three"), sheet("four"), of_config_map("three"), of_config_map("four"))
        for name in ("three", "four"):
            shop.await_message("PriceList", name, "The files are large, and so are those of other price lists")
            condition = shop.condition("PriceList", name)
            assert condition is not None
            assert condition.reason == "AwaitingTurn"
            assert shop.status("PriceList", name)["revision"] == 1

        small = price_list("small", MAIL)
        shop.apply(small)
        shop.await_ready(small)
        assert waiting_to_write(shop) == 2

    for name in lists:
        assert shop.await_status("PriceList", name, "revision", 2)["offers"] == 1
    shop.await_ready(*map(of_config_map, lists))


def test_a_list_that_waits_and_is_made_small_is_read_at_once(shop: Shop) -> None:
    lists = ("one", "two", "three")
    shop.apply(distributor(), *(price_list(name, MAIL, DISK) for name in lists))
    shop.await_ready(*(price_list(name) for name in lists))
    with nobody_can_write(shop, "one", "two"):
        shop.apply(sheet("one"), sheet("two"), of_config_map("one"), of_config_map("two"))
        eventually(lambda: waiting_to_write(shop) == 2, lambda: f"{waiting_to_write(shop)} imports")
        shop.apply(sheet("three"), of_config_map("three"))
        shop.await_message("PriceList", "three", "The files are large")

        shop.apply(price_list("three", MAIL))
        assert shop.await_status("PriceList", "three", "revision", 2)["offers"] == 1
    shop.await_ready(of_config_map("one"), of_config_map("two"))
