"""What people read of every kind, in every state that they meet: held by golden files, so that a change is looked at.

A golden file that is removed is written anew by the next run, which fails to say so.
"""

import re
from pathlib import Path

import pytest
from tests.shop import BACKUP, Object, Shop, assignment, csv, distributor, price_list, resource, tenant

GOLDEN = Path(__file__).parent / "golden"
COLUMN_GAP = re.compile(r" {2,}")
MOVING = (
    (re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), "ID"),
    (re.compile(r"\b[0-9a-f]{64}\b"), "DIGEST"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"), "TIME"),
    (re.compile(r"\b(\d+[smh])+\b"), "AGE"),
    (re.compile(r"(Generation:\s+)\d+"), r"\1N"),
)
LACKING: Object = {
    "administrator": {},
    "account": {"number": "R-lacking", "name": "Lacking", "orderingEnabled": False},
}
BROKEN = csv('MAIL,month,"4,20",Mail,6.00', "DISK,month,1.50", "BACKUP,month,-9,Backup,12")

NEXT = price_list("retail", "MAIL,month,5,Mail,6.00", BACKUP)
RESOURCES = (
    distributor(baseDomain="shops.example.com"),
    price_list(),
    price_list("broken", source={"inline": BROKEN}),
    price_list("missing", source={"configMaps": [{"name": "prices"}]}),
    price_list("guarded", guards={"minRows": 5}, maxAge="36h"),
    price_list("dollars", currency="USD"),
    tenant(edition="Premium", storefront={"alias": "reading"}),
    assignment(),
    tenant("suspended", state="Suspended"),
    assignment("suspended"),
    tenant("awaiting"),
    assignment("awaiting", approval="Manual"),
    tenant("lacking", **LACKING),
    tenant("waiting"),
    tenant("dollars"),
    assignment("dollars"),
    resource("BackorderPolicy", "contoso", {"tenant": "contoso", "mode": "Disabled"}),
    resource("ResellerUpgrade", "contoso", {"tenant": "contoso", "account": "R-2"}),
)

JUDGED = {
    ("PriceList", "broken"): ("False", "SourceRefused"),
    ("PriceList", "missing"): ("False", "SourceNotFound"),
    ("PriceList", "guarded"): ("False", "Held"),
    ("TenantReseller", "lacking"): ("False", "ChecklistFailed"),
    ("TenantReseller", "waiting"): ("False", "ChecklistFailed"),
    ("PriceListAssignment", "suspended"): ("True", "TenantSuspended"),
    ("PriceListAssignment", "awaiting"): ("True", "AwaitingApproval"),
    ("PriceListAssignment", "dollars"): ("False", "CurrencyMismatch"),
    ("BackorderPolicy", "contoso"): ("False", "NotYetSupported"),
    ("ResellerUpgrade", "contoso"): ("False", "NotYetSupported"),
}


@pytest.fixture
def shown(shop: Shop) -> Shop:
    """A shop with a resource in every state that people meet."""
    shop.apply(*RESOURCES)
    shop.await_ready(tenant(), assignment(), assignment("suspended"), assignment("dollars"), assignment("awaiting"))
    shop.apply(NEXT, assignment("dollars", priceList="dollars"))
    shop.await_status("PriceListAssignment", "contoso", "run", 2)
    shop.await_condition("TenantReseller", "dollars", "False", "ChecklistFailed", "Prepared")
    for (kind, name), (status, reason) in JUDGED.items():
        shop.await_condition(kind, name, status, reason)
    return shop


def test_what_kubectl_shows(shown: Shop) -> None:
    listed = [
        shown.kubectl("get", kind, "--output=wide")
        for kind in ("distributors", "pricelists", "tenantresellers", "pricelistassignments", "backorderpolicies", "ru")
    ]
    differing = [
        name
        for name, text in {
            "get-wide": "\n".join(COLUMN_GAP.sub("   ", each) for each in listed),
            **{_file(each): _described(shown, each) for each in RESOURCES},
        }.items()
        if not _agrees(name, _still(text, shown.namespace))
    ]
    assert differing == []


def test_kubectl_waits_until_resources_are_ready(shop: Shop) -> None:
    declared = (distributor(), price_list(), tenant(), assignment())
    shop.apply(*declared)
    names = [f"{each['kind']}/{each['metadata']['name']}" for each in declared]
    waited = shop.kubectl("wait", *names, "--for=condition=Ready", "--timeout=40s")
    assert waited.count("condition met") == len(declared)


def _file(each: Object) -> str:
    return f"describe-{each['kind'].lower()}-{each['metadata']['name']}"


def _described(shop: Shop, each: Object) -> str:
    """What `kubectl describe` says of the status and the events of a resource."""
    told = shop.kubectl("describe", each["kind"], each["metadata"]["name"])
    return told[told.index("\nStatus:") + 1 : told.index("\nEvents:") + 1]


def _still(text: str, namespace: str) -> str:
    """The text without what differs from run to run."""
    for moving, word in MOVING:
        text = moving.sub(word, text)
    return "\n".join(line.rstrip() for line in text.replace(namespace, "shop").splitlines()) + "\n"


def _agrees(name: str, text: str) -> bool:
    golden = GOLDEN / f"{name}.txt"
    if not golden.exists():
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(text, encoding="utf-8")
        return False
    agreed = golden.read_text(encoding="utf-8")
    if agreed != text:
        print(f"{name} reads now:\n{text}")
    return agreed == text
