"""A distributor with two tenants and some history, as the API shows them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
from tests.postgres.tenants.world import DECLARATION, NOW, SETTINGS, another, new_id

from twotier.bss.catalogue.runs import stored_plans
from twotier.bss.catalogue.runs.planning import plan
from twotier.bss.catalogue.runs.updates import Mode, Request, Update, write_first_update, write_undo, write_update
from twotier.bss.database import Database
from twotier.bss.organizations.distributor import declare_distributor, find_distributor
from twotier.bss.price_lists.declaring import PriceListDeclaration, declare_price_list
from twotier.bss.price_lists.guarding.guards import Guards
from twotier.bss.price_lists.importing import ImportResult, import_price_list
from twotier.bss.sheets.parsing import Part
from twotier.bss.sheets.presets.twotier import twotier
from twotier.bss.tenants import lifecycle
from twotier.bss.tenants.declaration import TenantDeclaration
from twotier.bss.tenants.observing import observe
from twotier.bss.tenants.provisioning import provision

DISTRIBUTOR = "northwind"
HEADER = "sku,unit,price,name,recommendedSellPrice,tiers"
USUAL = Guards()
TOKEN = "a token"  # noqa: S105 -- what the tests' authenticator knows

Json = Any
Simple = str | int


def csv(*rows: str) -> bytes:
    """Return a price list in TwoTier's own format."""
    return "\n".join((HEADER, *rows, "")).encode()


@dataclass(frozen=True)
class Shop:
    """The distributor's database, and the API on it, called by someone with access."""

    operator: Database
    client: httpx.Client
    namespace: str

    @property
    def base(self) -> str:
        """The path of the distributor."""
        return f"/api/v1/distributors/{self.namespace}/{DISTRIBUTOR}"

    # The API

    def get(self, path: str, **query: Simple) -> Json:
        """Return what is shown below the distributor."""
        answer = self.client.get(self.base + path, params=query or None)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def problem(self, path: str, **query: Simple) -> Json:
        """Return why nothing is shown below the distributor."""
        answer = self.client.get(self.base + path, params=query or None)
        assert answer.headers["content-type"] == "application/problem+json", answer.text
        return answer.json()

    def pages(self, path: str, **query: Simple) -> list[list[Json]]:
        """Return all pages of a list."""
        found = [self.get(path, **query)]
        while "next" in found[-1]:
            found.append(self.get(path, **query, after=found[-1]["next"]))
        return [page["items"] for page in found]

    # The BSS

    def declare(self) -> None:
        """Make the distributor."""
        settings = replace(SETTINGS, storefront_domain=f"{self.namespace}.example.com")
        with self.operator.transaction() as connection:
            declare_distributor(connection, self.namespace, DISTRIBUTOR, settings, ids=new_id, now=NOW)

    def declare_list(self, name: str = "retail", currency: str = "EUR") -> int:
        """Make a price list, and return its id."""
        with self.operator.transaction() as connection:
            distributor = find_distributor(connection, self.namespace, DISTRIBUTOR)
            assert distributor is not None
            return declare_price_list(connection, distributor.id, PriceListDeclaration(name, currency), ids=uuid4)

    def publish(self, *rows: str, name: str = "retail", guards: Guards = USUAL, days: int = 0) -> ImportResult:
        """Import a price list, some days later."""
        price_list_id = self.declare_list(name)
        with self.operator.transaction() as connection:
            return import_price_list(
                connection,
                price_list_id,
                [Part("prices.csv", csv(*rows))],
                twotier(),
                guards=guards,
                now=NOW + timedelta(days=days),
            )

    def tenant(self, account: str) -> UUID:
        """Make an active tenant, whose catalogue is the newest revision of the list."""
        declaration = another(replace(DECLARATION, price_list="retail"), account)
        organization_id = self._provision(declaration)
        price_list_id = self.declare_list()
        with self.operator.transaction() as connection:
            lifecycle.activate(connection, organization_id, now=NOW)
            write_first_update(connection, organization_id, price_list_id, 1, Request("test", NOW))
        return organization_id

    def plan(self, tenant: UUID, update: Update) -> str:
        """Store a plan, and return its id."""
        with self.operator.transaction() as connection:
            return stored_plans.record(connection, plan(connection, tenant, update), now=NOW)

    def update(self, tenant: UUID, update: Update, newest: int) -> None:
        """Apply an update."""
        with self.operator.transaction() as connection:
            counted = plan(connection, tenant, update).changes
            write_update(
                connection,
                tenant,
                update,
                Request("PriceListAssignment sales/contoso", NOW + timedelta(hours=1)),
                expected_newest=newest,
                changes=counted,
            )

    def undo(self, tenant: UUID, run: int, newest: int) -> None:
        """Take a catalogue back to what it was after a run."""
        with self.operator.transaction() as connection:
            write_undo(
                connection,
                tenant,
                run,
                Request("PriceListAssignment sales/contoso", NOW + timedelta(hours=2)),
                expected_newest=newest,
            )

    def _provision(self, declaration: TenantDeclaration) -> UUID:
        with self.operator.transaction() as connection:
            distributor = find_distributor(connection, self.namespace, DISTRIBUTOR)
            assert distributor is not None
            facts = observe(connection, distributor, declaration)
        assert facts.price_list is not None
        return provision(self.operator.transaction, distributor, declaration, facts.price_list, ids=new_id, now=NOW)


def numbered(count: int) -> Sequence[str]:
    """Rows of so many offers."""
    return [f"SKU-{number:04},month,{number}.10,Product {number},," for number in range(1, count + 1)]


def full(price_list_id: int, revision: int) -> Update:
    """An update that transfers everything."""
    return Update(price_list_id, revision, Mode.FULL)
