"""What a reseller may override on inherited products, and what it may not."""

from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from tests.postgres.catalogue.rows import NOW

from twotier.bss.catalogue.reads.pages import CatalogueOffer, lookup
from twotier.bss.catalogue.runs.updates import Request, Update, state, write_undo, write_update
from twotier.bss.database import Database, Role
from twotier.bss.reseller.categories import CategoryError
from twotier.bss.reseller.changes import change_offer, change_product
from twotier.bss.reseller.overrides import AfterValue, NotInCatalogueError, Override, listed
from twotier.bss.reseller.ownership import LockedFieldError, UnknownPropertyError
from twotier.bss.reseller.values import InvalidValueError


def shown(api: Database, tenant: UUID, sku: str = "a") -> CatalogueOffer:
    with api.tenant_transaction(tenant) as connection:
        found = lookup(connection, sku, "month")
    assert found is not None
    return found


@pytest.fixture
def api(databases: dict[Role, Database]) -> Database:
    return databases[Role.API]


def test_a_product_shows_what_the_reseller_set_and_keeps_what_came_down(api: Database, premium: UUID) -> None:
    values = {
        "name": "Mail for you",
        "description": "Two lines\nof text",
        "image": "https://cdn.example.com/mail.png",
        "category": "office",
        "publication": "hidden",
    }
    with api.tenant_transaction(premium) as connection:
        change_product(connection, premium, "a", values)
        change_offer(connection, premium, "a", "month", {"sellPrice": "9.50"})
    offer = shown(api, premium)
    assert (offer.name, offer.description, offer.image, offer.category) == tuple(values.values())[:4]
    assert (offer.sell_price, offer.published) == (Decimal("9.50"), False)
    assert (offer.inherited_name, offer.inherited_category, offer.inherited_sell_price) == ("a", "cloud", Decimal(2))


def test_a_margin_is_of_the_sell_price(api: Database, premium: UUID) -> None:
    with api.tenant_transaction(premium) as connection:
        change_offer(connection, premium, "a", "month", {"margin": "20"})
    assert shown(api, premium).sell_price == Decimal("1.25")


def test_a_value_that_is_taken_away_uncovers_what_came_down(api: Database, premium: UUID) -> None:
    with api.tenant_transaction(premium) as connection:
        change_product(connection, premium, "a", {"name": "Mail for you"})
        change_offer(connection, premium, "a", "month", {"margin": "20"})
    with api.tenant_transaction(premium) as connection:
        change_product(connection, premium, "a", {"name": None})
        change_offer(connection, premium, "a", "month", {"sellPrice": None, "margin": None})
        assert listed(connection, premium) == []
    assert (shown(api, premium).name, shown(api, premium).sell_price) == ("a", Decimal(2))


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        pytest.param({"cost": "1"}, LockedFieldError, id="the purchase price, which is the distributor's"),
        pytest.param({"sku": "z"}, LockedFieldError, id="the code, which is the distributor's"),
        pytest.param({"productType": "mine"}, LockedFieldError, id="the product type, which is the distributor's"),
        pytest.param({"relations": "b"}, LockedFieldError, id="relations, which are the distributor's"),
        pytest.param({"colour": "red"}, UnknownPropertyError, id="a property that there is not"),
        pytest.param({"sellPrice": "1"}, UnknownPropertyError, id="a price, which is set for a unit"),
        pytest.param({"category": "nowhere"}, CategoryError, id="a category that there is not"),
        pytest.param({"image": "a.png"}, InvalidValueError, id="an image that nobody can fetch"),
        pytest.param({"publication": "maybe"}, InvalidValueError, id="a publication that there is not"),
        pytest.param({"name": " "}, InvalidValueError, id="an empty name"),
    ],
)
def test_of_a_product_he_cannot_set(
    values: Mapping[str, str], refusal: type[Exception], api: Database, premium: UUID
) -> None:
    with pytest.raises(refusal), api.tenant_transaction(premium) as connection:
        change_product(connection, premium, "a", {"name": "Mail for you"} | dict(values))
    assert shown(api, premium).name == "a"


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        pytest.param({"tiers": "10=1"}, LockedFieldError, id="volume discounts, which are the distributor's"),
        pytest.param({"unit": "year"}, LockedFieldError, id="the unit, which is the distributor's"),
        pytest.param({"name": "mine"}, UnknownPropertyError, id="a name, which is the product's"),
        pytest.param({"sellPrice": "1.1234567890123456789"}, InvalidValueError, id="a price of nineteen decimals"),
        pytest.param({"sellPrice": "-1"}, InvalidValueError, id="a negative price"),
        pytest.param({"margin": "100"}, InvalidValueError, id="a margin that is all of the price"),
        pytest.param({"sellPrice": "1", "margin": "1"}, InvalidValueError, id="a price and a margin at once"),
    ],
)
def test_of_an_offer_he_cannot_set(
    values: Mapping[str, str], refusal: type[Exception], api: Database, premium: UUID
) -> None:
    with pytest.raises(refusal), api.tenant_transaction(premium) as connection:
        change_offer(connection, premium, "a", "month", values)
    assert shown(api, premium).sell_price == 2


