"""A price list changes: it is compared, planned, approved, logged, explained and undone by who has a kubeconfig."""

import csv
import json

import pytest
import yaml
from tests.cluster.cli.conftest import Verb
from tests.shop import BACKUP, DISK, Object, Shop, assignment, distributor, price_list, tenant

DEARER = "MAIL,month,5.00,Mail,6.00"
SLASHED = "CLOUD/1:A,month,9,Cloud,12"
BEFORE = (distributor(), price_list(), tenant(), assignment(approval="Manual", sellPrices=True))
NEXT = price_list("retail", DEARER, BACKUP, SLASHED)
COUNTS = {"added": 2, "changed": 1, "discontinued": 1}


@pytest.fixture
def shop(shop: Shop) -> Shop:
    """A tenant that has its first catalogue."""
    shop.apply(*BEFORE)
    shop.await_ready(*BEFORE)
    return shop


def counts(changes: Object) -> Object:
    return {name: changes[name] for name in COUNTS}


def change(shop: Shop) -> str:
    """Import the next list, and return the id of the plan that comes of it."""
    shop.apply(NEXT)
    shop.await_condition("PriceListAssignment", "contoso", "False", "AwaitingApproval", "UpToDate")
    return str(shop.status("PriceListAssignment", "contoso")["plan"]["id"])


def test_a_change_is_compared_planned_approved_logged_explained_and_undone(shop: Shop, twotier: Verb) -> None:
    nothing = twotier("plan", "contoso")
    assert (nothing.status, nothing.output.startswith("No changes.")) == (0, True)

    compared = twotier("diff", "-f", "-", "-o", "json", text=yaml.safe_dump(NEXT))
    (dry_run,) = json.loads(compared.output)["dry-runs"]
    assert (compared.status, counts(dry_run["tenants"][0]["changes"])) == (2, COUNTS)

    plan = change(shop)
    planned = twotier("plan", "contoso", "-o", "json", "--entries", "--exit-code")
    told = json.loads(planned.output)
    assert (planned.status, told["plan"]["id"], counts(told["plan"]["changes"])) == (2, plan, COUNTS)
    assert [(each["kind"], each["sku"]) for each in told["entries"]] == [
        ("added", "BACKUP"),
        ("added", "CLOUD/1:A"),
        ("discontinued", "DISK"),
        ("changed", "MAIL"),
    ]
    rows = list(csv.DictReader(twotier("plan", "contoso", "-o", "csv", "--kind", "changed").output.splitlines()))
    assert [row["sku"] for row in rows] == ["MAIL"]

    approved = twotier("approve", "contoso", plan.removeprefix("sha256:")[:12])
    assert approved.status == 0
    shop.await_status("PriceListAssignment", "contoso", "run", 2)
    logged = twotier("log", "contoso", "2", "-o", "json")
    run = json.loads(logged.output)["run"]
    assert (run["outcome"], run["plan"], counts(run["changes"])) == ("Applied", plan, COUNTS)
    assert "twotier-approve" in run["askedBy"]

    spent = twotier("plan", "contoso", plan.removeprefix("sha256:")[:12])
    assert (spent.status, "It can no longer be applied: it was applied as run 2." in spent.output) == (0, True)

    explained = twotier("explain", "price", "contoso", "CLOUD/1:A")
    assert (explained.status, "Cost: 9.00" in explained.output) == (0, True), explained
    assert "retail, revision 2" in explained.output

    to_commit = yaml.safe_load(twotier("undo", "contoso", "--to", "1", "--print").output)["spec"]
    assert (to_commit["restoreRun"], "approvedPlan" in to_commit) == (1, False)
    undone = twotier("undo", "contoso", "--to", "1", "--yes")
    assert (undone.status, "1 to bring back, 1 to change, 2 to remove" in undone.output) == (0, True)
    shop.await_condition("PriceListAssignment", "contoso", "True", "Restored")
    assert "Undone by 3" in twotier("log", "contoso").output


def test_owners_are_listed_for_programs_with_nothing_left_empty(twotier: Verb) -> None:
    listed = list(csv.DictReader(twotier("explain", "ownership", "-o", "csv").output.splitlines()))
    assert {row["property"]: row["owner"] for row in listed}["cost"] == "distributor"
    assert [row["property"] for row in listed if not all(row.values())] == []


def test_status_tells_of_all_resources_and_of_one_with_what_to_do(shop: Shop, twotier: Verb) -> None:
    plan = change(shop)
    everything = twotier("status").output.splitlines()
    assert [line.split()[:3] for line in everything[1:]] == [
        ["dist/aegean", "True", "Applied"],
        ["pl/retail", "True", "Imported"],
        ["tr/contoso", "True", "TenantActive"],
        ["pla/contoso", "True", "AwaitingApproval"],
    ]
    one = twotier("status", "PriceListAssignment/contoso").output
    assert plan.removeprefix("sha256:")[:12] in one
    assert "kubectl twotier approve contoso" in one
    assert json.loads(twotier("status", "pla/contoso", "-o", "json").output)["runs"][0]["number"] == 1


