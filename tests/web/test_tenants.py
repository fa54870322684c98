"""What the API shows of tenants, their plans and their log."""

import csv
import json
from dataclasses import dataclass
from uuid import UUID

import pytest
from tests.web.shop import Shop, full

from twotier.bss.catalogue.runs.updates import Mode, Update

MAIL, MAIL_DEARER = "MAIL,month,4.20,Mail,6.00,", "MAIL,month,4.80,Mail,6.00,"
DISK = "DISK,month,1.50,Disk,,"
BACKUP = "BACKUP,month,0.1234567890123456,Backup,12,10=0.1;100=0.05"


@dataclass(frozen=True)
class Tenants:
    """Two tenants with the first revision of a list of two."""

    shop: Shop
    price_list_id: int
    contoso: UUID
    fabrikam: UUID


@pytest.fixture
def tenants(shop: Shop) -> Tenants:
    shop.publish(MAIL, DISK)
    contoso, fabrikam = shop.tenant("R-contoso"), shop.tenant("R-fabrikam")
    shop.publish(MAIL_DEARER, DISK, BACKUP, days=1)
    return Tenants(shop, shop.declare_list(), contoso, fabrikam)


def test_a_tenant_is_shown_with_where_his_catalogue_stands(tenants: Tenants) -> None:
    pin = {"priceList": "retail", "revision": 1}
    assert tenants.shop.get("/tenants/R-contoso") == {
        "account": "R-contoso",
        "name": "Reseller R-contoso",
        "phase": "Active",
        "edition": "Premium",
        "currency": "EUR",
        "run": 1,
        "newestRun": 1,
        "newestOverride": 0,
        "structure": pin,
        "cost": pin,
        "sellPrices": pin,
        "names": pin,
    }


def test_a_partial_update_moves_the_costs_alone(tenants: Tenants) -> None:
    tenants.shop.update(tenants.contoso, Update(tenants.price_list_id, 2, Mode.PARTIAL), newest=1)
    shown = tenants.shop.get("/tenants/R-contoso")
    assert (shown["structure"]["revision"], shown["cost"]["revision"], shown["run"]) == (1, 2, 2)


def test_a_plan_is_shown_with_its_counts(tenants: Tenants) -> None:
    id_ = tenants.shop.plan(tenants.contoso, full(tenants.price_list_id, 2))
    shown = tenants.shop.get(f"/tenants/R-contoso/plans/{id_}")
    assert {name: shown[name] for name in ("id", "kind", "priceList", "revision", "mode", "newestRun", "live")} == {
        "id": id_,
        "kind": "update",
        "priceList": "retail",
        "revision": 2,
        "mode": "Full",
        "newestRun": 1,
        "live": True,
    }
    assert {name: count for name, count in shown["changes"].items() if count} == {"added": 1, "changed": 1, "cost": 1}
    assert "moved" not in shown
    assert tenants.shop.pages("/tenants/R-contoso/plans") == [[shown]]


def test_a_plan_says_why_it_can_no_longer_be_applied(tenants: Tenants) -> None:
    id_ = tenants.shop.plan(tenants.contoso, full(tenants.price_list_id, 2))
    tenants.shop.update(tenants.contoso, Update(tenants.price_list_id, 2, Mode.PARTIAL), newest=1)
    shown = tenants.shop.get(f"/tenants/R-contoso/plans/{id_}")
    assert (shown["live"], "run 2" in shown["moved"]) == (False, True)


def test_a_plan_of_another_tenant_is_none(tenants: Tenants) -> None:
    id_ = tenants.shop.plan(tenants.contoso, full(tenants.price_list_id, 2))
    problem = tenants.shop.problem(f"/tenants/R-fabrikam/plans/{id_}")
    assert (problem["status"], problem["instance"]) == (404, f"{tenants.shop.base}/tenants/R-fabrikam/plans/{id_}")
    assert tenants.shop.problem(f"/tenants/R-fabrikam/plans/{id_}/entries")["status"] == 404
    assert tenants.shop.get("/tenants/R-fabrikam/plans") == {"items": []}