def test_he_sets_nothing_on_what_he_never_got(api: Database, premium: UUID) -> None:
    with pytest.raises(NotInCatalogueError, match="product z"), api.tenant_transaction(premium) as connection:
        change_product(connection, premium, "z", {"name": "mine"})
    with pytest.raises(NotInCatalogueError, match="in unit year"), api.tenant_transaction(premium) as connection:
        change_offer(connection, premium, "a", "year", {"sellPrice": "1"})


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("sell_price", "0.0000000000000000001"),
        ("sell_price", "infinity"),
        ("sell_price", "nan"),
        ("sell_price", "-1"),
        ("margin_percent", "100"),
        ("margin_percent", "-infinity"),
    ],
)
def test_the_database_itself_refuses_a_price_that_cannot_be(
    column: str, value: str, api: Database, premium: UUID
) -> None:
    values = {"sell_price": None, "margin_percent": None} | {column: value}
    call = (
        "select set_offer_override(:id, 'a', 'month', cast(:sell_price as numeric), cast(:margin_percent as numeric))"
    )
    with pytest.raises(IntegrityError), api.tenant_transaction(premium) as connection:
        connection.execute(text(call), {"id": premium} | values)


def test_his_values_are_read_page_by_page_and_tell_what_displaced_them(
    api: Database, operator: Database, premium: UUID
) -> None:
    with api.tenant_transaction(premium) as connection:
        change_product(connection, premium, "a", {"name": "Mail", "category": "office"})
        change_offer(connection, premium, "a", "month", {"margin": "20"})
        change_product(connection, premium, "b", {"name": "Desk"})
    with operator.transaction() as connection:
        standing = state(connection, premium)
        assert standing is not None
        update = Update(standing.structure.price_list_id, 1, names=True)
        run = write_update(connection, premium, update, Request("test", NOW), expected_newest=1)
    with api.tenant_transaction(premium) as connection:
        change_product(connection, premium, "b", {"name": "Desk again"})
    with operator.transaction() as connection:
        expected = listed(connection, premium)
        moments = [override.recorded_at for override in expected]
        assert expected == [
            Override("a", None, "category", "office", moments[0], None),
            Override("a", None, "name", "Mail", moments[1], run.number),
            Override("a", "month", "margin", "20", moments[2], None),
            Override("b", None, "name", "Desk again", moments[3], None),
        ]
        assert moments[1] < moments[0] < moments[2] < moments[3]
        first = listed(connection, premium, limit=2)
        last = AfterValue(first[1].sku, first[1].unit or "", first[1].property)
        assert first + listed(connection, premium, last, limit=2) == expected
        write_undo(connection, premium, 1, Request("test", NOW), expected_newest=run.number)
        assert [value.displaced_by for value in listed(connection, premium)] == [None] * 4
