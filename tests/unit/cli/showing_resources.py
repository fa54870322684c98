"""Resources in the states that people meet, an offer with a history, and a dry run."""

from datetime import timedelta
from typing import Any

from tests.unit.cli.showing import NOW, PLAN_ID

from twotier.cli.client.cluster import kind_of
from twotier.cli.render.resource import Standing
from twotier.runtime.resource import API_VERSION
from twotier.web.api.models import DryRun, Explanation, OwnedProperty

Object = dict[str, Any]


def condition(type_: str, status: str, reason: str, message: str, hours: int = 3) -> Object:
    since = (NOW - timedelta(hours=hours)).isoformat()
    return {"type": type_, "status": status, "reason": reason, "message": message, "lastTransitionTime": since}


def body(
    kind: str, name: str, spec: Object, status: Object | None = None, *, seen: int = 3, **metadata: object
) -> Object:
    known = {
        "name": name,
        "namespace": "shop",
        "uid": "1",
        "generation": 3,
        "creationTimestamp": (NOW - timedelta(days=12)).isoformat(),
    }
    shown = {"observedGeneration": seen, **(status or {})}
    shown["conditions"] = [{"observedGeneration": seen} | each for each in shown.get("conditions", ())]
    return {"apiVersion": API_VERSION, "kind": kind, "metadata": known | metadata, "spec": spec, "status": shown}


def standing(kind: str, name: str, spec: Object, status: Object | None = None, **others: Any) -> Standing:
    return Standing.of(kind_of(kind), body(kind, name, spec, status, **others))


DISTRIBUTOR: Object = {
    "displayName": "Aegean Cloud",
    "country": "GR",
    "timeZone": "Europe/Athens",
    "currency": "USD",
    "baseDomain": "shops.example.com",
}
PRICE_LIST: Object = {
    "distributor": "aegean",
    "currency": "USD",
    "source": {"configMaps": [{"name": "vm-eu-west-7f4k"}]},
    "format": {"columns": {"sku": "{skuId}", "unit": "{unitOfMeasure}", "price": "{retailPrice}"}},
    "guards": {"maxRemovedPercent": 10, "discontinueAfter": "24h"},
}
TENANT: Object = {"distributor": "aegean", "account": {"number": "R-1001", "name": "Meltemi IT"}, "edition": "Premium"}
ASSIGNMENT: Object = {"tenant": "meltemi", "priceList": "vm-eu-west", "sellPrices": True, "approval": "Manual"}
APPLIED = {"run": 3, "priceList": "vm-eu-west", "revision": 2}
AWAITING = (
    f"A plan awaits approval: review it, and set spec.approvedPlan to its id {PLAN_ID}; it leads to PriceList "
    "vm-eu-west, revision 3"
)
NO_ZONE = "spec.timeZone: there is no time zone Nowhere/Land: write an IANA name such as Europe/Athens"
REMOVED = "11 of 97 offers are missing, 11.3 % of them, and spec.guards.maxRemovedPercent is 10"

STANDINGS = {
    "distributor": standing(
        *("Distributor", "aegean", DISTRIBUTOR),
        {
            "organizationId": "7d9f2b51-0c35-4c0b-8f3c-1d8a54f0f4de",
            "conditions": [
                condition("Ready", "True", "Applied", "The root organisation of Aegean Cloud is as declared")
            ],
        },
    ),
    "held": standing(
        *("PriceList", "vm-eu-west", PRICE_LIST),
        {
            "revision": 2,
            "offers": 97,
            "products": 61,
            "suspects": 4,
            "lastImportedAt": (NOW - timedelta(days=2)).isoformat(),
            "lastGoodImportAt": (NOW - timedelta(hours=2)).isoformat(),
            "vendorFlags": {
                "flagged": 97,
                "wrong": 31,
                "examples": [
                    {"sku": "CFQ7TTC0LH18:0001", "unit": "P1M/Monthly", "flag": "Unchanged", "found": "changed"},
                    {"sku": "CFQ7TTC0LH18:0002", "unit": "P1Y/Annual", "flag": "Change", "found": "unchanged"},
                ],
            },
            "held": {
                "digest": "ab" * 32,
                "offers": 86,
                "products": 52,
                "differences": {"removed": 11, "priceChanged": 2},
            },
            "conditions": [
                condition("Accepted", "False", "TooManyRemoved", REMOVED),
                condition(
                    "Ready", "True", "HeldBack", f"Revision 2 serves; what came after it is held back: {REMOVED}"
                ),
            ],
        },
    ),
    "lacking": standing(
        *("TenantReseller", "meltemi", TENANT),
        {
            "phase": "Failed",
            "checklist": [
                {"item": "The account may order", "passed": True},
                {
                    "item": "The account has a country",
                    "passed": False,
                    "remedy": "account R-1001 has no country: add the country of its billing address",
                },
            ],
            "conditions": [
                condition("Prepared", "False", "ChecklistFailed", "1 of 2 items failed"),
                condition("Stalled", "True", "ChecklistFailed", "account R-1001 has no country: add it"),
                condition("Ready", "False", "ChecklistFailed", "account R-1001 has no country: add it"),
            ],
        },
    ),
    "awaiting": standing(
        *("PriceListAssignment", "meltemi", ASSIGNMENT),
        {
            **APPLIED,
            "plan": {
                "id": PLAN_ID,
                "targetRevision": 3,
                "differences": {"added": 12, "changed": 412, "cost": 400, "sellPrice": 12, "discontinued": 27},
                "overridesCleared": 16,
                "belowCost": 3,
            },
            "conditions": [
                condition("UpToDate", "False", "AwaitingApproval", AWAITING),
                condition("PlanApproved", "False", "AwaitingApproval", f"Plan {PLAN_ID} is not approved yet"),
                condition("Ready", "True", "AwaitingApproval", AWAITING),
            ],
        },
    ),
    "invalid": standing(
        *("TenantReseller", "ostria", {**TENANT, "timeZone": "Nowhere/Land"}),
        {"conditions": [condition("Ready", "False", "InvalidSpec", f"Correct the spec: {NO_ZONE}")]},
    ),
    "suspended": standing(
        *("PriceListAssignment", "notos", ASSIGNMENT | {"tenant": "notos", "suspend": True, "restoreRun": 2}),
        {**APPLIED, "conditions": [condition("Ready", "True", "Suspended", "Reconciling is suspended")]},
        seen=2,
    ),
    "unseen": standing("BackorderPolicy", "meltemi", {"tenant": "meltemi", "mode": "Disabled"}, seen=-1),
}

