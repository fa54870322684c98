"""Whose a host name is: nobody takes what belongs to another, however it is spelled and whoever is faster."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from threading import Barrier
from uuid import UUID

import pytest

from twotier.bss.database import Database, DatabaseOutageError, Role
from twotier.bss.identity import uuid7
from twotier.bss.organizations.distributor import (
    BaseDomainTakenError,
    Distributor,
    SettingsRefusedError,
    declare_distributor,
    find_distributor,
)
from twotier.bss.organizations.host_names import Challenge, challenge
from twotier.bss.organizations.settings import DistributorSettings
from twotier.bss.tenants import lifecycle
from twotier.bss.tenants.checklist import Item, checklist
from twotier.bss.tenants.declaration import Account, Administrator, Edition, Proof, Storefront, TenantDeclaration
from twotier.bss.tenants.declaring import (
    AddressTakenError,
    HostUnprovedError,
    StorefrontRefusedError,
    declare_tenant,
)
from twotier.bss.tenants.observing import TenantFacts, observe

NOW = datetime(2026, 11, 1, tzinfo=UTC)
SETTINGS = DistributorSettings("Northwind", "GR", "Europe/Athens", "EUR")


def new_id() -> UUID:
    return uuid7(NOW, os.urandom(10))


def tenant_of(number: str, **storefront: object) -> TenantDeclaration:
    """A Premium tenant with a storefront."""
    return TenantDeclaration(
        account=Account(number, f"Reseller {number}", country="GR"),
        edition=Edition.PREMIUM,
        administrator=Administrator("ada@contoso.example"),
        storefront=Storefront(**storefront),  # type: ignore[arg-type]  # as it is written in a test
    )


@dataclass(frozen=True)
class Installation:
    """Distributors in namespaces of their names, and their tenants by their account numbers."""

    database: Database

    def claim(self, namespace: str, domain: str | None) -> UUID:
        """Declare a distributor with a base domain."""
        settings = replace(SETTINGS, storefront_domain=domain)
        with self.database.transaction() as connection:
            return declare_distributor(connection, namespace, "shop", settings, ids=new_id, now=NOW)

    def found(self, namespace: str) -> Distributor:
        with self.database.transaction() as connection:
            found = find_distributor(connection, namespace, "shop")
        assert found is not None
        return found

    def declare(self, namespace: str, number: str, **storefront: object) -> UUID:
        """Declare a tenant with a storefront."""
        root, declaration = self.found(namespace), tenant_of(number, **storefront)
        with self.database.transaction() as connection:
            return declare_tenant(connection, root, declaration, currency="EUR", ids=new_id, now=NOW)

    def observe(self, namespace: str, number: str, **storefront: object) -> TenantFacts:
        root = self.found(namespace)
        with self.database.transaction() as connection:
            return observe(connection, root, tenant_of(number, **storefront))

    def remedy(self, namespace: str, number: str, **storefront: object) -> str:
        """What the checklist says of a tenant's storefront address; nothing when it may have it."""
        facts, declaration = self.observe(namespace, number, **storefront), tenant_of(number, **storefront)
        items = {item.name: item for item in checklist(facts, declaration, NOW.date())}
        return items[Item.STOREFRONT_ADDRESS_IS_FREE].remedy


@pytest.fixture
def here(operator_database: Database) -> Installation:
    """Two distributors: east has a base domain, west has none."""
    installation = Installation(operator_database)
    installation.claim("east", "shop.example.com")
    installation.claim("west", None)
    return installation


TAKEN = pytest.mark.parametrize(
    "domain",
    ["shop.example.com", "eu.shop.example.com", "a.b.c.shop.example.com", "example.com"],
    ids=["the same", "below it", "far below it", "above it"],
)


@TAKEN
def test_a_base_domain_of_another_is_refused(here: Installation, domain: str) -> None:
    with pytest.raises(BaseDomainTakenError, match=f"base domain {domain} is not free: .* have its owner give it up"):
        here.claim("west", domain)
    assert here.found("west").storefront_domain is None
    assert here.found("east").storefront_domain == "shop.example.com"


@pytest.mark.parametrize(
    "domain",
    ["shops.example.com", "my-shop.example.com", "shop.example.org", "xn--shp-1na.example.com", "shop.example.com.gr"],
)
def test_a_base_domain_that_only_looks_like_it_is_another_one(here: Installation, domain: str) -> None:
    here.claim("west", domain)
    assert here.found("west").storefront_domain == domain


SPELLINGS = {
    "capitals": "SHOP.example.com",
    "a dot at the end": "shop.example.com.",
    "a letter of another script": "shöp.example.com",
    "a letter that looks like ours": "sh\N{CYRILLIC SMALL LETTER O}p.example.com",
    "a full-width dot": "shop\N{FULLWIDTH FULL STOP}example.com",
    "a wildcard": "*.example.com",
    "two dots": "shop..example.com",
    "an underscore": "_shop.example.com",
    "a space at the end": "shop.example.com ",
    "a line break at the end": "shop.example.com\n",
    "an address": "192.0.2.1",
    "one label": "com",
    "a label of 64 letters": f"{'a' * 64}.example.com",
    "nothing": "",
    "too many letters": ".".join(["a" * 60] * 4),
}


