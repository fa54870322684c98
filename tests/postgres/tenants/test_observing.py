"""What the database tells about a tenant that is declared."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy import text
from tests.postgres.tenants.world import World

from twotier.bss.organizations.settings import PaymentMethod, Platform
from twotier.bss.tenants.checklist import checklist
from twotier.bss.tenants.declaration import Storefront
from twotier.bss.tenants.observing import PriceListFacts


def test_before_anything_is_made_everything_that_is_needed_is_known(world: World) -> None:
    facts = world.observe(world.declaration)
    assert (facts.organization_id, facts.phase, facts.currency, facts.ever_active) == (None, None, None, False)
    assert (facts.has_credentials, facts.credentials_rotation) == (False, None)
    assert (facts.address, facts.address_holder) == ("contoso.shops.northwind.example", None)
    assert facts.price_list == PriceListFacts(
        id=world.price_list_id,
        currency="EUR",
        active=True,
        valid_from=None,
        valid_until=None,
        revision=1,
        newest=1,
        offers=1,
    )
    assert facts.required_platforms == {"Acronis portal"}
    assert facts.country_known
    assert not facts.lacks_taxes
    assert not facts.lacks_payment_methods
    assert all(item.passed for item in checklist(facts, world.declaration, date(2026, 11, 2)))


def test_afterwards_the_tenant_is_known_and_holds_its_address(world: World) -> None:
    organization_id = world.activate()
    facts = world.observe(world.declaration)
    assert (facts.organization_id, facts.phase, facts.currency, facts.ever_active) == (
        organization_id,
        "Active",
        "EUR",
        True,
    )
    assert facts.address_holder == organization_id


def test_a_list_that_does_not_exist_is_no_list(world: World) -> None:
    assert world.observe(replace(world.declaration, price_list="wholesale")).price_list is None
    assert world.observe(replace(world.declaration, price_list=None)).price_list is None


def test_platforms_are_those_of_the_pinned_revision(world: World) -> None:
    world.redeclare(replace(world.settings, platforms=(Platform("Microsoft", frozenset({"Azure"})),)))
    world.add_product("AZ-1", "Azure", 2)
    assert world.observe(world.declaration).required_platforms == {"Microsoft"}
    assert world.observe(replace(world.declaration, revision=1)).required_platforms == frozenset()


def test_a_product_type_that_the_list_gave_up_needs_no_link(world: World) -> None:
    world.add_product("AZ-1", "Azure", 2)
    with world.administration() as connection:
        connection.execute(text("update product set to_revision = 2 where product_type = 'Acronis'"))
    assert world.observe(world.declaration).required_platforms == frozenset()


def test_a_pinned_revision_that_does_not_exist_has_no_offers(world: World) -> None:
    price_list = world.observe(replace(world.declaration, revision=7)).price_list
    assert price_list is not None
    assert (price_list.revision, price_list.offers) == (7, None)


def test_without_declared_countries_all_that_exist_are_known(world: World) -> None:
    assert not world.observe(world.another("R-200", country="FR")).country_known
    world.redeclare(replace(world.settings, countries=frozenset()))
    assert world.observe(world.another("R-200", country="FR")).country_known
    assert not world.observe(world.another("R-200", country="ZZ")).country_known


def test_another_holder_of_the_address_is_told(world: World) -> None:
    holder: UUID = world.activate()
    facts = world.observe(replace(world.another("R-200"), storefront=Storefront(alias="contoso")))
    assert facts.address_holder == holder
    assert facts.organization_id is None


def test_a_tenant_in_another_country_lacks_taxes_until_the_reseller_sets_up_his_own(world: World) -> None:
    declaration = world.another("R-200", country="CY")
    assert not world.observe(declaration).lacks_taxes
    organization_id = world.activate(declaration)
    assert world.observe(declaration).lacks_taxes
    with world.administration() as connection:
        connection.execute(text("insert into tax values (:id, 'VAT 19 %', 19)"), {"id": organization_id})
    assert not world.observe(declaration).lacks_taxes


def test_no_taxes_are_lacked_where_the_distributor_has_none(world: World) -> None:
    world.redeclare(replace(world.settings, taxes=()))
    world.activate()
    assert not world.observe(world.declaration).lacks_taxes


def test_a_tenant_lacks_payment_methods_where_all_of_the_distributors_have_a_gateway(world: World) -> None:
    world.redeclare(replace(world.settings, payment_methods=(PaymentMethod("Card", gateway="Stripe"),)))
    world.activate()
    assert world.observe(world.declaration).lacks_payment_methods