def test_what_is_printed_to_be_committed_approves_the_plan(shop: Shop, twotier: Verb) -> None:
    plan = change(shop)
    printed = yaml.safe_load(twotier("approve", "contoso", "--print").output)
    assert printed["spec"] == {
        "tenant": "contoso",
        "priceList": "retail",
        "sellPrices": True,
        "approval": "Manual",
        "approvedPlan": plan,
    }
    assert "approvedPlan" not in shop.get("PriceListAssignment", "contoso")["spec"]
    shop.apply(printed)
    shop.await_status("PriceListAssignment", "contoso", "run", 2)


def test_a_plan_for_another_list_is_neither_shown_nor_approved(shop: Shop, twotier: Verb) -> None:
    plan = change(shop)
    shop.apply(assignment(approval="Manual", sellPrices=True, priceList="nope"))
    shop.await_condition("PriceListAssignment", "contoso", "False", "DependencyNotFound")
    gone = "PriceList nope does not exist"
    for verb in (("plan", "contoso"), ("approve", "contoso", "--yes")):
        answer = twotier(*verb)
        assert (answer.status, gone in answer.error) == (1, True), answer
    named = twotier("approve", "contoso", plan)
    told = "price list nope has no accepted revision yet: correct spec.priceList"
    assert (named.status, told in named.error) == (1, True), named
    assert "Approve it" not in twotier("status", "pla/contoso").output


def test_a_field_that_git_sets_is_not_taken_over_unasked(shop: Shop, twotier: Verb) -> None:
    change(shop)
    shop.apply(assignment(approval="Manual", sellPrices=True, approvedPlan="sha256:" + "0" * 64))
    shop.await_condition("PriceListAssignment", "contoso", "False", "ApprovalRefused", "PlanApproved")
    assert "Refused update 1.1 of contoso" in twotier("log", "contoso", "1.1").output
    refused = twotier("approve", "contoso", "--yes")
    assert refused.status == 1
    assert "twotier-demo" in refused.error
    assert "--force" in refused.error
    assert twotier("approve", "contoso", "--yes", "--force").status == 0
    shop.await_status("PriceListAssignment", "contoso", "run", 2)


def test_files_are_compared_with_what_the_cluster_has_beside_them(shop: Shop, twotier: Verb) -> None:
    unchanged = twotier("diff", "-f", "-", text=yaml.safe_dump_all(BEFORE))
    assert (unchanged.status, unchanged.output.splitlines()[-1]) == (0, "No changes.")
    broken = twotier("diff", "-f", "-", text=yaml.safe_dump(price_list("retail", 'MAIL,month,"4,20",Mail,6.00', DISK)))
    assert (broken.status, 'price "4,20" is not a number' in broken.output) == (1, True)
    newcomer = twotier("diff", "-f", "-", text=yaml.safe_dump_all([tenant("fabrikam"), assignment("fabrikam")]))
    assert (newcomer.status, "fabrikam" in newcomer.output) == (0, True)
    assert shop.status("PriceList", "retail")["revision"] == 1


def test_what_cannot_be_done_is_told_in_a_line(shop: Shop, twotier: Verb) -> None:
    change(shop)
    told = {
        ("status", "pla/contosso"): "did you mean contoso?",
        ("status", "offer/MAIL"): "there is no kind offer: name one of Distributor (dist), PriceList (pl)",
        ("plan", "contoso", "abcdef12"): "there is no plan abcdef12 of this tenant",
        ("approve", "contoso"): "cannot ask for confirmation, since standard input is not a terminal: add --yes",
        ("undo", "contoso", "--to", "9", "--yes"): "there is no run 9: kubectl twotier log contoso",
        ("log", "contoso", "9"): "contoso has no run 9: kubectl twotier log contoso",
        ("log", "contoso", "1.1"): "contoso has no run 1.1",
        ("explain", "price", "contoso", "NO/SUCH"): "NO/SUCH",
        ("log", "contoso", "--entries"): "entries belong to one run: name it",
        ("status", "pla/contoso", "-o", "csv"): "-o csv is not supported here",
    }
    answers = {arguments: twotier(*arguments) for arguments in told}
    assert {arguments: answer.status for arguments, answer in answers.items()} == dict.fromkeys(told, 1)
    assert [
        (answer.error, told[arguments]) for arguments, answer in answers.items() if told[arguments] not in answer.error
    ] == []
    assert not any("\n" in answer.error for answer in answers.values())