@pytest.mark.parametrize("name", SPELLINGS.values(), ids=SPELLINGS.keys())
def test_a_name_has_one_spelling(here: Installation, name: str) -> None:
    with pytest.raises(SettingsRefusedError, match="base domain"):
        here.claim("west", name)
    with pytest.raises(StorefrontRefusedError):
        here.declare("west", "R-1", host=name, proof=Proof.SHOWN)
    assert here.remedy("west", "R-1", host=name, proof=Proof.SHOWN).startswith("storefront ")
    assert here.observe("west", "R-1", host=name).challenge is None


@pytest.mark.parametrize("alias", ["Contoso", "a.b", "*", "", "contoso.", "-contoso", "contoso\n"])
def test_an_alias_is_one_label(here: Installation, alias: str) -> None:
    with pytest.raises(StorefrontRefusedError):
        here.declare("east", "R-1", alias=alias)
    assert here.remedy("east", "R-1", alias=alias).startswith("storefront alias")


def test_a_base_domain_is_taken_over_once_its_owner_gave_it_up(here: Installation) -> None:
    here.declare("east", "R-1", alias="contoso")
    here.claim("east", None)
    assert here.observe("east", "R-1", alias="contoso").address is None
    here.claim("west", "shop.example.com")
    with pytest.raises(BaseDomainTakenError):
        here.claim("east", "shop.example.com")
    here.declare("west", "R-1", alias="contoso")
    assert here.observe("west", "R-1", alias="contoso").address == "contoso.shop.example.com"


def test_an_alias_stays_its_tenants_whichever_base_domain_is_above_it(here: Installation) -> None:
    first = here.declare("east", "R-1", alias="contoso")
    here.claim("east", "shop.example.org")
    facts = here.observe("east", "R-1", alias="contoso")
    assert (facts.address, facts.address_holder) == ("contoso.shop.example.org", first)
    with pytest.raises(AddressTakenError):
        here.declare("east", "R-2", alias="contoso")


def race(*claims: Callable[[], UUID]) -> list[type[BaseException] | None]:
    """Make claims at once, each again when the database ended it, and return what became of each."""
    barrier = Barrier(len(claims))

    def claim(each: Callable[[], UUID]) -> type[BaseException] | None:
        barrier.wait()
        while True:
            try:
                each()
            except DatabaseOutageError:
                continue
            except (SettingsRefusedError, StorefrontRefusedError) as refused:
                return type(refused)
            return None

    with ThreadPoolExecutor(len(claims)) as threads:
        return list(threads.map(claim, claims))


@pytest.mark.parametrize("turn", range(5))
def test_of_two_that_claim_a_domain_and_its_parent_at_once_one_gets_it(database_url: str, turn: int) -> None:
    database = Database(database_url, Role.OPERATOR, pool_size=2)
    here, domains = Installation(database), ["example.com", "shop.example.com"]
    if turn % 2:
        domains.reverse()
    results = race(lambda: here.claim("east", domains[0]), lambda: here.claim("west", domains[1]))
    database.dispose()
    assert sorted(map(str, results)) == sorted(map(str, [None, BaseDomainTakenError]))


@pytest.mark.parametrize("turn", range(5))
def test_of_a_domain_and_a_host_below_it_that_are_claimed_at_once_one_stays(database_url: str, turn: int) -> None:  # noqa: ARG001 -- another try
    database = Database(database_url, Role.OPERATOR, pool_size=2)
    here = Installation(database)
    here.claim("west", None)
    host = {"host": "www.example.com", "proof": Proof.SHOWN}
    results = race(lambda: here.claim("east", "example.com"), lambda: here.declare("west", "R-1", **host))
    database.dispose()
    assert results in ([None, AddressTakenError], [BaseDomainTakenError, None])


@pytest.mark.parametrize("proof", Proof)
@pytest.mark.parametrize("namespace", ["east", "west"], ids=["its own distributor's", "another distributor's"])
@pytest.mark.parametrize("host", ["shop.example.com", "contoso.shop.example.com", "a.b.shop.example.com"])
def test_no_host_is_at_or_below_a_base_domain(here: Installation, host: str, namespace: str, proof: Proof) -> None:
    with pytest.raises(AddressTakenError):
        here.declare(namespace, "R-1", host=host, proof=proof)
    remedy = here.remedy(namespace, "R-1", host=host, proof=proof)
    told = {"east": "is below the base domain of Northwind: declare it as an alias", "west": "is taken: choose another"}
    assert told[namespace] in remedy
    assert here.observe(namespace, "R-1", host=host).challenge is None