def test_the_log_shows_the_newest_run_first(tenants: Tenants) -> None:
    tenants.shop.update(tenants.contoso, full(tenants.price_list_id, 2), newest=1)
    newest, first = tenants.shop.get("/tenants/R-contoso/runs")["items"]
    assert (first["number"], first["inForce"], first["revision"]) == (1, False, 1)
    assert "fromRevision" not in first
    shown = {name: value for name, value in newest.items() if name not in {"changes", "durationMilliseconds"}}
    assert shown == {
        "position": "2",
        "number": 2,
        "kind": "update",
        "outcome": "Applied",
        "requestedBy": "PriceListAssignment sales/contoso",
        "requestedAt": "2026-11-02T10:00:00Z",
        "priceList": "retail",
        "revision": 2,
        "fromPriceList": "retail",
        "fromRevision": 1,
        "mode": "Full",
        "sellPrices": False,
        "names": False,
        "inForce": True,
        "undoObstacle": "run 2 is in force: there is nothing to undo",
        "overridesKept": 0,
    }
    assert tenants.shop.get("/tenants/R-contoso/runs/2") == newest


def test_the_log_is_paged_and_streamed_alike(tenants: Tenants) -> None:
    for newest, revision in enumerate([2, 1, 2, 1], start=1):
        tenants.shop.update(tenants.contoso, full(tenants.price_list_id, revision), newest=newest)
    pages = tenants.shop.pages("/tenants/R-contoso/runs", limit=2)
    assert [[run["number"] for run in page] for page in pages] == [[5, 4], [3, 2], [1]]
    address = f"{tenants.shop.base}/tenants/R-contoso/runs"
    lines = tenants.shop.client.get(address, params={"format": "ndjson"}).text.splitlines()
    assert [json.loads(line) for line in lines] == [run for page in pages for run in page]
    text = tenants.shop.client.get(address, headers={"Accept": "text/csv"}).text
    rows = list(csv.DictReader(text.splitlines()))
    assert [(row["number"], row["revision"], row["inForce"], row["added"]) for row in rows[:2]] == [
        ("5", "1", "true", "0"),
        ("4", "2", "false", "0"),
    ]
    assert [row["requestedAt"] for row in rows] == [run["requestedAt"] for page in pages for run in page]


def test_the_entries_of_a_plan_say_what_changes_from_what_to_what(tenants: Tenants) -> None:
    id_ = tenants.shop.plan(tenants.contoso, full(tenants.price_list_id, 2))
    backup, mail = tenants.shop.get(f"/tenants/R-contoso/plans/{id_}/entries")["items"]
    assert mail == {
        "sku": "MAIL",
        "unit": "month",
        "name": "Mail",
        "kind": "changed",
        "fields": [{"field": "cost", "old": "4.2", "new": "4.8"}],
        "displaced": [],
        "broughtBack": [],
        "belowCost": False,
        "unpriced": False,
    }
    assert (backup["kind"], {change["field"]: change["new"] for change in backup["fields"]}["tiers"]) == (
        "added",
        [{"minimumQuantity": "10", "price": "0.1"}, {"minimumQuantity": "100", "price": "0.05"}],
    )


def test_the_entries_of_a_plan_stay_readable_when_it_was_applied_and_are_those_of_the_run(tenants: Tenants) -> None:
    id_ = tenants.shop.plan(tenants.contoso, full(tenants.price_list_id, 2))
    before = tenants.shop.get(f"/tenants/R-contoso/plans/{id_}/entries")
    tenants.shop.update(tenants.contoso, full(tenants.price_list_id, 2), newest=1)
    assert tenants.shop.get(f"/tenants/R-contoso/plans/{id_}/entries") == before
    assert tenants.shop.get("/tenants/R-contoso/runs/2/entries") == before


