"""What the API shows of a tenant's catalogue, now and then."""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import quote
from uuid import UUID

import pytest
from tests.web.shop import Shop, full

from twotier.bss.database import Database, Role
from twotier.bss.reseller.overrides import SellPrice, record_offer_override

ODD = "a/b//c:d|e*f?g#h%i ü"
MAIL, MAIL_DEARER = "MAIL,month,4.20,Mail,6.00,", "MAIL,month,4.80,Mail,6.00,"
MAIL_YEAR = "MAIL,year,40,Mail,60,"
DISK = "DISK,month,1.50,Disk,,"
STRANGE = f"{ODD},month,1,Strange,2,"


@dataclass(frozen=True)
class Tenant:
    """A tenant with an override of a price, and two runs."""

    shop: Shop
    id: UUID

    def offer(self, sku: str, what: str) -> str:
        return f"/tenants/R-contoso/offers/{quote(sku, safe='')}/{what}"


@pytest.fixture(scope="module")
def tenant(make_shop: Callable[[], Shop], shared_database_url: str) -> Tenant:
    shop = make_shop()
    shop.publish(MAIL, DISK, STRANGE)
    id_ = shop.tenant("R-contoso")
    api = Database(shared_database_url, Role.API, pool_size=1)
    with api.tenant_transaction(id_) as connection:
        record_offer_override(connection, id_, "MAIL", "month", SellPrice(Decimal("4.5")))
    api.dispose()
    shop.publish(MAIL_DEARER, MAIL_YEAR, DISK, STRANGE, days=1)
    price_list_id = shop.declare_list()
    shop.update(id_, full(price_list_id, 2), newest=1)
    return Tenant(shop, id_)


def test_the_catalogue_shows_what_is_sold(tenant: Tenant) -> None:
    offers = {
        (offer["sku"], offer["unit"]): offer for offer in tenant.shop.get("/tenants/R-contoso/catalogue")["items"]
    }
    assert sorted(offers) == sorted({("DISK", "month"), ("MAIL", "month"), ("MAIL", "year"), (ODD, "month")})
    mail = offers["MAIL", "month"]
    assert (mail["cost"], mail["sellPrice"], mail["inheritedSellPrice"], mail["published"]) == ("4.8", "4.5", "6", True)
    disk = offers["DISK", "month"]
    assert ("sellPrice" in disk, disk["needsReview"], disk["published"]) == (False, True, False)


def test_the_catalogue_of_an_earlier_run_is_what_it_was_then(tenant: Tenant) -> None:
    before = tenant.shop.get("/tenants/R-contoso/catalogue", run=1)["items"]
    assert [(offer["sku"], offer["cost"]) for offer in before if offer["sku"] == "MAIL"] == [("MAIL", "4.2")]


def test_the_catalogue_is_paged_and_streamed_alike(tenant: Tenant) -> None:
    pages = tenant.shop.pages("/tenants/R-contoso/catalogue", limit=3)
    text = tenant.shop.client.get(f"{tenant.shop.base}/tenants/R-contoso/catalogue", params={"format": "csv"}).text
    rows = list(csv.DictReader(text.splitlines()))
    assert [len(page) for page in pages] == [3, 1]
    assert [(row["sku"], row["unit"]) for row in rows] == [
        (each["sku"], each["unit"]) for page in pages for each in page
    ]


def test_an_offer_is_explained_column_by_column(tenant: Tenant) -> None:
    shown = tenant.shop.get(tenant.offer("MAIL", "explanation"), unit="month")
    assert (shown["belowCost"], shown["offer"]["cost"]) == (True, "4.8")
    columns = {column["field"]: column for column in shown["columns"]}
    cost, price = columns["cost"], columns["sellPrice"]
    assert (cost["owner"], cost["value"], cost["priceList"], cost["revision"], cost["run"], cost["source"]) == (
        "distributor",
        "4.8",
        "retail",
        2,
        2,
        "prices.csv",
    )
    assert (price["owner"], price["value"], price["inherited"], price["own"]["value"]) == (
        "reseller",
        "4.5",
        "6",
        "4.5",
    )


def test_the_only_unit_need_not_be_named(tenant: Tenant) -> None:
    assert tenant.shop.get(tenant.offer("DISK", "explanation"))["offer"]["unit"] == "month"
    problem = tenant.shop.problem(tenant.offer("MAIL", "explanation"))
    assert (problem["status"], "one of month, year" in problem["detail"]) == (422, True)


@pytest.mark.parametrize("what", ["explanation", "history"])
def test_a_sku_may_hold_any_character(tenant: Tenant, what: str) -> None:
    assert tenant.shop.get(tenant.offer(ODD, what))


def test_the_price_history_shows_what_changed_when(tenant: Tenant) -> None:
    points = tenant.shop.get(tenant.offer("MAIL", "history"), unit="month")["points"]
    assert [(point["run"], point["cost"], point["sellPrice"]) for point in points] == [
        (1, "4.2", "6"),
        (2, "4.8", "4.5"),
    ]


@pytest.mark.parametrize(
    ("path", "told"),
    [
        pytest.param("/tenants/R-contoso/catalogue?run=9", "no run 9", id="the catalogue of no run"),
        pytest.param("/tenants/R-contoso/offers/NOPE/explanation", "NOPE never arrived", id="a product of others"),
        pytest.param("/tenants/R-contoso/offers/MAIL/history?unit=week", "in unit week", id="a unit of others"),
    ],
)
def test_what_is_not_there_is_told_apart(tenant: Tenant, path: str, told: str) -> None:
    problem = tenant.shop.problem(path)
    assert (problem["status"], told in problem["detail"]) == (404, True)


def test_an_offer_that_an_undo_took_away_is_told_with_its_runs(make_shop: Callable[[], Shop]) -> None:
    shop = make_shop()
    shop.publish(MAIL)
    id_ = shop.tenant("R-contoso")
    shop.publish(MAIL, DISK, days=1)
    shop.update(id_, full(shop.declare_list(), 2), newest=1)
    shop.undo(id_, 1, newest=2)
    gone = "is not in the catalogue of tenant R-contoso now: run 2 brought it, and the undo in run 3 removed it."
    for what in ("explanation", "history"):
        problem = shop.problem(f"/tenants/R-contoso/offers/DISK/{what}")
        assert (problem["status"], problem["detail"]) == (404, f"Product DISK {gone}")
    in_unit = shop.problem("/tenants/R-contoso/offers/DISK/explanation", unit="month")
    assert in_unit["detail"] == f"Product DISK in unit month {gone}"
    never = shop.problem("/tenants/R-contoso/offers/DISK/explanation", unit="year")
    assert "DISK in unit year never arrived" in never["detail"]


def test_an_offer_is_not_explained_to_the_tenant_of_another(tenant: Tenant) -> None:
    tenant.shop.publish("OTHER,month,1,Other,2,", name="other")
    assert tenant.shop.problem(tenant.offer("OTHER", "explanation"))["status"] == 404