@pytest.mark.parametrize("proof", [Proof.MISSING, Proof.UNANSWERED])
def test_a_host_is_nobodys_without_a_proof(here: Installation, proof: Proof) -> None:
    with pytest.raises(HostUnprovedError):
        here.declare("west", "R-1", host="www.google.com", proof=proof)
    facts = here.observe("east", "R-2", host="www.google.com")
    assert facts.address_holder is None
    here.declare("east", "R-2", host="www.google.com", proof=Proof.SHOWN)


def test_a_proved_host_is_kept_without_further_proofs(here: Installation) -> None:
    here.declare("west", "R-1", host="www.contoso.example", proof=Proof.SHOWN)
    assert here.observe("west", "R-1", host="www.contoso.example").challenge is None
    here.declare("west", "R-1", host="www.contoso.example")
    for other in ("shop.contoso.example", "www.contoso.example"):
        if other == "www.contoso.example":
            here.declare("west", "R-1", host="shop.contoso.example", proof=Proof.SHOWN)
        with pytest.raises(HostUnprovedError):
            here.declare("west", "R-1", host=other)


@TAKEN
def test_no_base_domain_contains_the_host_of_another_ones_tenant(here: Installation, domain: str) -> None:
    here.claim("east", None)
    here.declare("east", "R-1", host=f"www.{domain}", proof=Proof.SHOWN)
    with pytest.raises(BaseDomainTakenError):
        here.claim("west", domain)


def test_a_proof_takes_a_host_from_who_has_it_without_one_and_from_nobody_else(here: Installation) -> None:
    squatter = here.declare("east", "R-1", host="www.contoso.example", proof=Proof.WAIVED)
    assert here.remedy("west", "R-2", host="www.contoso.example", proof=Proof.WAIVED).endswith("choose another one")
    with pytest.raises(AddressTakenError):
        here.declare("west", "R-2", host="www.contoso.example", proof=Proof.WAIVED)
    assert here.observe("west", "R-2", host="www.contoso.example").challenge is not None

    owner = here.declare("west", "R-2", host="www.contoso.example", proof=Proof.SHOWN)
    assert here.observe("east", "R-1", host="www.contoso.example").address_holder == owner != squatter
    for proof in Proof:
        with pytest.raises(AddressTakenError):
            here.declare("east", "R-1", host="www.contoso.example", proof=proof)
    assert here.observe("east", "R-1", host="www.contoso.example").challenge is None


def test_a_host_stays_with_a_tenant_that_is_marked_as_deleted_until_it_is_erased(here: Installation) -> None:
    first = here.declare("east", "R-1", host="www.contoso.example", proof=Proof.SHOWN)
    with here.database.transaction() as connection:
        lifecycle.mark_deleted(connection, first)
    with pytest.raises(AddressTakenError):
        here.declare("west", "R-2", host="www.contoso.example", proof=Proof.SHOWN)
    with here.database.transaction() as connection:
        lifecycle.erase(connection, first)
    here.declare("west", "R-2", host="www.contoso.example", proof=Proof.SHOWN)


def test_two_tenants_exchange_their_hosts_by_way_of_an_alias_and_prove_them_anew(here: Installation) -> None:
    here.declare("east", "R-1", host="one.example", proof=Proof.SHOWN)
    here.declare("east", "R-2", host="two.example", proof=Proof.SHOWN)
    with pytest.raises(AddressTakenError):
        here.declare("east", "R-1", host="two.example", proof=Proof.SHOWN)
    here.declare("east", "R-1", alias="one")
    with pytest.raises(HostUnprovedError):
        here.declare("east", "R-2", host="one.example")
    here.declare("east", "R-2", host="one.example", proof=Proof.SHOWN)
    here.declare("east", "R-1", host="two.example", proof=Proof.SHOWN)


def test_a_challenge_is_the_same_at_all_times_and_another_for_everybody_else(here: Installation) -> None:
    here.claim("north", None)
    asked = here.observe("west", "R-1", host="www.contoso.example").challenge
    assert asked == here.observe("west", "R-1", host="www.contoso.example").challenge
    assert asked is not None
    assert asked.record == "_twotier-challenge.www.contoso.example"
    others = {
        here.observe("north", "R-1", host="www.contoso.example").challenge,
        here.observe("west", "R-2", host="www.contoso.example").challenge,
        here.observe("west", "R-1", host="w.contoso.example").challenge,
    }
    assert len({asked.value} | {other.value for other in others if other}) == 4


def test_a_challenge_is_written_as_it_was_before() -> None:
    assert challenge(UUID(int=7), "R-1", "www.contoso.example") == Challenge(
        "_twotier-challenge.www.contoso.example",
        "twotier-verification=78f8b5341045f5cfe055d6ac723d881f57356279",
    )
