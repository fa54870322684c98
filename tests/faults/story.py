"""A distributor's story that passes every fault point, and how both sides look at its end."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.shop import Object, Shop, assignment, distributor, eventually, price_list, tenant

from twotier.bss.tenants.credentials import verify_password
from twotier.dev.operator import Operator

KILLED = 128 + 9
FIELDS = "sku,unit,price,name,productType"
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)")
NUMBER = re.compile(r"(\\\"(?:id|price_list_id|[a-z_]+_list)\\\": )\d+")
"""Of a list; a transaction that was rolled back may have taken the one before."""
HASH = re.compile(r"scrypt\$[^\"\\]+")
NEW_AT_EACH_START = {"leadership", "leadership_of_twotier_operator"}


def listed(*rows: str, **spec: object) -> Object:
    """A list under the guards that it has when it declares none."""
    return price_list("retail", source={"inline": "\n".join((FIELDS, *rows, ""))}, guards={}, **spec)


AEGEAN = distributor(
    baseDomain="shops.example.com",
    platforms=[{"name": "Acronis portal", "productTypes": ["Acronis"], "linkRequired": False}],
    tenantDefaults={
        "taxes": [
            {"name": "VAT 24 %", "ratePercent": "24"},
            {"name": "Levy", "ratePercent": "2", "productTypes": ["Acronis"]},
        ],
        "paymentMethods": [{"name": "Bank transfer"}],
        "automaticInvoices": {"enabled": True, "sendByEmail": True},
    },
)
DECLARED = (
    AEGEAN,
    listed("MAIL,month,4.20,Mail,", "DISK,month,1.50,Disk,"),
    tenant(edition="Premium", storefront={"alias": "contoso"}),
    assignment(),
    tenant("fabrikam", deletionPolicy="Delete"),
    assignment("fabrikam"),
)
NEXT = ("MAIL,month,5,Mail,", "BACKUP,month,9,Backup,Acronis")
LATER = (*NEXT, "ARCHIVE,month,2,Archive,")
TENANTS = ("contoso", "fabrikam")


@dataclass(frozen=True)
class Step:
    """Something that a person does, and how one sees that it is through."""

    do: Callable[[Shop], None]
    is_through: Callable[[Shop], bool]

    def await_through(self, shop: Shop, meanwhile: Callable[[], None] = lambda: None) -> None:
        """Wait until it is through, and look after something else meanwhile."""

        def is_through() -> bool:
            meanwhile()
            return self.is_through(shop)

        eventually(is_through, lambda: str([shop.status(each["kind"], each["metadata"]["name"]) for each in DECLARED]))


def _all_ready(shop: Shop) -> bool:
    return all(shop.is_ready(each["kind"], each["metadata"]["name"]) for each in DECLARED)


def _held(shop: Shop) -> bool:
    return "held" in shop.status("PriceList", "retail")


def _accept(shop: Shop) -> None:
    """Half of the offers are gone, so that a person has to agree."""
    shop.apply(listed(*NEXT, acceptedDigest=shop.status("PriceList", "retail")["held"]["digest"]))


def _updated(shop: Shop) -> bool:
    return all(shop.status("PriceListAssignment", name).get("run") == 2 for name in TENANTS)


def _await_approval(shop: Shop) -> None:
    shop.apply(assignment(approval="Manual"), listed(*LATER))


def _planned(shop: Shop) -> bool:
    planned = shop.status("PriceListAssignment", "contoso").get("plan", {})
    return planned.get("targetRevision") == 3 and shop.status("PriceListAssignment", "fabrikam").get("run") == 3


def _approve(shop: Shop) -> None:
    planned = shop.status("PriceListAssignment", "contoso")["plan"]
    shop.apply(assignment(approval="Manual", approvedPlan=planned["id"]))


def _is(status: str, reason: str) -> Callable[[Shop], bool]:
    """How one sees what became of contoso's assignment."""

    def is_so(shop: Shop) -> bool:
        found = shop.condition("PriceListAssignment", "contoso")
        return found is not None and (found.status, found.reason) == (status, reason)

    return is_so


