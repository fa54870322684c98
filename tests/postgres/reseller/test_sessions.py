"""What a tenant's session cannot do with statements of its own: say when, who or in which order, or act for another."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID, uuid4

import pytest
from psycopg.errors import ForeignKeyViolation, InsufficientPrivilege
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from tests.postgres.older import run

from twotier.bss.database import Database, Role
from twotier.bss.reseller import own_products
from twotier.bss.reseller.changes import change_offer, change_product
from twotier.bss.reseller.own_products import OwnOffer, OwnProduct

WRITTEN: Final = {
    "product_override": "recorded",
    "offer_override": "recorded",
    "category_override": "recorded",
    "own_product": "changed",
    "own_offer": "changed",
}
"""What keeps who set it and when."""


@pytest.fixture
def staff(operator: Database, premium: UUID, basic: UUID) -> dict[UUID, UUID]:
    """Somebody who works for each tenant."""
    made = {tenant: uuid4() for tenant in (premium, basic)}
    with operator.transaction() as connection:
        for tenant, person in made.items():
            connection.execute(
                text("insert into staff_group (organization_id, name, is_default) values (:tenant, 'all', true)"),
                {"tenant": tenant},
            )
            connection.execute(
                text(
                    "insert into staff (organization_id, id, email, staff_group, is_administrator) "
                    "values (:tenant, :person, 'ada@example.com', 'all', true)"
                ),
                {"tenant": tenant, "person": person},
            )
    return made


def set_everything(connection: Connection, tenant: UUID) -> None:
    """Write a row of each table that a reseller writes."""
    change_product(connection, tenant, "a", {"name": "Mail"})
    change_offer(connection, tenant, "a", "month", {"sellPrice": "9.50"})
    connection.execute(text("select set_category_name(:tenant, 'cloud', 'Cloud')"), {"tenant": tenant})
    own_products.create_product_type(connection, tenant, "own")
    own_products.create(connection, tenant, OwnProduct("mine", "Mine", "own"))
    own_products.put_offer(connection, tenant, OwnOffer("mine", "month", Decimal(1)))


def refused(connection: Connection, statement: str, **values: object) -> object:
    """The class of the error that a statement ends in."""
    with pytest.raises(DBAPIError) as error, connection.begin_nested():
        connection.execute(text(statement), values)
    return type(error.value.orig)


@pytest.mark.parametrize(
    "statement",
    [
        *(f"insert into {table} default values" for table in (*WRITTEN, "own_product_type", "catalogue_assignment")),
        "insert into offer_override (organization_id, sku, unit, version, sell_price, recorded_at) "
        "values (:tenant, 'a', 'month', 9, 1, '2020-01-01')",
        "update catalogue_assignment set last_override = 2147483647",
        "update catalogue_assignment set current = current",
        "update own_product set changed_at = '2020-01-01'",
        "update own_product set name = 'theirs'",
        "update own_offer set sell_price = 0",
        "update offer_override set recorded_at = '2020-01-01'",
        "delete from offer_override",
        "select from catalogue_assignment for update",
        "select next_override(:tenant)",
        "set local role twotier_writer",
        "create or replace function set_category_name(uuid, text, text) returns integer language sql return 1",
        "select password_hash from staff_credential",
        "select name from reserved_host",
        "select alias from storefront",
    ],
)
def test_by_itself_it_cannot(statement: str, premium: UUID, login_of_api: Database) -> None:
    with login_of_api.tenant_transaction(premium) as connection:
        assert refused(connection, statement, tenant=premium) is InsufficientPrivilege


@pytest.fixture
def login_of_api(databases: dict[Role, Database]) -> Iterator[Database]:
    """The database as a login has it that is a member of the API's role alone."""
    administrator = databases[Role.API].engine.url.set(drivername="postgresql")
    login = f"twotier_test_{uuid4().hex}"
    run(administrator.render_as_string(hide_password=False), f"create role {login} login in role {Role.API}")
    database = Database(administrator.set(username=login).render_as_string(hide_password=False), Role.API, pool_size=1)
    yield database
    database.dispose()
    run(administrator.render_as_string(hide_password=False), f"drop role {login}")


