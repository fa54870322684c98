"""A database of a version before is brought to this one, and to the next, with all that it knows."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from tests.postgres.catalog import described
from tests.postgres.made_up import with_a_table, with_another_routine
from tests.postgres.older import VERSIONS, older_database, run

from twotier.bss import administration
from twotier.bss.catalogue.reads.pages import lookup
from twotier.bss.catalogue.runs import log, stored_plans
from twotier.bss.catalogue.runs.apply import apply_stored
from twotier.bss.catalogue.runs.log import Outcome, Position
from twotier.bss.catalogue.runs.planning import plan
from twotier.bss.catalogue.runs.updates import Asked, Request
from twotier.bss.database import Database, LeadershipLostError, Role, take_over
from twotier.bss.migrations.release import Release, this_release
from twotier.bss.price_lists.declaring import PriceListDeclaration, declare_price_list
from twotier.bss.price_lists.importing import import_price_list
from twotier.bss.sheets.parsing import Part
from twotier.bss.sheets.presets.twotier import twotier
from twotier.bss.tenants.lifecycle import erase
from twotier.bss.unfit import DatabaseBehindError, DatabaseUnfitError

NOW = datetime(2026, 8, 1, tzinfo=UTC)
ROOT, TENANT = UUID(int=1), UUID(int=2)
"""In the database of version 0001."""


@pytest.fixture
def make_older(
    postgres_url: str,
    template_database: str,  # noqa: ARG001 -- with it the roles are there
    database_names: Iterator[str],
    request: pytest.FixtureRequest,
) -> Callable[[str], str]:
    """Make databases of versions before."""

    def make(version: str) -> str:
        database = older_database(postgres_url, next(database_names), version)
        url = database.__enter__()
        request.addfinalizer(lambda: database.__exit__(None, None, None))
        return url

    return make


@pytest.fixture(params=["fresh", *VERSIONS])
def any_url(request: pytest.FixtureRequest, database_url: str, make_older: Callable[[str], str]) -> str:
    """A database of this version or of one before."""
    return database_url if request.param == "fresh" else make_older(request.param)


@pytest.fixture
def first_url(make_older: Callable[[str], str]) -> str:
    """A database of the first version, in which a tenant has its first catalogue."""
    return make_older("0001")


def check(url: str, release: Release | None = None) -> None:
    """Check a database as an operator does."""
    with connected(url) as database, database.transaction() as connection:
        administration.check(connection, release)


@contextmanager
def connected(url: str, role: Role = Role.OPERATOR, epoch: Callable[[], int] | None = None) -> Iterator[Database]:
    """Give the database as a process has it."""
    database = Database(url, role, epoch=epoch, pool_size=1)
    try:
        yield database
    finally:
        database.dispose()


@pytest.mark.parametrize("version", VERSIONS)
def test_a_database_of_a_version_before_is_as_a_fresh_one(
    make_older: Callable[[str], str], database_url: str, version: str
) -> None:
    older_url = make_older(version)
    administration.migrate(older_url)
    check(older_url)
    assert described(older_url) == described(database_url)


@pytest.mark.parametrize("version", VERSIONS)
def test_no_row_is_lost(make_older: Callable[[str], str], version: str) -> None:
    older_url = make_older(version)
    before = _counts(older_url)
    addresses = before.pop("storefront_address")
    administration.migrate(older_url)
    after = _counts(older_url)
    assert {table: after[table] for table in before} == before
    hosts = "select count(*) from reserved_host where not is_base_domain"
    aliases = "select count(*) from storefront where alias is not null"
    assert run(older_url, f"select ({hosts}) + ({aliases})") == [(addresses,)]


def test_of_two_that_had_one_name_the_older_keeps_it(make_older: Callable[[str], str]) -> None:
    older_url = make_older("0002")
    run(older_url, "update distributor set storefront_domain = 'shops.example'")
    run(older_url, "delete from storefront_address")
    ((root, tenant),) = run(older_url, "select root_id, id from organization where account_number = 'R-contoso'")
    run(
        older_url,
        "insert into storefront (organization_id, branding) values (:id, '{}') on conflict do nothing",
        id=tenant,
    )
    run(older_url, "insert into storefront_address values ('contoso.shops.example', :id)", id=tenant)
    names = ("shops.example", "eu.shops.example", "other.example")
    for number, name in enumerate(names):
        own = {"id": uuid4(), "tenant": uuid4(), "name": f"younger-{number}"}
        run(
            older_url,
            "insert into organization select :id, null, 'rivals', :name, null, display_name, country, time_zone, "
            "currency, created_at + interval '1 day' from organization where id = :root",
            root=root,
            **own,
        )
        run(older_url, "insert into distributor values (:id, :domain)", domain=name, **own)
        run(
            older_url,
            "insert into organization select :tenant, :id, null, null, 'R-1', display_name, country, time_zone, "
            "currency, created_at from organization where id = :root",
            root=root,
            **own,
        )
        run(older_url, "insert into storefront values (:tenant, '{}')", **own)
        run(older_url, "insert into storefront_address values (:host, :tenant)", host=f"{number}.{name}", **own)
    run(older_url, "update storefront_address set host = 'www.shops.example' where host like '2.%'")

    administration.migrate(older_url)

    kept = "select organization_id, name, is_base_domain, proved_at from reserved_host order by name"
    other = run(older_url, "select id from organization where name = 'younger-2'")[0][0]
    assert run(older_url, kept) == [(other, "other.example", True, None), (root, "shops.example", True, None)]
    assert run(older_url, "select root_id, alias from storefront where organization_id = :id", id=tenant) == [
        (root, "contoso")
    ]
    assert run(older_url, "select alias from storefront where root_id <> :id order by 1", id=root) == [
        ("0",),
        ("1",),
        (None,),
    ]


def _counts(url: str) -> dict[str, int]:
    tables = [name for (name,) in run(url, "select tablename from pg_tables where schemaname = 'twotier'")]
    return {table: run(url, f"select count(*) from {table}")[0][0] for table in tables}  # noqa: S608 -- names from the catalog


def test_the_log_keeps_what_the_first_version_recorded(first_url: str) -> None:
    administration.migrate(first_url)
    with connected(first_url) as database, database.transaction() as connection:
        (entry,) = log.runs(connection, TENANT)
        assert (entry.position, entry.outcome, entry.requested_by) == (Position(1), Outcome.APPLIED, "test")
        assert (entry.started_at, entry.duration.total_seconds(), entry.asked.by) == (entry.finished_at, 0, None)
        erase(connection, TENANT)
        assert log.runs(connection, TENANT) == []


def test_the_next_revision_of_a_list_has_the_digest_of_its_whole_content(first_url: str) -> None:
    administration.migrate(first_url)
    parts = [Part("list.csv", b"sku,unit,price\nA,month,1\nB,month,3\n")]
    with connected(first_url) as database, database.transaction() as connection:
        new = declare_price_list(connection, ROOT, PriceListDeclaration("new", "EUR"), ids=uuid4)
        older, fresh = (import_price_list(connection, each, parts, twotier(), now=NOW).head for each in (1, new))
    assert older is not None
    assert fresh is not None
    assert (older.revision, older.digest, older.offers) == (2, fresh.digest, 2)


def test_a_catalogue_is_what_it_was(make_older: Callable[[str], str]) -> None:
    older_url = make_older("0002")
    administration.migrate(older_url)
    ((tenant,),) = run(older_url, "select id from organization where account_number = 'R-contoso'")
    with connected(older_url, Role.API) as database, database.tenant_transaction(tenant) as connection:
        mail, vpn = (lookup(connection, sku, "month") for sku in ("MAIL", "VPN"))
    assert mail is not None
    assert (mail.name, mail.cost, mail.sell_price) == ("Post", Decimal("4.20"), Decimal("7.5"))
    assert vpn is not None
    assert (vpn.sell_price, vpn.discontinued) == (Decimal(5), False)


def test_a_plan_that_waits_for_approval_is_good_under_the_id_that_was_shown(make_older: Callable[[str], str]) -> None:
    older_url = make_older("0002")
    administration.migrate(older_url)
    ((tenant, shown),) = run(
        older_url,
        "select o.id, p.id from catalogue_plan p join organization o on o.id = p.organization_id "
        "where account_number = 'R-contoso' and sell_prices and not names",
    )
    with connected(older_url) as database, database.transaction() as connection:
        stored = stored_plans.find(connection, tenant, shown)
        assert stored is not None
        assert stored.live
        planned = plan(connection, tenant, stored.update)
        assert planned.changes == stored.changes
        assert stored_plans.record(connection, planned, now=NOW) != shown
        applied = apply_stored(connection, stored, Request("test", NOW, NOW, asked=Asked("kubectl", NOW)))
        entry = log.run(connection, tenant, applied.number)
        assert entry is not None
        assert (entry.outcome, entry.plan_id) == (Outcome.APPLIED, shown)


class TestTheReleaseAfterThis:
    """It has a table more, a routine that reads it, and a column of another type that other routines read."""

    @pytest.fixture
    def newer(self, tmp_path: Path) -> Release:
        return with_a_table(tmp_path)

    def test_it_migrates_whichever_version_is_there(self, any_url: str, newer: Release) -> None:
        administration.migrate(any_url, newer)
        check(any_url, newer)
        assert run(any_url, "select count(*) from novelties") == run(
            any_url, "select count(*) from organization where root_id is null"
        )

    def test_it_waits_until_that_is_done(self, any_url: str, newer: Release) -> None:
        with pytest.raises(DatabaseBehindError, match=r"this program \(TwoTier 9.0.0\) needs 9999: run its `twotier"):
            check(any_url, newer)

    def test_programs_before_it_stop(self, database_url: str, newer: Release) -> None:
        administration.migrate(database_url, newer)
        for refuse in (check, administration.migrate):
            with pytest.raises(DatabaseUnfitError, match="a newer TwoTier has migrated it, use the image of that one"):
                refuse(database_url)
        check(database_url, newer)

    def test_several_at_once_wait_for_each_other(self, make_older: Callable[[str], str], newer: Release) -> None:
        older_url = make_older("0002")
        with ThreadPoolExecutor(3) as threads:
            list(threads.map(lambda url: administration.migrate(url, newer), [older_url] * 3))
        check(older_url, newer)

    def test_a_failure_leaves_everything_as_it_was(self, make_older: Callable[[str], str], newer: Release) -> None:
        older_url = make_older("0002")
        before = described(older_url)
        (newer.folder / "routines" / "novelty.sql").write_text("select * from never_made", encoding="utf-8")
        with pytest.raises(Exception, match="never_made"):
            administration.migrate(older_url, newer)
        assert described(older_url) == before


class TestAReleaseThatChangesARoutineAlone:
    @pytest.fixture
    def newer(self, tmp_path: Path) -> Release:
        return with_another_routine(tmp_path)

    def test_it_reaches_the_database(self, database_url: str, newer: Release) -> None:
        with pytest.raises(DatabaseBehindError, match=r"has other routines than this program \(TwoTier 9.0.0\) needs"):
            check(database_url, newer)
        assert _fault_of_much(database_url) == "out-of-range"
        administration.migrate(database_url, newer)
        assert _fault_of_much(database_url) == "far-too-much"
        check(database_url, newer)

    def test_programs_before_it_stop(self, database_url: str, newer: Release) -> None:
        administration.migrate(database_url, newer)
        for refuse in (check, administration.migrate):
            with pytest.raises(DatabaseUnfitError, match=r"has the routines of TwoTier 9\.0\.0, and this program is"):
                refuse(database_url)
        assert _fault_of_much(database_url) == "far-too-much"

    def test_of_two_builds_of_one_version_the_last_that_migrates_counts(
        self, database_url: str, tmp_path: Path
    ) -> None:
        other = with_another_routine(tmp_path / "other", this_release().program)
        administration.migrate(database_url, other)
        with pytest.raises(DatabaseBehindError):
            check(database_url)
        administration.migrate(database_url)
        check(database_url)

    def test_the_image_before_works_where_the_database_did_not_change(self, database_url: str) -> None:
        administration.migrate(database_url, replace(this_release(), program="9.0.0"))
        check(database_url)


def _fault_of_much(url: str) -> Any:
    return run(url, "select amount_fault('1e30')")[0][0]


@pytest.fixture
def leader(database_url: str) -> Iterator[Database]:
    """The database as an operator has it that leads."""
    with connected(database_url) as unfenced, unfenced.transaction() as connection:
        epoch = take_over(connection)
    with connected(database_url, epoch=lambda: epoch) as database:
        yield database


class TestAnOperatorThatLeads:
    def test_it_is_waited_for_and_fenced_off(self, leader: Database, database_url: str, tmp_path: Path) -> None:
        with ThreadPoolExecutor(1) as threads:
            with leader.transaction():
                migration = threads.submit(administration.migrate, database_url, with_another_routine(tmp_path))
                while not run(database_url, "select from pg_locks where not granted"):
                    assert not migration.done()
            migration.result()
        with pytest.raises(LeadershipLostError), leader.transaction():
            pass

    def test_it_goes_on_where_there_is_nothing_to_migrate(self, leader: Database, database_url: str) -> None:
        administration.migrate(database_url)
        with leader.transaction():
            pass
