"""Each folder of examples, applied as a person would, ends as its story says."""

import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.shop import Shop

from twotier.dev.demo.catalogue import Catalogue, read_catalogue
from twotier.dev.installation import checkout

EXAMPLES = checkout() / "examples"
RESELLER = "meltemi"
LIST = "vm-eu-west"


def apply(shop: Shop, example: str) -> None:
    """Apply an example; a base domain belongs to one distributor of a database, and each test has a distributor."""
    manifests = shop.cluster.render(EXAMPLES / example)
    shop.cluster.apply(manifests.replace("shops.example.com", f"{shop.namespace}.example.com"), shop.namespace)


def catalogue(shop: Shop, account: str = "1001") -> Catalogue:
    organization_id = shop.organization_id(account)
    assert organization_id is not None
    return read_catalogue(shop.database_url, organization_id)


def assignment_status(shop: Shop) -> Mapping[str, Any]:
    return shop.status("PriceListAssignment", RESELLER)


@pytest.fixture
def quickstart(shop: Shop) -> Shop:
    """A tenant with 8,478 offers."""
    apply(shop, "quickstart")
    shop.await_condition("PriceListAssignment", RESELLER, "True", "UpToDate")
    return shop


def test_every_example_is_applied_by_a_test() -> None:
    tests = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parents[1].rglob("test_*.py"))
    folders = {folder.name for folder in EXAMPLES.iterdir() if folder.is_dir()}
    assert {name for name in folders if f'"{name}"' not in tests and f'"{name}/' not in tests} == set()


def test_an_update_waits_until_its_plan_is_approved_in_git(quickstart: Shop) -> None:
    apply(quickstart, "approve-in-git")
    quickstart.await_condition("PriceListAssignment", RESELLER, "False", "AwaitingApproval", "UpToDate")
    planned = assignment_status(quickstart)["plan"]
    assert (planned["targetRevision"], planned["differences"]["added"], planned["differences"]["cost"]) == (2, 188, 168)
    assert len(catalogue(quickstart)) == 8478

    approved = f'{{"spec": {{"approvedPlan": "{planned["id"]}"}}}}'
    quickstart.kubectl("patch", "pricelistassignment", RESELLER, "--type=merge", f"--patch={approved}")
    quickstart.await_condition("PriceListAssignment", RESELLER, "True", "UpToDate", "UpToDate")
    assert len(catalogue(quickstart)) == 8666


def test_offers_that_vanish_by_accident_are_suspect_and_still_sold_until_they_are_back(shop: Shop) -> None:
    apply(shop, "vanished-offers/before")
    shop.await_condition("PriceListAssignment", RESELLER, "True", "UpToDate")
    apply(shop, "vanished-offers/accident")
    status = shop.await_status("PriceList", LIST, "suspects", 136)
    assert (status["revision"], status["offers"], len(catalogue(shop))) == (1, 8667, 8667)

    apply(shop, "vanished-offers/recovered")
    status = shop.await_status("PriceList", LIST, "suspects", 0)
    assert (status["revision"], len(catalogue(shop))) == (1, 8667)


def test_a_list_that_was_cut_off_is_held_until_a_person_accepts_it(quickstart: Shop) -> None:
    apply(quickstart, "quickstart-next")
    quickstart.await_status("PriceListAssignment", RESELLER, "revision", 2)
    apply(quickstart, "held-list")
    message = quickstart.await_condition("PriceList", LIST, "False", "TooManyRemoved", "Accepted")
    held = quickstart.status("PriceList", LIST)["held"]
    assert re.search(r"3,466 of 8,666, more than the 25 %", message)
    assert held["digest"] in message
    assert held["differences"]["removed"] == 3466
    assert len(catalogue(quickstart)) == 8666

    accepted = f'{{"spec": {{"acceptedDigest": "{held["digest"]}"}}}}'
    quickstart.kubectl("patch", "pricelist", LIST, "--type=merge", f"--patch={accepted}")
    quickstart.await_status("PriceListAssignment", RESELLER, "revision", 3)
    assert len(catalogue(quickstart)) == 5200


def test_an_undo_gives_the_tenant_the_catalogue_of_an_earlier_run(quickstart: Shop) -> None:
    before = catalogue(quickstart)
    apply(quickstart, "quickstart-next")
    quickstart.await_status("PriceListAssignment", RESELLER, "run", 2)
    apply(quickstart, "undo")
    quickstart.await_status("PriceListAssignment", RESELLER, "run", 1)
    assert catalogue(quickstart) == before


def test_a_partial_update_raises_the_cost_and_leaves_the_sell_price(shop: Shop) -> None:
    apply(shop, "why-this-price/before")
    shop.await_condition("PriceListAssignment", "skagen", "True", "UpToDate")
    apply(shop, "why-this-price/after")
    shop.await_status("PriceListAssignment", "skagen", "run", 2)
    offer = catalogue(shop, "2001")["BACKUP-1TB", "month"]
    assert (offer.cost, offer.sell_price) == (Decimal(11), Decimal(10))