def _gone(shop: Shop) -> bool:
    return shop.get("TenantReseller", "fabrikam") == {}


STORY = (
    Step(lambda shop: shop.apply(*DECLARED), _all_ready),
    Step(lambda shop: shop.apply(listed(*NEXT)), _held),
    Step(_accept, _updated),
    Step(_await_approval, _planned),
    Step(_approve, _is("True", "UpToDate")),
    Step(lambda shop: shop.apply(assignment(approval="Manual", restoreRun=2)), _is("True", "Restored")),
    Step(lambda shop: shop.apply(assignment(approval="Manual", restoreRun=3)), _is("False", "RunNotFound")),
    Step(lambda shop: shop.apply(assignment(approval="Manual")), _is("True", "AwaitingApproval")),
    Step(lambda shop: shop.delete("PriceListAssignment", "fabrikam"), lambda _: True),
    Step(lambda shop: shop.delete("TenantReseller", "fabrikam", wait=False), _gone),
)


def tell(shop: Shop, operator: Operator, *, fault: str = "") -> list[int]:
    """Let the story happen; an operator that does not run is started, and one that dies again, without the fault.

    Returns:
        The exit statuses of operators that died.
    """
    died: list[int] = []

    def revive() -> None:
        if not operator.running:
            died.append(operator.wait())
            operator.start()

    if not operator.running:
        operator.start({"TWOTIER_FAULT": fault})
    for step in STORY:
        step.do(shop)
        step.await_through(shop, revive)
    return died


def end(shop: Shop) -> dict[str, Any]:
    """How both sides look, without what is new in each run: ids, times, the namespace, secrets."""
    tables = [table for table in shop.tables() if table not in NEW_AT_EACH_START]
    rows = {
        table: sorted(row for (row,) in shop.rows(f"select to_jsonb(t)::text from {table} t"))  # noqa: S608 -- ours
        for table in tables
    }
    resources = {
        f"{each['kind']} {each['metadata']['name']}": _without_what_moves(
            shop.get(each["kind"], each["metadata"]["name"])
        )
        for each in DECLARED
    }
    text = json.dumps({"rows": rows, "resources": resources}, indent=1)
    for found, label in _labels(shop).items():
        text = text.replace(found, label)
    text = HASH.sub("a hash", TIME.sub("a time", text)).replace(shop.namespace, "shop")
    text = NUMBER.sub(r"\g<1>0", text)
    assert not UUID.search(text), UUID.search(text)
    ended: dict[str, Any] = json.loads(text)
    ended["rows"] = {table: sorted(rows) for table, rows in ended["rows"].items()}
    ended["password fits"] = _password_fits(shop)
    return ended


def unlike(found: dict[str, Any], expected: dict[str, Any]) -> dict[str, Any]:
    """Return what of an end is not as it should be: what was found, and what was expected."""
    return {
        f"{part} {name}": (found[part].get(name), expected[part].get(name))
        for part in ("rows", "resources")
        for name in sorted({*found[part], *expected[part]})
        if found[part].get(name) != expected[part].get(name)
    } | ({} if found["password fits"] == expected["password fits"] else {"password fits": found["password fits"]})


def _without_what_moves(found: Object) -> Object:
    return {"finalizers": found.get("metadata", {}).get("finalizers"), "status": found.get("status")}


def _labels(shop: Shop) -> dict[str, str]:
    """What the ids of this run stand for."""
    organizations = shop.rows("select id, coalesce(name, account_number) from organization")
    staff = shop.rows("select id, email from staff")
    lists = shop.rows("select key, name from price_list")
    plans = shop.rows("select id, format('the plan after run %s', newest) from catalogue_plan")
    keys = shop.rows("select host_key, 'a key of hosts' from distributor")
    return {str(each): f"id of {name}" for each, name in [*organizations, *staff, *lists, *plans, *keys]}


def _password_fits(shop: Shop) -> bool:
    found = shop.rows(
        "select password_hash from staff_credential where organization_id = :id", id=shop.organization_id()
    )
    return verify_password(shop.secret("contoso-administrator")["password"], str(found[0][0]))
