"""Root organisations and their settings."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import text

from twotier.bss.database import Database
from twotier.bss.identity import uuid7
from twotier.bss.organizations.distributor import SettingsRefusedError, declare_distributor, find_distributor
from twotier.bss.organizations.settings import (
    AutomaticInvoicing,
    DistributorSettings,
    PaymentMethod,
    Platform,
    Tax,
)

NOW = datetime(2026, 11, 1, 22, 30, tzinfo=UTC)
SETTINGS = DistributorSettings(
    display_name="Northwind",
    country="GR",
    time_zone="Europe/Athens",
    currency="EUR",
    storefront_domain="shops.northwind.example",
    record_owner="back-orders",
    record_permission_rule="sales",
    countries=frozenset({"GR", "CY"}),
    taxes=(
        Tax("VAT 24 %", Decimal(24)),
        Tax("Digital levy", Decimal("1.5"), frozenset({"Microsoft 365", "Azure"})),
    ),
    payment_methods=(PaymentMethod("Bank transfer"), PaymentMethod("Card", gateway="Stripe")),
    automatic_invoicing=AutomaticInvoicing(enabled=True, responsible_user="maria"),
    platforms=(
        Platform("Acronis portal", frozenset({"Acronis"})),
        Platform("Microsoft", frozenset({"Microsoft 365", "Azure"}), link_required=False),
    ),
)
TABLES = (
    "organization",
    "distributor",
    "reserved_host",
    "distributor_country",
    "tax",
    "tax_rule",
    "payment_method",
    "automatic_invoicing",
    "platform",
    "platform_product_type",
)


def new_id() -> UUID:
    return uuid7(NOW, os.urandom(10))


@pytest.fixture
def declare(operator_database: Database) -> Callable[[DistributorSettings], UUID]:
    def declare(settings: DistributorSettings, name: str = "northwind") -> UUID:
        with operator_database.transaction() as connection:
            return declare_distributor(connection, "sales", name, settings, ids=new_id, now=NOW)

    return declare


@pytest.fixture
def stored(operator_database: Database) -> Callable[[], dict[str, set[str]]]:
    """Every row of every table of settings, with the transaction that wrote it."""

    def stored() -> dict[str, set[str]]:
        with operator_database.transaction() as connection:
            return {
                table: set(connection.execute(text(f"select (xmin, t)::text from {table} t")).scalars())  # noqa: S608 -- one of TABLES
                for table in TABLES
            }

    return stored


def test_settings_become_rows(declare: Callable[..., UUID], operator_database: Database) -> None:
    organization_id = declare(SETTINGS)
    with operator_database.transaction() as connection:

        def rows(sql: str) -> list[tuple[object, ...]]:
            return [tuple(row) for row in connection.execute(text(sql))]

        assert rows("select id, namespace, name, country, currency from organization") == [
            (organization_id, "sales", "northwind", "GR", "EUR")
        ]
        assert rows("select record_owner, record_permission_rule from distributor") == [("back-orders", "sales")]
        assert rows("select country from distributor_country order by 1") == [("CY",), ("GR",)]
        assert rows("select name, percent from tax order by 1") == [
            ("Digital levy", Decimal("1.5")),
            ("VAT 24 %", Decimal(24)),
        ]
        assert rows("select tax, product_type from tax_rule order by 1, 2") == [
            ("Digital levy", "Azure"),
            ("Digital levy", "Microsoft 365"),
            ("VAT 24 %", None),
        ]
        assert rows("select name, gateway from payment_method order by 1") == [
            ("Bank transfer", None),
            ("Card", "Stripe"),
        ]
        assert rows("select enabled, send_by_email, responsible_user from automatic_invoicing") == [
            (True, False, "maria")
        ]
        assert rows("select name, link_required from platform order by 1") == [
            ("Acronis portal", True),
            ("Microsoft", False),
        ]
        assert rows("select product_type, platform from platform_product_type order by 1") == [
            ("Acronis", "Acronis portal"),
            ("Azure", "Microsoft"),
            ("Microsoft 365", "Microsoft"),
        ]


def test_the_same_settings_again_write_no_row(
    declare: Callable[..., UUID], stored: Callable[[], dict[str, set[str]]]
) -> None:
    first = declare(SETTINGS)
    before = stored()
    assert declare(SETTINGS) == first
    assert stored() == before


CHANGES = {
    "display name": (replace(SETTINGS, display_name="Northwind SA"), {"organization"}),
    "country": (replace(SETTINGS, country="CY"), {"organization"}),
    "time zone": (replace(SETTINGS, time_zone="Asia/Nicosia"), {"organization"}),
    "storefront domain removed": (replace(SETTINGS, storefront_domain=None), {"reserved_host"}),
    "record owner": (replace(SETTINGS, record_owner="other"), {"distributor"}),
    "a country fewer": (replace(SETTINGS, countries=frozenset({"GR"})), {"distributor_country"}),
    "all countries": (replace(SETTINGS, countries=frozenset()), {"distributor_country"}),
    "a rate": (replace(SETTINGS, taxes=(Tax("VAT 24 %", Decimal(23)), SETTINGS.taxes[1])), {"tax"}),
    "a tax that now applies to one product type": (
        replace(SETTINGS, taxes=(Tax("VAT 24 %", Decimal(24), frozenset({"Azure"})), SETTINGS.taxes[1])),
        {"tax_rule"},
    ),
    "no taxes": (replace(SETTINGS, taxes=()), {"tax", "tax_rule"}),
    "a gateway removed": (
        replace(SETTINGS, payment_methods=(PaymentMethod("Bank transfer"), PaymentMethod("Card"))),
        {"payment_method"},
    ),
    "a payment method removed": (replace(SETTINGS, payment_methods=SETTINGS.payment_methods[:1]), {"payment_method"}),
    "automatic invoices": (replace(SETTINGS, automatic_invoicing=AutomaticInvoicing()), {"automatic_invoicing"}),
    "a platform that needs no link": (
        replace(
            SETTINGS,
            platforms=(Platform("Acronis portal", frozenset({"Acronis"}), link_required=False), SETTINGS.platforms[1]),
        ),
        {"platform"},
    ),
    "a product type that moves to a new platform": (
        replace(SETTINGS, platforms=(Platform("Acronis cloud", frozenset({"Acronis"})), SETTINGS.platforms[1])),
        {"platform", "platform_product_type"},
    ),
    "no platforms": (replace(SETTINGS, platforms=()), {"platform", "platform_product_type"}),
}


@pytest.mark.parametrize(("settings", "touched"), CHANGES.values(), ids=CHANGES.keys())
def test_a_change_touches_what_differs_and_ends_where_a_new_root_would(
    settings: DistributorSettings,
    touched: set[str],
    declare: Callable[..., UUID],
    stored: Callable[[], dict[str, set[str]]],
    operator_database: Database,
) -> None:
    changed = declare(SETTINGS)
    before = stored()
    assert declare(settings) == changed
    after = stored()
    assert {table for table in TABLES if after[table] != before[table]} == touched

    # Nobody else can have the same base domain.
    made = declare(replace(settings, storefront_domain=None), "made-so")
    with operator_database.transaction() as connection:
        for table in set(TABLES) - {"organization", "reserved_host"}:
            sql = f"select to_jsonb(t) - 'organization_id' - 'host_key' from {table} t where organization_id = :id"  # noqa: S608 -- one of TABLES
            of_changed = connection.execute(text(sql), {"id": changed}).scalars().all()
            of_made = connection.execute(text(sql), {"id": made}).scalars().all()
            assert sorted(map(str, of_changed)) == sorted(map(str, of_made))


def test_settings_of_another_root_are_left_alone(
    declare: Callable[..., UUID], stored: Callable[[], dict[str, set[str]]]
) -> None:
    declare(replace(SETTINGS, storefront_domain="shops.other.example"), "other")
    before = stored()
    declare(replace(SETTINGS, taxes=(), platforms=(), payment_methods=(), countries=frozenset()))
    after = stored()
    assert all(before[table] <= after[table] for table in TABLES)


REFUSED = {
    "an unknown country": (
        replace(SETTINGS, countries=frozenset({"GR", "ZZ"})),
        "no country has the code ZZ: give codes of ISO 3166-1, such as GR",
    ),
    "an unknown country of its own": (
        replace(SETTINGS, country="QQ"),
        "no country has the code QQ: give codes of ISO 3166-1, such as GR",
    ),
    "a base domain of one label": (
        replace(SETTINGS, storefront_domain="example"),
        "base domain example is no host name: write at least two labels of lower-case letters, digits and '-', such as "
        "shop.example.com, and names in other scripts in their form xn--…",
    ),
    "an unknown time zone": (
        replace(SETTINGS, time_zone="Europe/Atlantis"),
        "there is no time zone Europe/Atlantis: write an IANA name such as Europe/Athens",
    ),
    "a product type on two platforms": (
        replace(SETTINGS, platforms=(*SETTINGS.platforms, Platform("Other", frozenset({"Azure"})))),
        "product type 'Azure' is declared for the platforms 'Microsoft' and 'Other': leave it to one of them",
    ),
}


@pytest.mark.parametrize(("settings", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_settings_that_cannot_be_are_refused_with_what_to_do(
    settings: DistributorSettings, message: str, declare: Callable[..., UUID]
) -> None:
    with pytest.raises(SettingsRefusedError) as refused:
        declare(settings)
    assert str(refused.value) == message


def test_the_currency_of_a_root_stays(declare: Callable[..., UUID], stored: Callable[[], dict[str, set[str]]]) -> None:
    declare(SETTINGS)
    before = stored()
    with pytest.raises(SettingsRefusedError, match="is EUR and cannot become USD: set EUR again"):
        declare(replace(SETTINGS, currency="USD", display_name="Northwind US"))
    assert stored() == before


def test_a_root_is_found_by_namespace_and_name(declare: Callable[..., UUID], operator_database: Database) -> None:
    organization_id = declare(SETTINGS)
    with operator_database.transaction() as connection:
        assert find_distributor(connection, "sales", "southwind") is None
        assert find_distributor(connection, "other", "northwind") is None
        found = find_distributor(connection, "sales", "northwind")
    assert found is not None
    assert (found.id, found.currency, found.storefront_domain) == (organization_id, "EUR", "shops.northwind.example")


def test_a_distributor_counts_days_in_his_own_time_zone(
    declare: Callable[..., UUID], operator_database: Database
) -> None:
    declare(SETTINGS)
    with operator_database.transaction() as connection:
        found = find_distributor(connection, "sales", "northwind")
    assert found is not None
    assert found.today(datetime(2026, 11, 1, 21, 59, tzinfo=UTC)) == date(2026, 11, 1)
    assert found.today(datetime(2026, 11, 1, 22, 0, tzinfo=UTC)) == date(2026, 11, 2)
