"""What a new tenant organisation has, and that it comes out the same however often its making was interrupted."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import Connection, text
from tests.postgres.tenants.world import World

from twotier.bss.organizations.settings import AutomaticInvoicing, Tax
from twotier.bss.organizations.timezones import UnknownTimeZoneError
from twotier.bss.tenants.declaration import Administrator, Edition, Proof, Storefront, TenantDeclaration
from twotier.bss.tenants.declaring import AddressTakenError, declare_administrator, declare_tenant
from twotier.bss.tenants.provisioning import connect_platforms, copy_taxes, provision

ALL_OF_A_TENANT = (
    "tenant",
    "storefront",
    "staff_group",
    "permission_rule",
    "staff",
    "tax",
    "tax_rule",
    "tax_coverage",
    "payment_method",
    "automatic_invoicing",
    "platform_connection",
)


def rows_of(world: World, organization_id: UUID) -> dict[str, list[tuple[object, ...]]]:
    """Every row of a tenant, with the transaction that wrote it."""
    of_a_table = "select xmin::text, t::text from {} t where organization_id = :id order by 2"
    own = {table: world.rows(of_a_table.format(table), id=organization_id) for table in ALL_OF_A_TENANT}
    return own | {
        "organization": world.rows("select xmin::text, o::text from organization o where id = :id", id=organization_id),
        "account": world.rows("select xmin::text, a::text from account a order by 2"),
        "reserved_host": world.rows("select xmin::text, r::text from reserved_host r order by 2"),
        "account_link": world.rows("select xmin::text, a::text from account_link a order by 2"),
    }


def test_the_organization_is_made_of_account_and_declaration(world: World) -> None:
    organization_id = world.provision()
    assert world.rows(
        "select root_id, account_number, display_name, country, time_zone, currency from organization where id = :id",
        id=organization_id,
    ) == [(world.distributor.id, "R-100", "Contoso", "GR", "Europe/Athens", "EUR")]
    assert world.rows(
        "select phase, edition, language, date_format, separate_invoices, billing_day, activated_at from tenant"
    ) == [("InProgress", "Premium", "el", "yyyy-MM-dd", False, 1, None)]


def test_the_account_is_written_into_the_root_with_its_links(world: World) -> None:
    world.provision()
    assert world.rows("select organization_id, number, name, country, ordering_enabled from account") == [
        (world.distributor.id, "R-100", "Contoso", "GR", True)
    ]
    assert world.rows("select organization_id, account_number, platform, reference from account_link") == [
        (world.distributor.id, "R-100", "Acronis portal", "contoso-1")
    ]


def test_everybody_is_in_the_common_group_that_may_do_everything(world: World) -> None:
    world.provision()
    assert world.rows("select name, is_default from staff_group") == [("common", True)]
    assert world.rows("select name, staff_group, module, access from permission_rule") == [
        ("common all", "common", None, "full")
    ]


def test_the_administrator_is_the_one_user(world: World) -> None:
    world.provision()
    assert world.rows("select email, first_name, last_name, staff_group, is_administrator from staff") == [
        ("ada@contoso.example", "Ada", "Lovelace", "common", True)
    ]


def test_taxes_for_all_product_types_and_for_those_of_the_list_are_copied(world: World) -> None:
    organization_id = world.provision()
    assert world.rows("select name, percent from tax where organization_id = :id order by 1", id=organization_id) == [
        ("Digital levy", Decimal("1.5")),
        ("VAT 24 %", Decimal(24)),
    ]
    assert world.rows(
        "select tax, product_type from tax_rule where organization_id = :id order by 1", id=organization_id
    ) == [("Digital levy", "Acronis"), ("VAT 24 %", None)]


def test_a_tenant_in_another_country_starts_without_taxes(world: World) -> None:
    organization_id = world.provision(world.another("R-200", country="CY"))
    assert world.rows("select from tax where organization_id = :id", id=organization_id) == []
    assert world.rows("select from tax_rule where organization_id = :id", id=organization_id) == []


def test_payment_methods_of_a_gateway_are_not_copied(world: World) -> None:
    organization_id = world.provision()
    assert world.rows("select name, gateway from payment_method where organization_id = :id", id=organization_id) == [
        ("Bank transfer", None)
    ]


def test_the_administrator_answers_for_automatic_invoices_in_the_place_of_the_distributors_user(world: World) -> None:
    organization_id = world.provision()
    assert world.rows(
        "select enabled, send_by_email, responsible_user, responsible_staff_id = s.id "
        "from automatic_invoicing i join staff s using (organization_id) where organization_id = :id",
        id=organization_id,
    ) == [(True, True, None, True)]


def test_nobody_answers_for_automatic_invoices_where_nobody_did(world: World) -> None:
    world.redeclare(replace(world.settings, automatic_invoicing=AutomaticInvoicing(enabled=True)))
    organization_id = world.provision()
    assert world.rows(
        "select enabled, responsible_user, responsible_staff_id from automatic_invoicing where organization_id = :id",
        id=organization_id,
    ) == [(True, None, None)]


def test_only_platforms_of_the_list_are_connected_under_the_name_they_know_the_reseller_by(world: World) -> None:
    organization_id = world.provision()
    assert world.rows(
        "select platform, system_name, reference from platform_connection where organization_id = :id",
        id=organization_id,
    ) == [("Acronis portal", "Acronis portal", "contoso-1")]


def test_the_storefront_has_an_address_below_the_distributors_domain(world: World) -> None:
    organization_id = world.provision()
    assert world.rows("select organization_id, root_id, alias, branding from storefront") == [
        (organization_id, world.distributor.id, "contoso", {"primaryColor": "#102030"})
    ]
    assert world.observe(world.declaration).address == "contoso.shops.northwind.example"


def test_a_basic_tenant_has_no_storefront(world: World) -> None:
    world.provision(replace(world.declaration, edition=Edition.BASIC, storefront=None))
    assert world.rows("select from storefront") == []


def test_the_same_again_writes_no_row(world: World) -> None:
    organization_id = world.provision()
    before = rows_of(world, organization_id)
    assert all(before.values())
    assert world.provision() == organization_id
    assert rows_of(world, organization_id) == before


class CrashError(Exception):
    """Stands for the end of the process."""


@pytest.mark.parametrize("transactions_before_the_crash", range(7))
def test_a_run_after_a_crash_ends_where_an_uninterrupted_one_does(
    transactions_before_the_crash: int, world: World
) -> None:
    price_list = world.observe(world.declaration).price_list
    assert price_list is not None
    committed = 0

    @contextmanager
    def transactions() -> Iterator[Connection]:
        nonlocal committed
        with world.database.transaction() as connection:
            yield connection
            if committed == transactions_before_the_crash:
                raise CrashError
        committed += 1

    with pytest.raises(CrashError):
        provision(transactions, world.distributor, world.declaration, price_list, ids=world.ids, now=world.now)
    organization_id = world.provision()
    uninterrupted = world.provision(
        replace(world.another("R-200"), storefront=Storefront(alias="fabrikam", branding={}))
    )
    kinds_of_rows = {table: len(rows) for table, rows in rows_of(world, organization_id).items()}
    assert kinds_of_rows == {table: len(rows) for table, rows in rows_of(world, uninterrupted).items()}


class TestWhatAnUpdateBrings:
    """A later revision may have product types that the first one had not."""

    def test_taxes_of_a_new_product_type_are_copied(self, world: World) -> None:
        organization_id = world.activate()
        world.add_product("AZ-1", "Azure", 2)
        for _ in range(2):
            with world.database.transaction() as connection:
                copy_taxes(connection, organization_id, world.price_list_id, 2)
        assert world.rows(
            "select tax, product_type from tax_rule where organization_id = :id order by 1, 2", id=organization_id
        ) == [("Cloud levy", "Azure"), ("Digital levy", "Acronis"), ("Digital levy", "Azure"), ("VAT 24 %", None)]

    def test_what_the_reseller_removed_or_changed_stays_so(self, world: World) -> None:
        organization_id = world.activate()
        with world.administration() as connection:
            own = {"id": organization_id}
            connection.execute(text("delete from tax where name = 'VAT 24 %' and organization_id = :id"), own)
            connection.execute(text("update tax set percent = 9 where organization_id = :id"), own)
        world.add_product("AZ-1", "Azure", 2)
        with world.database.transaction() as connection:
            copy_taxes(connection, organization_id, world.price_list_id, 2)
        assert world.rows(
            "select name, percent from tax where organization_id = :id order by 1", id=organization_id
        ) == [
            ("Cloud levy", Decimal(2)),
            ("Digital levy", Decimal(9)),
        ]

    def test_a_tax_that_the_distributor_declares_later_is_for_later_tenants(self, world: World) -> None:
        organization_id = world.activate()
        world.redeclare(replace(world.settings, taxes=(*world.settings.taxes, Tax("New levy", Decimal(1)))))
        world.add_product("AZ-1", "Azure", 2)
        with world.database.transaction() as connection:
            copy_taxes(connection, organization_id, world.price_list_id, 2)
        assert world.rows("select from tax where name = 'New levy' and organization_id = :id", id=organization_id) == []

    def test_platforms_of_new_product_types_are_connected(self, world: World) -> None:
        organization_id = world.activate()
        world.add_product("AZ-1", "Azure", 2)
        for _ in range(2):
            with world.database.transaction() as connection:
                connect_platforms(connection, organization_id, world.price_list_id, 2)
        assert world.rows("select platform, reference from platform_connection order by 1") == [
            ("Acronis portal", "contoso-1"),
            ("Microsoft", None),
        ]


Change = Callable[[TenantDeclaration], TenantDeclaration]
BRANDING = {"primaryColor": "#102030"}
DECLARED: dict[str, tuple[Change, set[str]]] = {
    "nothing": (lambda d: d, set()),
    "name of the account": (
        lambda d: replace(d, account=replace(d.account, name="Contoso SA")),
        {"organization", "account"},
    ),
    "country": (lambda d: replace(d, account=replace(d.account, country="CY")), {"organization", "account"}),
    "country left out": (lambda d: replace(d, account=replace(d.account, country=None)), {"account"}),
    "ordering": (lambda d: replace(d, account=replace(d.account, ordering_enabled=False)), {"account"}),
    "links": (lambda d: replace(d, account=replace(d.account, links={"Microsoft": "m-1"})), {"account_link"}),
    "time zone": (lambda d: replace(d, time_zone="Asia/Nicosia"), {"organization"}),
    "language": (lambda d: replace(d, language="en"), {"tenant"}),
    "billing day": (lambda d: replace(d, billing_day=31), {"tenant"}),
    "edition without storefront": (lambda d: replace(d, edition=Edition.BASIC, storefront=None), {"tenant"}),
    "alias": (lambda d: replace(d, storefront=Storefront(alias="kontoso", branding=BRANDING)), {"storefront"}),
    "host": (
        lambda d: replace(d, storefront=Storefront(host="a.example", branding=BRANDING, proof=Proof.SHOWN)),
        {"storefront", "reserved_host"},
    ),
    "branding": (lambda d: replace(d, storefront=Storefront(alias="contoso")), {"storefront"}),
}


@pytest.mark.parametrize(("change", "touched"), DECLARED.values(), ids=DECLARED.keys())
def test_what_is_declared_of_an_active_tenant_is_written_where_different(
    change: Change, touched: set[str], world: World
) -> None:
    organization_id = world.activate()
    before = rows_of(world, organization_id)
    assert world.observe(change(world.declaration)).as_declared == (not touched)
    with world.database.transaction() as connection:
        declared = declare_tenant(
            connection, world.distributor, change(world.declaration), currency="USD", ids=world.ids, now=world.now
        )
    after = rows_of(world, organization_id)
    assert declared == organization_id
    assert world.observe(change(world.declaration)).as_declared
    assert {table for table, rows in after.items() if rows != before[table]} == touched


def test_the_administrator_follows_the_declaration(world: World) -> None:
    organization_id = world.activate()
    for administrator in (Administrator("grace@contoso.example", "Grace"), Administrator(None)):
        declaration = replace(world.declaration, administrator=administrator)
        assert world.observe(declaration).as_declared == (administrator.email is None)
        with world.database.transaction() as connection:
            declare_administrator(connection, organization_id, administrator, ids=world.ids)
        assert world.observe(declaration).as_declared
    assert world.rows("select email, first_name, last_name from staff") == [("grace@contoso.example", "Grace", None)]


def test_an_address_belongs_to_who_asked_first(world: World) -> None:
    world.provision()
    with pytest.raises(AddressTakenError, match=r"contoso\.shops\.northwind\.example is taken: choose another one"):
        world.provision(world.another("R-200", alias="contoso"))


def test_who_finds_an_address_free_at_the_same_moment_but_comes_second_is_told_so(world: World) -> None:
    first, second = world.another("R-200", alias="shop"), world.another("R-300", alias="shop")
    with ThreadPoolExecutor(1) as thread:
        with world.database.transaction() as connection:
            declare_tenant(connection, world.distributor, first, currency="EUR", ids=world.ids, now=world.now)
            late = thread.submit(world.provision, second)
            world.wait_for_a_blocked_transaction()
        with pytest.raises(AddressTakenError):
            late.result()


def test_a_time_zone_that_is_none_is_refused_before_anything_is_written(world: World) -> None:
    with pytest.raises(UnknownTimeZoneError, match="there is no time zone Mars/Phobos"):
        world.provision(replace(world.declaration, time_zone="Mars/Phobos"))
    assert world.rows("select from account") == []