def test_entries_are_filtered_paged_and_streamed(tenants: Tenants) -> None:
    path = f"/tenants/R-contoso/plans/{tenants.shop.plan(tenants.contoso, full(tenants.price_list_id, 2))}/entries"
    assert [[entry["sku"] for entry in page] for page in tenants.shop.pages(path, limit=1)] == [["BACKUP"], ["MAIL"]]
    assert [entry["sku"] for entry in tenants.shop.get(path, kind="changed")["items"]] == ["MAIL"]
    assert [entry["sku"] for entry in tenants.shop.get(path, field="cost", sku="MAIL")["items"]] == ["MAIL"]
    assert tenants.shop.get(path, field="sellPrice")["items"] == []
    text = tenants.shop.client.get(tenants.shop.base + path, headers={"Accept": "text/csv"}).text
    rows = list(csv.DictReader(text.splitlines()))
    assert [(row["sku"], row["kind"], row["old cost"], row["new cost"], row["new tiers"]) for row in rows] == [
        ("BACKUP", "added", "", "0.1234567890123456", "10=0.1;100=0.05"),
        ("MAIL", "changed", "4.2", "4.8", ""),
    ]


def test_the_first_run_brought_everything(tenants: Tenants) -> None:
    entries = tenants.shop.get("/tenants/R-contoso/runs/1/entries")["items"]
    assert [(entry["sku"], entry["kind"]) for entry in entries] == [("DISK", "added"), ("MAIL", "added")]


@pytest.mark.parametrize(
    ("path", "told"),
    [
        pytest.param("/tenants/R-contoso/runs/7/entries", "no run 7", id="the entries of no run"),
        pytest.param("/tenants/R-contoso/plans/x/entries", "no plan x", id="the entries of no plan"),
        pytest.param("/tenants/R-contoso/plans/x/entries?format=csv", "no plan x", id="a stream of no plan"),
        pytest.param("/tenants/R-nobody", "no tenant with account R-nobody", id="an account without a tenant"),
        pytest.param("/tenants/R-nobody/runs", "no tenant with account R-nobody", id="the log of nobody"),
        pytest.param("/tenants/R-contoso/runs/7", "no run 7", id="a run that never was"),
        pytest.param("/tenants/R-contoso/plans/sha256:0", "no plan sha256:0", id="a plan that never was"),
    ],
)
def test_what_is_not_there_is_told_apart(tenants: Tenants, path: str, told: str) -> None:
    problem = tenants.shop.problem(path)
    assert (problem["status"], problem["title"]) == (404, "Not Found")
    assert told in problem["detail"]


def test_a_distributor_of_another_namespace_is_none(tenants: Tenants) -> None:
    answer = tenants.shop.client.get("/api/v1/distributors/elsewhere/northwind/tenants/R-contoso")
    assert (answer.status_code, "namespace elsewhere" in answer.json()["detail"]) == (404, True)


@pytest.mark.parametrize(
    ("declared", "reason"),
    [
        pytest.param({"approval": "Manual"}, None, id="nothing"),
        pytest.param({"approval": "Automatic"}, "NoApprovalNeeded", id="that none is needed"),
        pytest.param({"approval": "Manual", "mode": "Partial"}, "PlanContradicted", id="another mode"),
        pytest.param({"approval": "Manual", "restoreRun": 1}, "RunHeldInForce", id="a restored run"),
        pytest.param({"approval": "Manual", "priceList": "nope"}, "NotAccepted", id="a list without a revision"),
    ],
)
def test_what_stands_in_the_way_of_approving_a_plan_is(
    tenants: Tenants, declared: dict[str, object], reason: str | None
) -> None:
    shop = tenants.shop
    plan = shop.plan(tenants.contoso, full(tenants.price_list_id, 2))
    spec = {"tenant": "contoso", "priceList": "retail"} | declared
    answer = shop.client.post(f"{shop.base}/tenants/R-contoso/plans/{plan}/approval", json={"spec": spec})
    assert (answer.status_code, answer.json().get("reason")) == (200, reason)
