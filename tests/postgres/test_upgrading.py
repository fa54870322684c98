"""A database of the version before is brought to this one with all that it knows."""

from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import resources
from uuid import UUID

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import NullPool, create_engine, make_url, text

from twotier.bss import administration
from twotier.bss.catalogue.runs import log
from twotier.bss.catalogue.runs.log import Outcome, Position
from twotier.bss.database import SCHEMA, Database, Role
from twotier.bss.price_lists.declaring import PriceListDeclaration, declare_price_list
from twotier.bss.price_lists.importing import import_price_list
from twotier.bss.sheets.parsing import Part
from twotier.bss.sheets.presets.twotier import twotier
from twotier.bss.tenants.lifecycle import erase

NOW = datetime(2026, 8, 1, tzinfo=UTC)
ROOT, TENANT = UUID(int=1), UUID(int=2)
ROWS = f"""
insert into organization (
  id, root_id, namespace, name, account_number, display_name, country, time_zone, currency, created_at
) values ('{ROOT}', null, 'shop', 'aegean', null, 'Aegean', 'GR', 'UTC', 'EUR', '2026-01-01Z'),
       ('{TENANT}', '{ROOT}', null, null, 'R-1', 'Contoso', 'GR', 'UTC', 'EUR', '2026-01-01Z');
insert into price_list (organization_id, name, currency, head_revision) values ('{ROOT}', 'retail', 'EUR', 1);
insert into price_list_revision values (1, 1, 'digest', '2026-01-01Z', 'test', 0, 0, 0, 0, 0, 0);
insert into product (price_list_id, sku, from_revision, name) values (1, 'A', 1, 'A'), (1, 'B', 1, 'B');
insert into offer (price_list_id, sku, unit, from_revision, price)
values (1, 'A', 'month', 1, 1), (1, 'B', 'month', 1, 2);
insert into catalogue_assignment values ('{TENANT}', 1, 1, 0);
insert into catalogue_update (
  organization_id, number, price_list_id, revision, is_full, sell_prices, names, override_watermark, requested_by,
  requested_at, changes, first_list, first_revision, structure_number, structure_list, structure_revision,
  sell_list, sell_revision, sell_known_list, sell_known_revision, sell_watermark,
  names_list, names_revision, names_known_list, names_known_revision, names_watermark
) values ('{TENANT}', 1, 1, 1, true, true, true, 0, 'test', '2026-01-02Z', '{{}}', 1, 1, 1, 1, 1,
          1, 1, 1, 1, 0, 1, 1, 1, 1, 0)
"""  # noqa: S608 -- constants


@pytest.fixture
def older_url(postgres_url: str, database_names: Iterator[str]) -> Iterator[str]:
    """A database of the first version, in which a tenant has his first catalogue."""
    name = next(database_names)
    server = create_engine(_driver(postgres_url), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with server.connect() as connection:
        connection.execute(text(f"create database {name}"))
    url = make_url(postgres_url).set(database=name).render_as_string(hide_password=False)
    administration.initialise(url)
    engine = create_engine(_driver(url), poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text(f"set local role {Role.OWNER}; set local search_path = {SCHEMA}, pg_temp"))
        config = Config()
        config.set_main_option("script_location", str(resources.files("twotier.bss") / "migrations"))
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.exec_driver_sql(ROWS)
    yield url
    with server.connect() as connection:
        connection.execute(text(f"drop database {name}"))


def _driver(url: str) -> str:
    return make_url(url).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


def test_the_log_keeps_what_the_version_before_recorded(older_url: str) -> None:
    administration.migrate(older_url)
    database = Database(older_url, Role.OPERATOR, pool_size=1)
    with database.transaction() as connection:
        (entry,) = log.runs(connection, TENANT)
        assert (entry.position, entry.outcome, entry.requested_by) == (Position(1), Outcome.APPLIED, "test")
        assert (entry.started_at, entry.duration.total_seconds(), entry.asked.by) == (entry.finished_at, 0, None)
        erase(connection, TENANT)
        assert log.runs(connection, TENANT) == []
    database.dispose()


def test_the_next_revision_of_a_list_has_the_digest_of_its_whole_content(older_url: str) -> None:
    administration.migrate(older_url)
    database = Database(older_url, Role.OPERATOR, pool_size=1)
    parts = [Part("list.csv", b"sku,unit,price\nA,month,1\nB,month,3\n")]
    with database.transaction() as connection:
        new = declare_price_list(connection, ROOT, PriceListDeclaration("new", "EUR"))
        older, fresh = (import_price_list(connection, each, parts, twotier(), now=NOW).head for each in (1, new))
    database.dispose()
    assert older is not None
    assert fresh is not None
    assert (older.revision, older.digest, older.offers) == (2, fresh.digest, 2)
