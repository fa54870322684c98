"""What the API shows of price lists."""

import csv
import json
from collections.abc import Callable

import pytest
from tests.web.shop import Shop, numbered

from twotier.bss.price_lists.guarding.guards import Guards

MAIL, MAIL_DEARER = "MAIL,month,4.20,Mail,6.00,", "MAIL,month,4.80,Mail,6.00,"
DISK = "DISK,month,1.50,Disk,,"
BACKUP = "BACKUP,month,0.1234567890123456,Backup,12,10=0.1;100=0.05"
LARGE = 12


@pytest.fixture(scope="module")
def listed(make_shop: Callable[[], Shop]) -> Shop:
    """A list of two revisions, for tests that publish nothing."""
    shop = make_shop()
    shop.publish(MAIL, DISK)
    shop.publish(MAIL_DEARER, BACKUP, guards=Guards(max_removed_percent=100), days=1)
    return shop


def streamed_skus(shop: Shop, path: str) -> list[str]:
    """The first column of a stream."""
    text = shop.client.get(shop.base + path, headers={"Accept": "text/csv"}).text
    return [row["sku"] for row in csv.DictReader(text.splitlines())]


def test_a_list_is_shown_with_its_newest_revision(listed: Shop) -> None:
    shown = listed.get("/price-lists/retail")
    head = shown.pop("head")
    assert shown == {"name": "retail", "currency": "EUR", "active": True, "suspects": 0}
    assert (head["revision"], head["offers"], head["source"]) == (2, 2, "prices.csv")
    assert head["differences"] == {"added": 1, "removed": 1, "priceChanged": 1, "otherChanged": 0}


def test_a_list_without_a_revision_is_shown_without_one(shop: Shop) -> None:
    shop.declare_list("empty")
    assert "head" not in shop.get("/price-lists/empty")
    assert shop.get("/price-lists/empty/revisions") == {"items": []}


def test_revisions_are_shown_the_newest_first(listed: Shop) -> None:
    assert [page[0]["revision"] for page in listed.pages("/price-lists/retail/revisions", limit=1)] == [2, 1]


def test_an_offer_is_shown_exactly_as_it_was_imported(listed: Shop) -> None:
    backup, _ = listed.get("/price-lists/retail/revisions/2/offers")["items"]
    assert backup == {
        "sku": "BACKUP",
        "unit": "month",
        "name": "Backup",
        "chargeType": "recurring",
        "kind": "product",
        "price": "0.1234567890123456",
        "recommendedSellPrice": "12",
        "tiers": [{"minimumQuantity": "10", "price": "0.1"}, {"minimumQuantity": "100", "price": "0.05"}],
        "active": True,
    }


@pytest.mark.parametrize("limit", [1, 5, LARGE - 1, LARGE, LARGE + 1])
def test_pages_show_every_offer_once_and_in_order(shop: Shop, limit: int) -> None:
    shop.publish(*numbered(LARGE))
    pages = shop.pages("/price-lists/retail/revisions/1/offers", limit=limit)
    skus = [offer["sku"] for page in pages for offer in page]
    assert skus == [f"SKU-{number:04}" for number in range(1, LARGE + 1)]
    assert {len(page) for page in pages[:-1]} <= {limit}


def test_a_page_goes_on_where_it_ended_whatever_is_imported_meanwhile(shop: Shop) -> None:
    shop.publish(*numbered(LARGE))
    first = shop.get("/price-lists/retail/revisions/1/offers", limit=6)
    shop.publish(*numbered(3), guards=Guards(max_removed_percent=100), days=1)
    second = shop.get("/price-lists/retail/revisions/1/offers", limit=6, after=first["next"])
    assert [offer["sku"] for offer in second["items"]] == [f"SKU-{number:04}" for number in range(7, LARGE + 1)]