def test_time_is_the_databases_and_who_is_of_the_tenants_staff(
    login_of_api: Database, premium: UUID, staff: dict[UUID, UUID], operator: Database
) -> None:
    before = clock(operator)
    with login_of_api.tenant_transaction(premium, staff[premium]) as connection:
        set_everything(connection, premium)
    after = clock(operator)
    with operator.transaction() as connection:
        for table, done in WRITTEN.items():
            sql = f"select {done}_at as at, {done}_by as by from {table}"  # noqa: S608 -- above
            (row,) = connection.execute(text(sql)).all()
            assert before < row.at < after, table
            assert row.by == staff[premium], table


def clock(database: Database) -> datetime:
    with database.transaction() as connection:
        moment: datetime = connection.execute(text("select clock_timestamp()")).scalar_one()
    return moment


def test_a_change_renews_who_and_when(
    login_of_api: Database, premium: UUID, staff: dict[UUID, UUID], operator: Database
) -> None:
    with login_of_api.tenant_transaction(premium, staff[premium]) as connection:
        set_everything(connection, premium)
    before = clock(operator)
    with login_of_api.tenant_transaction(premium) as connection:
        own_products.change(connection, premium, OwnProduct("mine", "Ours", "own"))
        own_products.put_offer(connection, premium, OwnOffer("mine", "month", Decimal(2)))
    with operator.transaction() as connection:
        for table in ("own_product", "own_offer"):
            (row,) = connection.execute(text(f"select changed_at, changed_by from {table}")).all()  # noqa: S608 -- above
            assert row.changed_at > before
            assert row.changed_by is None


def test_nobody_of_another_tenant_is_named(
    login_of_api: Database, premium: UUID, basic: UUID, staff: dict[UUID, UUID]
) -> None:
    for person in (staff[basic], uuid4()):
        with login_of_api.tenant_transaction(premium, person) as connection:
            statement = "select set_offer_override(:tenant, 'a', 'month', 1, null)"
            assert refused(connection, statement, tenant=premium) is ForeignKeyViolation


def test_what_somebody_set_stays_when_they_leave(
    login_of_api: Database, premium: UUID, staff: dict[UUID, UUID], operator: Database
) -> None:
    with login_of_api.tenant_transaction(premium, staff[premium]) as connection:
        set_everything(connection, premium)
    with operator.transaction() as connection:
        connection.execute(text("delete from staff"))
        for table, done in WRITTEN.items():
            rows = connection.execute(text(f"select {done}_by from {table}")).scalars().all()  # noqa: S608 -- above
            assert rows == [None], table


def test_versions_follow_each_other_whatever_is_asked_for(login_of_api: Database, premium: UUID) -> None:
    statement = text("select set_offer_override(:tenant, 'a', 'month', 1, null)")
    with login_of_api.tenant_transaction(premium) as connection:
        versions = [connection.execute(statement, {"tenant": premium}).scalar_one() for _ in range(3)]
        assert versions == [1, 2, 3]
        newest = "select last_override from catalogue_assignment"
        assert connection.execute(text(newest)).scalars().all() == [3]


CALLS = (
    "select set_product_override(:other, 'a', 'name', 'theirs')",
    "select set_offer_override(:other, 'a', 'month', 1, null)",
    "select set_category_name(:other, 'cloud', 'theirs')",
    "select create_own_product_type(:other, 'theirs')",
    "select create_own_product(:other, 'x', 'x', null, null, null, 'own', 'recurring', true)",
    "select change_own_product(:other, 'mine', 'x', null, null, null, 'own', 'recurring', true)",
    "select publish_own_product(:other, 'mine', true)",
    "select put_own_offer(:other, 'mine', 'month', 0, null)",
    "select lock_overrides(:other)",
)


@pytest.mark.parametrize("call", CALLS)
def test_with_arguments_of_another_tenant_nothing_happens(
    call: str, login_of_api: Database, operator: Database, premium: UUID, basic: UUID
) -> None:
    with operator.transaction() as connection:
        connection.execute(text("update tenant set edition = 'Premium'"))
    with login_of_api.tenant_transaction(basic) as connection:
        set_everything(connection, basic)
    before = rows_of(operator, basic)
    with login_of_api.tenant_transaction(premium) as connection:
        answer = called(connection, call, basic)
    assert answer is None or answer is False or "violates row-level security policy" in str(answer)
    assert rows_of(operator, basic) == before


