"""A distributor with a price list, and what a test needs to make tenants of it."""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from time import sleep
from uuid import UUID

from sqlalchemy import Connection, text

from twotier.bss.database import Database
from twotier.bss.identity import Ids, uuid7
from twotier.bss.organizations.distributor import Distributor, declare_distributor
from twotier.bss.organizations.settings import (
    AutomaticInvoicing,
    DistributorSettings,
    PaymentMethod,
    Platform,
    Tax,
)
from twotier.bss.tenants import lifecycle
from twotier.bss.tenants.declaration import Account, Administrator, Edition, Storefront, TenantDeclaration
from twotier.bss.tenants.observing import TenantFacts, observe
from twotier.bss.tenants.provisioning import provision

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
SETTINGS = DistributorSettings(
    display_name="Northwind",
    country="GR",
    time_zone="Europe/Athens",
    currency="EUR",
    storefront_domain="shops.northwind.example",
    countries=frozenset({"GR", "CY"}),
    taxes=(
        Tax("VAT 24 %", Decimal(24)),
        Tax("Digital levy", Decimal("1.5"), frozenset({"Acronis", "Azure"})),
        Tax("Cloud levy", Decimal(2), frozenset({"Azure"})),
    ),
    payment_methods=(PaymentMethod("Bank transfer"), PaymentMethod("Card", gateway="Stripe")),
    automatic_invoicing=AutomaticInvoicing(enabled=True, send_by_email=True, responsible_user="maria"),
    platforms=(
        Platform("Acronis portal", frozenset({"Acronis"})),
        Platform("Microsoft", frozenset({"Azure", "Microsoft 365"}), link_required=False),
    ),
)
DECLARATION = TenantDeclaration(
    account=Account("R-100", "Contoso", country="GR", links={"Acronis portal": "contoso-1"}),
    edition=Edition.PREMIUM,
    administrator=Administrator("ada@contoso.example", "Ada", "Lovelace"),
    language="el",
    storefront=Storefront(alias="contoso", branding={"primaryColor": "#102030"}),
    price_list="retail",
)


def new_id() -> UUID:
    return uuid7(NOW, os.urandom(10))


def another(
    declaration: TenantDeclaration, number: str, *, country: str = "GR", alias: str | None = None
) -> TenantDeclaration:
    """The declaration of another tenant."""
    return replace(
        declaration,
        account=replace(declaration.account, number=number, name=f"Reseller {number}", country=country),
        storefront=Storefront(alias=alias or number.lower()),
    )


@dataclass(frozen=True)
class World:
    """One distributor, its price list "retail" of EUR, and the operator's way in."""

    database: Database
    administration: Callable[[], AbstractContextManager[Connection]]
    distributor: Distributor
    price_list_id: int
    settings: DistributorSettings = SETTINGS
    declaration: TenantDeclaration = DECLARATION
    now: datetime = NOW
    ids: Ids = new_id

    def observe(self, declaration: TenantDeclaration) -> TenantFacts:
        with self.database.transaction() as connection:
            return observe(connection, self.distributor, declaration)

    def provision(self, declaration: TenantDeclaration = DECLARATION) -> UUID:
        price_list = self.observe(declaration).price_list
        assert price_list is not None
        return provision(
            self.database.transaction, self.distributor, declaration, price_list, ids=self.ids, now=self.now
        )

    def activate(self, declaration: TenantDeclaration = DECLARATION) -> UUID:
        organization_id = self.provision(declaration)
        with self.database.transaction() as connection:
            lifecycle.activate(connection, organization_id, now=self.now)
        return organization_id

    def another(self, number: str, *, country: str = "GR", alias: str | None = None) -> TenantDeclaration:
        """The declaration of another tenant."""
        return another(self.declaration, number, country=country, alias=alias)

    def redeclare(self, settings: DistributorSettings) -> None:
        with self.database.transaction() as connection:
            declare_distributor(connection, "sales", "northwind", settings, ids=self.ids, now=self.now)

    def rows(self, sql: str, **parameters: object) -> list[tuple[object, ...]]:
        with self.administration() as connection:
            return [tuple(row) for row in connection.execute(text(sql), parameters)]

    def wait_for_a_blocked_transaction(self) -> None:
        """Return once a connection of this database waits for a lock."""
        blocked = "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
        while not self.rows(blocked):
            sleep(0.01)

    def add_product(self, sku: str, product_type: str, revision: int) -> None:
        """Publish one more revision of the list, with one more product."""
        with self.administration() as connection:
            connection.execute(
                text(
                    "insert into product (price_list_id, sku, from_revision, name, product_type) "
                    "values (:list, :sku, :revision, :sku, :product_type)"
                ),
                {"list": self.price_list_id, "sku": sku, "revision": revision, "product_type": product_type},
            )
            connection.execute(
                text(
                    "insert into price_list_revision (price_list_id, revision, digest, imported_at, source, offers, "
                    "products, added, removed, price_changed, other_changed) "
                    "values (:list, :revision, :revision, :now, 'test', :revision, :revision, 1, 0, 0, 0)"
                ),
                {"list": self.price_list_id, "revision": revision, "now": self.now},
            )
            connection.execute(
                text("update price_list set head_revision = :revision where id = :list"),
                {"list": self.price_list_id, "revision": revision},
            )
