"""Whatever is typed, and however the cluster is, a verb ends with a result or with a line that says what to do."""

import socket

import pytest
from tests.cluster.cli.conftest import Verb
from tests.shop import DISK, Object, Shop, assignment, distributor, price_list, tenant

DECLARED = (distributor(), price_list("retail", DISK), tenant(), assignment(approval="Manual"))
NOWHERE: Object = {"timeZone": "Nowhere/Land"}
VERBS: dict[str, tuple[str, ...]] = {
    "status": ("status",),
    "status of one": ("status", "pla/contoso"),
    "status of a kind": ("status", "tr"),
    "plan": ("plan", "contoso"),
    "entries of a plan": ("plan", "contoso", "--entries", "--sku", "NOPE"),
    "returned offers": ("plan", "contoso", "--kind", "returned"),
    "approve": ("approve", "contoso", "--yes"),
    "approval to commit": ("approve", "contoso", "--print"),
    "diff": ("diff", "-f", "-"),
    "import check": ("import", "--check", "-f", "-"),
    "log": ("log", "contoso"),
    "log of a run": ("log", "contoso", "1", "--sku", "NOPE"),
    "log of no run": ("log", "contoso", "99"),
    "undo": ("undo", "contoso", "--to", "7", "--yes"),
    "explain price": ("explain", "price", "contoso", "NOPE"),
    "explain ownership": ("explain", "ownership"),
}
FORMS = ("table", "json", "yaml", "csv")


@pytest.fixture
def shop(shop: Shop) -> Shop:
    """A tenant with a catalogue."""
    shop.apply(*DECLARED)
    shop.await_ready(*DECLARED)
    return shop


def ends(twotier: Verb, *place: str) -> None:
    """Run all verbs in all forms: an exception that is not meant for people ends the test."""
    for called, verb in VERBS.items():
        for form in FORMS:
            answer = twotier(*verb, f"--output={form}", *place, text="[]\n")
            assert answer.status in {0, 1, 2}, (called, form, answer)
            assert "\n" not in answer.error, (called, form, answer)


def test_where_nothing_is_found(shop: Shop, twotier: Verb) -> None:
    ends(twotier)
    shop.kubectl("create", "configmap", "lone")
    for verb in (("plan", "nope"), ("log", "nope"), ("status", "pla/nope"), ("explain", "price", "nope", "MAIL")):
        assert "nope" in twotier(*verb).error


def test_in_forty_columns(shop: Shop, twotier: Verb, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001 -- it must be there
    monkeypatch.setenv("COLUMNS", "40")
    ends(twotier)


def test_beside_a_resource_that_is_invalid(shop: Shop, twotier: Verb) -> None:
    shop.apply(tenant("ostria", **NOWHERE), assignment("ostria"))
    shop.await_condition("TenantReseller", "ostria", "False", "InvalidSpec")
    ends(twotier)
    assert "there is no time zone Nowhere/Land" in twotier("status", "tr/ostria").output
    assert "InvalidSpec" in twotier("status").output


def test_without_a_server(shop: Shop, twotier: Verb) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        closed = f"http://127.0.0.1:{taken.getsockname()[1]}"
    ends(twotier, f"--server={closed}", f"--namespace={shop.namespace}", f"--kubeconfig={shop.cluster.kubeconfig}")