def test_streams_have_what_pages_have(listed: Shop) -> None:
    path = "/price-lists/retail/revisions/2/offers"
    page = listed.get(path)["items"]
    lines = listed.client.get(listed.base + path, headers={"Accept": "application/x-ndjson"})
    assert lines.headers["content-type"] == "application/x-ndjson"
    assert [json.loads(line) for line in lines.text.splitlines()] == page
    table = listed.client.get(listed.base + path, params={"format": "csv"})
    assert table.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(table.text.splitlines()))
    assert [(row["sku"], row["price"], row["tiers"]) for row in rows] == [
        ("BACKUP", "0.1234567890123456", "10=0.1;100=0.05"),
        ("MAIL", "4.8", ""),
    ]


def test_a_stream_can_begin_in_the_middle(listed: Shop) -> None:
    path = "/price-lists/retail/revisions/2/offers"
    after = listed.get(path, limit=1)["next"]
    assert streamed_skus(listed, f"{path}?after={after}") == ["MAIL"]


def test_differences_of_two_revisions_are_shown_in_both_directions(listed: Shop) -> None:
    forward = listed.get("/price-lists/retail/differences", old=1, new=2)["items"]
    assert [(each["sku"], each["change"], each.get("oldPrice"), each.get("newPrice")) for each in forward] == [
        ("BACKUP", "added", None, "0.1234567890123456"),
        ("DISK", "removed", "1.5", None),
        ("MAIL", "price", "4.2", "4.8"),
    ]
    back = listed.get("/price-lists/retail/differences", old=2, new=1, change="added")["items"]
    assert [(each["sku"], each["newPrice"]) for each in back] == [("DISK", "1.5")]


def test_differences_are_paged(listed: Shop) -> None:
    pages = listed.pages("/price-lists/retail/differences", old=1, new=2, limit=1)
    assert [page[0]["sku"] for page in pages] == ["BACKUP", "DISK", "MAIL"]


def test_a_stream_of_differences_has_all_of_them(listed: Shop) -> None:
    assert streamed_skus(listed, "/price-lists/retail/differences?old=1&new=2") == ["BACKUP", "DISK", "MAIL"]


def test_what_the_guards_hold_is_shown(shop: Shop) -> None:
    shop.publish(MAIL, BACKUP)
    shop.publish("CHEAP,month,1,Cheap,,", days=2)
    held = shop.get("/price-lists/retail/held")
    assert shop.get("/price-lists/retail")["held"] == held
    assert (held["base"], held["offers"], held["reasons"][0]["reason"]) == (1, 1, "TooManyRemoved")
    assert held["differences"] == {"added": 1, "removed": 2, "priceChanged": 0, "otherChanged": 0}
    rows = shop.pages("/price-lists/retail/held/differences", limit=2)
    assert [(row["sku"], row["change"]) for page in rows for row in page] == [
        ("BACKUP", "removed"),
        ("CHEAP", "added"),
        ("MAIL", "removed"),
    ]
    added = shop.get("/price-lists/retail/held/differences", change="added")["items"]
    assert [row["sku"] for row in added] == ["CHEAP"]
    assert streamed_skus(shop, "/price-lists/retail/held/differences") == ["BACKUP", "CHEAP", "MAIL"]


@pytest.mark.parametrize(
    ("path", "told"),
    [
        pytest.param("/price-lists/other", "no price list other", id="a list that is not there"),
        pytest.param("/price-lists/retail/held", "Nothing of price list retail is held", id="nothing that is held"),
        pytest.param("/price-lists/retail/revisions/3/offers", "its revisions are 1 to 2", id="a revision to come"),
        pytest.param("/price-lists/retail/revisions/3/offers?format=csv", "no revision 3", id="a stream of nothing"),
        pytest.param("/price-lists/retail/differences?old=1&new=3", "no revision 3", id="a difference to nothing"),
    ],
)
def test_what_is_not_there_is_told_apart(listed: Shop, path: str, told: str) -> None:
    problem = listed.problem(path)
    assert (problem["status"], told in problem["detail"]) == (404, True), problem


def test_a_list_of_another_distributor_is_none(listed: Shop) -> None:
    answer = listed.client.get(f"/api/v1/distributors/{listed.namespace}/other/price-lists/retail")
    assert (answer.status_code, "no distributor other" in answer.json()["detail"]) == (404, True)
