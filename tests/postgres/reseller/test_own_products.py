"""A Premium reseller's own products, which nothing of the distributor's ever touches."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Final
from uuid import UUID

import pytest
from sqlalchemy import Connection, text

from twotier.bss.catalogue.reads.pages import AfterSku, page_by_sku
from twotier.bss.database import Database, Role
from twotier.bss.reseller.categories import CategoryError, rename
from twotier.bss.reseller.overrides import NotInCatalogueError, ProductField, record_product_override
from twotier.bss.reseller.own_products import (
    EditionError,
    OwnListing,
    OwnOffer,
    OwnProduct,
    OwnProductError,
    change,
    create,
    create_product_type,
    listed,
    publish,
    put_offer,
    remove,
    remove_offer,
    remove_product_type,
)
from twotier.bss.reseller.ownership import LockedFieldError
from twotier.bss.reseller.values import InvalidValueError

BACKUP: Final = OwnProduct(
    "backup", "Backup at ours", "storage", description="Nightly", category="cloud", published=True
)
MONTHLY: Final = OwnOffer("backup", "month", Decimal("9.50"), cost=Decimal(4))


@pytest.fixture
def api(databases: dict[Role, Database]) -> Database:
    return databases[Role.API]


@pytest.fixture
def seller(api: Database, premium: UUID) -> UUID:
    """A Premium tenant with an own product, sold by the month."""
    with api.tenant_transaction(premium) as connection:
        create_product_type(connection, premium, "storage")
        create(connection, premium, BACKUP)
        put_offer(connection, premium, MONTHLY)
    return premium


def own(api: Database, tenant: UUID) -> list[OwnListing]:
    with api.tenant_transaction(tenant) as connection:
        return listed(connection, tenant)


def listing(product: OwnProduct, offer: OwnOffer | None) -> OwnListing:
    return OwnListing(
        sku=product.sku,
        unit=offer.unit if offer else None,
        name=product.name,
        product_type=product.product_type,
        description=product.description,
        image=product.image,
        category=product.category,
        charge_type=product.charge_type,
        published=product.published,
        sell_price=offer.sell_price if offer else None,
        cost=offer.cost if offer else None,
    )


def test_a_product_is_made_sold_in_units_changed_hidden_and_removed(api: Database, seller: UUID) -> None:
    assert own(api, seller) == [listing(BACKUP, MONTHLY)]
    yearly, dearer = OwnOffer("backup", "year", Decimal(90)), replace(MONTHLY, sell_price=Decimal(10), cost=None)
    changed = replace(BACKUP, name="Backup", description=None, charge_type="usage", category="office")
    with api.tenant_transaction(seller) as connection:
        put_offer(connection, seller, yearly)
        put_offer(connection, seller, dearer)
        change(connection, seller, changed)
    assert own(api, seller) == [listing(changed, dearer), listing(changed, yearly)]
    with api.tenant_transaction(seller) as connection:
        publish(connection, seller, "backup", published=False)
        remove_offer(connection, seller, "backup", "month")
    assert own(api, seller) == [listing(replace(changed, published=False), yearly)]
    with api.tenant_transaction(seller) as connection:
        remove(connection, seller, "backup")
        remove_product_type(connection, seller, "storage")
    assert own(api, seller) == []


def test_a_product_without_offers_is_listed_too(api: Database, seller: UUID) -> None:
    with api.tenant_transaction(seller) as connection:
        remove_offer(connection, seller, "backup", "month")
    assert own(api, seller) == [listing(BACKUP, None)]


def test_products_are_read_page_by_page_also_by_the_distributors_people(
    api: Database, operator: Database, seller: UUID
) -> None:
    with api.tenant_transaction(seller) as connection:
        create(connection, seller, replace(BACKUP, sku="archive"))
        put_offer(connection, seller, replace(MONTHLY, unit="year"))
    with operator.transaction() as connection:
        connection.execute(text(f"set local role {Role.VIEWER}"))
        first = listed(connection, seller, limit=2)
        rest = listed(connection, seller, AfterSku(first[-1].sku, first[-1].unit or ""), limit=2)
    assert [(row.sku, row.unit) for row in first + rest] == [
        ("archive", None),
        ("backup", "month"),
        ("backup", "year"),
    ]


def test_his_category_is_shown_by_his_name_for_it(api: Database, seller: UUID) -> None:
    with api.tenant_transaction(seller) as connection:
        rename(connection, seller, "cloud", "Services")
    assert own(api, seller)[0].category == "Services"


def test_an_own_product_with_the_code_and_the_unit_of_an_inherited_one_is_another_product(
    api: Database, seller: UUID
) -> None:
    with api.tenant_transaction(seller) as connection:
        before = page_by_sku(connection)
        create(connection, seller, replace(BACKUP, sku="a"))
        put_offer(connection, seller, OwnOffer("a", "month", Decimal(77)))
        assert page_by_sku(connection) == before
        record_product_override(connection, seller, "a", ProductField.NAME, "mine")
        assert {row.name for row in listed(connection, seller)} == {"Backup at ours"}
        remove(connection, seller, "a")
        assert [offer.name for offer in page_by_sku(connection)] == ["mine", "b"]


Attempt = Callable[[Connection, UUID], object]
REFUSALS: Final[dict[str, tuple[Attempt, type[Exception], str]]] = {
    "a product of an inherited product type": (
        lambda c, t: create(c, t, replace(BACKUP, sku="new", product_type="mail")),
        LockedFieldError,
        "New products of product type mail: the owner is the distributor",
    ),
    "a product type that the distributor has": (
        lambda c, t: create_product_type(c, t, "mail"),
        LockedFieldError,
        "the owner is the distributor",
    ),
    "the removal of an inherited product type": (
        lambda c, t: remove_product_type(c, t, "mail"),
        LockedFieldError,
        "Deletion of product type mail: the owner is the distributor",
    ),
    "the removal of an inherited product": (
        lambda c, t: remove(c, t, "a"),
        LockedFieldError,
        "Deletion of product a: the owner is the distributor.* set its publication to hidden",
    ),
    "another unit of an inherited product": (
        lambda c, t: put_offer(c, t, OwnOffer("a", "year", Decimal(1))),
        LockedFieldError,
        "Units of product a: the owner is the distributor",
    ),
    "the removal of a unit of an inherited product": (
        lambda c, t: remove_offer(c, t, "a", "month"),
        LockedFieldError,
        "Units of product a: the owner is the distributor",
    ),
    "a product type twice": (lambda c, t: create_product_type(c, t, "storage"), OwnProductError, "already"),
    "a product twice": (lambda c, t: create(c, t, BACKUP), OwnProductError, "already"),
    "a product of a type that there is not": (
        lambda c, t: create(c, t, replace(BACKUP, product_type="none")),
        OwnProductError,
        "there is no product type 'none' of your own: create it first",
    ),
    "another product type for a product": (
        lambda c, t: change(c, t, replace(BACKUP, product_type="none")),
        OwnProductError,
        "check both",
    ),
    "the removal of a product type that is used": (
        lambda c, t: remove_product_type(c, t, "storage"),
        OwnProductError,
        "remove them first",
    ),
    "the removal of a product type that there is not": (
        lambda c, t: remove_product_type(c, t, "none"),
        OwnProductError,
        "check the name",
    ),
    "a change of what there is not": (
        lambda c, t: change(c, t, replace(BACKUP, sku="z")),
        OwnProductError,
        "there is no product 'z' of your own",
    ),
    "the removal of what there is not": (lambda c, t: remove(c, t, "z"), OwnProductError, "check the code"),
    "the hiding of what there is not": (
        lambda c, t: publish(c, t, "z", published=False),
        OwnProductError,
        "check the code",
    ),
    "an offer of what there is not": (
        lambda c, t: put_offer(c, t, replace(MONTHLY, sku="z")),
        OwnProductError,
        "check the code",
    ),
    "the removal of an offer that there is not": (
        lambda c, t: remove_offer(c, t, "backup", "year"),
        OwnProductError,
        "check code and unit",
    ),
    "a category that there is not": (
        lambda c, t: change(c, t, replace(BACKUP, category="none")),
        CategoryError,
        "there is no category 'none'",
    ),
    "a charge type that there is not": (
        lambda c, t: change(c, t, replace(BACKUP, charge_type="none")),
        InvalidValueError,
        "write recurring, one-off, usage",
    ),
    "an empty code": (
        lambda c, t: create(c, t, replace(BACKUP, sku=" ")),
        InvalidValueError,
        "the code is empty",
    ),
    "a price that cannot be": (
        lambda c, t: put_offer(c, t, replace(MONTHLY, sell_price=Decimal(-1))),
        InvalidValueError,
        "the sell price -1 is negative",
    ),
    "a cost that cannot be": (
        lambda c, t: put_offer(c, t, replace(MONTHLY, cost=Decimal("NaN"))),
        InvalidValueError,
        "the cost NaN is not a number",
    ),
    "an override of an own product": (
        lambda c, t: record_product_override(c, t, "backup", ProductField.NAME, "mine"),
        NotInCatalogueError,
        "product backup is not in the catalogue",
    ),
}


@pytest.mark.parametrize(("attempt", "refusal", "message"), REFUSALS.values(), ids=REFUSALS)
def test_refused_is(attempt: Attempt, refusal: type[Exception], message: str, api: Database, seller: UUID) -> None:
    with pytest.raises(refusal, match=message), api.tenant_transaction(seller) as connection:
        attempt(connection, seller)
    assert own(api, seller) == [listing(BACKUP, MONTHLY)]


@pytest.mark.parametrize(
    "attempt",
    [
        pytest.param(lambda c, t: create_product_type(c, t, "new"), id="make a product type"),
        pytest.param(lambda c, t: create(c, t, replace(BACKUP, sku="new")), id="make a product"),
        pytest.param(lambda c, t: change(c, t, replace(BACKUP, name="new")), id="change a product"),
        pytest.param(lambda c, t: put_offer(c, t, MONTHLY), id="sell in a unit"),
        pytest.param(lambda c, t: publish(c, t, "backup", published=True), id="publish a product"),
    ],
)
def test_with_the_edition_basic_a_reseller_cannot(attempt: Attempt, api: Database, basic: UUID) -> None:
    refusal = "come with the edition Premium, and yours is Basic"
    with pytest.raises(EditionError, match=refusal), api.tenant_transaction(basic) as connection:
        attempt(connection, basic)


def test_who_goes_back_to_basic_can_still_hide_and_remove_what_he_has(
    api: Database, operator: Database, seller: UUID
) -> None:
    with operator.transaction() as connection:
        connection.execute(text("update tenant set edition = 'Basic'"))
    with api.tenant_transaction(seller) as connection:
        publish(connection, seller, "backup", published=False)
        remove_offer(connection, seller, "backup", "month")
        remove(connection, seller, "backup")
        remove_product_type(connection, seller, "storage")
    assert own(api, seller) == []


def test_a_tenant_neither_sees_nor_touches_the_products_of_another(api: Database, seller: UUID, basic: UUID) -> None:
    with api.tenant_transaction(basic) as connection:
        assert listed(connection, seller) == []
        with pytest.raises(OwnProductError):
            remove(connection, seller, "backup")
        with pytest.raises(OwnProductError):
            publish(connection, seller, "backup", published=False)
    assert own(api, seller) == [listing(BACKUP, MONTHLY)]