OFFER: Object = {
    "sku": "DZH318Z0BQPS/007J",
    "unit": "1 Hour",
    "name": "D2s v5",
    "chargeType": "usage",
    "kind": "product",
    "cost": "0.367",
    "sellPrice": "0.36",
    "active": True,
    "discontinued": False,
    "published": True,
    "needsReview": False,
    "inheritedName": "D2s v5, Virtual Machines Dsv5 Series",
}
INHERITED: Object = {
    "priceList": "vm-eu-west",
    "revision": 3,
    "sinceRevision": 2,
    "importedAt": (NOW - timedelta(days=2)).isoformat(),
    "source": "ConfigMap vm-eu-west-7f4k, entry prices.csv.gz",
    "run": 3,
    "runAt": (NOW - timedelta(days=1)).isoformat(),
}
MARGIN: Object = {"value": "15", "isMargin": True, "setAt": NOW.isoformat(), "displacedBy": 3}
EXPLANATION = Explanation.model_validate(
    {
        "offer": OFFER,
        "columns": [
            {"field": "cost", "value": "0.367", "owner": "distributor", "inherited": "0.367", **INHERITED},
            {
                "field": "sellPrice",
                "value": "0.36",
                "owner": "distributor",
                "inherited": "0.36",
                **INHERITED,
                "own": MARGIN,
            },
            {
                "field": "name",
                "value": "D2s v5",
                "owner": "reseller",
                "inherited": "D2s v5, Virtual Machines Dsv5 Series",
                **INHERITED,
                "own": {"value": "D2s v5"},
            },
            {"field": "active", "value": True, "owner": "distributor", "inherited": True, **INHERITED},
        ],
    }
)
RULE: Object = {
    "area": "products",
    "basis": "inferred",
    "enforcedBy": "use cases",
    "source": "What Actions are Allowed to Reseller",
}
OWNERSHIP = [
    OwnedProperty.model_validate(RULE | rule)
    for rule in (
        {
            "property": "cost",
            "title": "Purchase price",
            "owner": "distributor",
            "verdict": "not allowed",
            "comment": "It is the distributor's retail price, and each update writes it.",
            "instead": "Set a sell price or a margin.",
        },
        {
            "property": "name",
            "title": "Name",
            "owner": "reseller",
            "verdict": "allowed",
            "comment": "An update with names writes over it, and logs what it was.",
            "instead": "Set it to nothing to have the distributor's again.",
        },
    )
]

DRY_RUN = DryRun.model_validate(
    {
        "priceLists": [
            {
                "name": "vm-eu-west",
                "outcome": "Accepted",
                "oldRevision": 2,
                "newRevision": 3,
                "differences": {"added": 1, "removed": 1, "priceChanged": 412, "otherChanged": 1},
                "examples": [
                    {"sku": "A/1", "unit": "1 Hour", "name": "A", "change": "added", "newPrice": "0.345"},
                    {"sku": "BB/22", "unit": "1 Month", "name": "B", "change": "removed", "oldPrice": "9"},
                    {
                        "sku": "C/3",
                        "unit": "1 Hour",
                        "name": "C",
                        "change": "price",
                        "oldPrice": "4.20",
                        "newPrice": "4.50",
                    },
                    {"sku": "D", "unit": "1 Hour", "name": "D", "change": "other", "oldPrice": "4", "newPrice": "4"},
                ],
                "suspects": 2,
            },
            {
                "name": "backup",
                "outcome": "Held",
                "message": REMOVED,
                "oldRevision": 7,
                "digest": "cd" * 32,
                "differences": {"removed": 11},
            },
            {
                "name": "mail",
                "outcome": "Refused",
                "message": 'line 812: UnitPrice "12,50" is not a number',
                "oldRevision": 1,
            },
            {"name": "office", "outcome": "Unchanged", "oldRevision": 5, "newRevision": 5},
        ],
        "tenants": [
            {
                "account": "R-1001",
                "priceList": "vm-eu-west",
                "outcome": "Planned",
                "revision": 3,
                "changes": {"added": 1, "changed": 413, "discontinued": 1},
                "belowCost": 3,
            },
            {"account": "R-1002", "priceList": "vm-eu-west", "outcome": "UpToDate"},
            {
                "account": "R-1003",
                "priceList": "office",
                "outcome": "NotPlanned",
                "message": "tenant R-1003 is not created yet: its first update is part of creating it",
            },
        ],
    }
)
TENANTS = {"R-1001": "meltemi", "R-1002": "notos", "R-1003": "sirocco"}
