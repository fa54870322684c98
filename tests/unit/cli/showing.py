"""What the API and the cluster say, as tests need it; and what was printed of it before."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from twotier.cli.render.layout import Line, plain
from twotier.web.api.models import Changes, Entry, FieldChange, Outcome, Plan, Run, Tier

GOLDEN = Path(__file__).parent / "golden"
NOW = datetime(2026, 3, 14, 9, 30, tzinfo=UTC)
PLAN_ID = "sha256:" + "4be91c0d22aa" + "0" * 52


def printed(lines: Sequence[Line]) -> str:
    return "".join(f"{plain(each)}\n" for each in lines)


def agrees(name: str, text: str) -> bool:
    """Compare with what was printed before; a text that is new is kept, and has to be looked at."""
    golden = GOLDEN / f"{name}.txt"
    if not golden.exists():
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(text, encoding="utf-8")
        return False
    agreed = golden.read_text(encoding="utf-8") == text
    if not agreed:
        print(f"{name} reads now:\n{text}")
    return agreed


def plan(changes: Changes, **fields: object) -> Plan:
    told: dict[str, Any] = {
        "id": PLAN_ID,
        "kind": "update",
        "price_list": "vm-eu-west",
        "revision": 2,
        "digest": "7" * 64,
        "mode": "Full",
        "sell_prices": True,
        "names": False,
        "newest_run": 1,
        "watermark": 0,
        "changes": changes,
        "planned_at": NOW,
        "live": True,
    }
    return Plan(**told | fields)


def entry(kind: str, sku: str, *fields: FieldChange, name: str = "D2s v5", **others: object) -> Entry:
    told: dict[str, Any] = {"kind": kind, "sku": sku, "unit": "1 Hour", "name": name, "fields": fields}
    return Entry(**told | others)


def changed(field: str, old: object, new: object) -> FieldChange:
    told: dict[str, Any] = {"field": field, "old": old, "new": new}
    return FieldChange(**told)


FEW = Changes(added=1, changed=1, discontinued=1, cost=1, sell_price=1)
FEW_ENTRIES = (
    entry(
        *("added", "DZH318Z0BQ4B/00M8"),
        *(changed("cost", None, "0.345"), changed("sellPrice", None, "0.39675")),
        name="D2s v5 Low Priority, Virtual Machines Dsv5 Series Windows",
    ),
    entry(
        *("changed", "DZH318Z0BQPS/007J"),
        *(
            changed("cost", "4.20", "4.5"),
            changed("sellPrice", "6", "5.8"),
            changed("tiers", (), (Tier(minimum_quantity="10", price="3.9"), Tier(minimum_quantity="100", price="3"))),
            changed("activity", old=True, new=False),
        ),
        below_cost=True,
        displaced=(changed("sellPrice", "7.50", "5.8"),),
    ),
    entry("discontinued", "DZH318Z0BR2K/0014"),
    entry("override", "DZH318Z0BR2K/0015", brought_back=(changed("margin", None, "15"),)),
    entry("relation-added", "DZH318Z0BR2K/0016", unit="", relation="add-on", related_sku="DZH318Z0BQPS/007J"),
    entry(
        *("relation-changed", "DZH318Z0BR2K/0017", changed("quantity", "1", "5")),
        unit="",
        relation="component",
        related_sku="DZH318Z0BQPS/007J",
    ),
)
MANY = Changes(
    added=1_204, returned=12, changed=27_391, discontinued=1_393, cost=27_102, tiers=40, name=289, relations=7
)
MANY_ENTRIES = tuple(
    entry("changed", f"DZH318Z0{number:05}/{number % 97:04}", changed("cost", f"{number}.10", f"{number}.25"))
    for number in range(30_000)
)
CONCERNS = {"below_cost": 3, "unpriced": 1}


def run(position: str, **fields: object) -> Run:
    told: dict[str, Any] = {
        "position": position,
        "number": None if "." in position else int(position),
        "kind": "update",
        "outcome": Outcome.APPLIED,
        "requested_by": "PriceListAssignment shop/meltemi",
        "requested_at": NOW - timedelta(hours=7),
        "duration_milliseconds": 41,
        "price_list": "vm-eu-west",
        "revision": 2,
        "mode": "Full",
        "sell_prices": True,
    }
    return Run(**told | fields)


RUNS = (
    run("4", kind="undo", restored_run=2, mode=None, sell_prices=False, in_force=True, changes=Changes(removed=3)),
    run(
        "3.1",
        outcome=Outcome.REFUSED,
        reason="ApprovalRefused",
        message="the tenant has moved since plan 4be91c0d22aa was made: run 3 was applied",
        plan=PLAN_ID,
    ),
    run(
        "3",
        undone_by=4,
        revision=3,
        changes=MANY,
        requested_at=NOW - timedelta(days=2),
        asked_by="kustomize-controller",
    ),
    run("2", requested_at=NOW - timedelta(days=9), changes=FEW, asked_by="twotier-approve", asked_at=NOW),
    run("1", requested_at=NOW - timedelta(days=40), changes=Changes(added=1_204), revision=1),
)