def called(connection: Connection, call: str, other: UUID) -> object:
    """What a function returns, or the error that it ends in."""
    try:
        with connection.begin_nested():
            return connection.execute(text(call), {"other": other}).scalar_one()
    except DBAPIError as error:
        return error.orig


def rows_of(database: Database, tenant: UUID) -> dict[str, list[Any]]:
    tables = (*WRITTEN, "own_product_type", "catalogue_assignment")
    with database.transaction() as connection:
        return {
            table: list(
                connection.execute(
                    text(f"select r::text from {table} r where organization_id = :tenant order by 1"),  # noqa: S608 -- above
                    {"tenant": tenant},
                ).scalars()
            )
            for table in tables
        }


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("select set_config('twotier.organization', :tenant, false)", id="an organization"),
        pytest.param("select set_config('twotier.staff', :tenant, false)", id="somebody"),
        pytest.param("select set_config('search_path', 'pg_temp', false), :tenant", id="where tables are looked for"),
        pytest.param("select set_config('role', 'none', false), :tenant", id="its login for its role"),
        pytest.param("select set_config('row_security', 'off', false), :tenant", id="row-level security"),
        pytest.param(
            "select set_config('default_transaction_read_only', 'on', false), :tenant", id="that nothing is written"
        ),
    ],
)
def test_what_a_statement_sets_for_the_session_is_gone_with_its_transaction(
    statement: str, login_of_api: Database, premium: UUID
) -> None:
    with login_of_api.tenant_transaction(premium) as connection:
        before = session(connection)
        connection.execute(text(statement), {"tenant": str(premium)})
        process = connection.execute(text("select pg_backend_pid()")).scalar_one()
    with login_of_api.transaction() as connection:
        assert connection.execute(text("select pg_backend_pid()")).scalar_one() == process
        assert connection.execute(text("select count(*) from tenant")).scalar_one() == 0
        after = session(connection)
    assert after == before | {"organization": after["organization"]}
    assert not after["organization"]


def session(connection: Connection) -> dict[str, object]:
    names = ("search_path", "role", "row_security", "transaction_read_only", "timezone", "statement_timeout")
    own = {name: f"twotier.{name}" for name in ("organization", "staff")}
    return {
        name: connection.execute(text("select current_setting(:name, true)"), {"name": setting}).scalar_one()
        for name, setting in [*zip(names, names, strict=True), *own.items()]
    }


def test_a_host_leads_to_its_tenant_and_hosts_are_not_listed(
    login_of_api: Database, operator: Database, premium: UUID, basic: UUID
) -> None:
    with operator.transaction() as connection:
        root = connection.execute(
            text("select root_id from organization where id = :tenant"), {"tenant": premium}
        ).scalar_one()
        reserve = text(
            "insert into reserved_host (organization_id, name, is_base_domain) values (:id, :name, :is_base)"
        )
        connection.execute(reserve, {"id": premium, "name": "shop.example.com", "is_base": False})
        connection.execute(text("delete from reserved_host where organization_id = :root"), {"root": root})
        connection.execute(reserve, {"id": root, "name": "shops.example", "is_base": True})
        connection.execute(text("delete from storefront where organization_id = :tenant"), {"tenant": basic})
        connection.execute(
            text(
                "insert into storefront (organization_id, root_id, alias, branding) "
                "values (:tenant, :root, 'contoso', '{}')"
            ),
            {"tenant": basic, "root": root},
        )
    hosts: dict[str | None, UUID | None] = {
        "shop.example.com": premium,
        "contoso.shops.example": basic,
        **dict.fromkeys(("example.com", "a.shop.example.com", "shops.example", "other.shops.example", "%", "", None)),
        **dict.fromkeys(("a.contoso.shops.example", "contoso.shops.example.", "contoso.shopsXexample", "contoso")),
    }
    with login_of_api.transaction() as connection:
        for host, tenant in hosts.items():
            found = connection.execute(text("select organization_of_host(:host)"), {"host": host}).scalar_one()
            assert found == tenant, host
        for table in ("reserved_host", "storefront"):
            assert refused(connection, f"select from {table}") is InsufficientPrivilege
