"""Several managers keep one resource by server-side apply, each its own part."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from .specs import DISTRIBUTOR, Spec

Apply = Callable[[str, str, str, Mapping[str, Any]], dict[str, Any]]

PRICE_LIST = {"distributor": "aegean", "currency": "EUR"}
TENANT = {"distributor": "aegean", "edition": "Basic"}
VAT = {"name": "VAT", "ratePercent": "24"}
LEVY = {"name": "Levy", "ratePercent": "5"}


@pytest.mark.parametrize(
    ("kind", "first", "second", "merged"),
    [
        pytest.param(
            "Distributor",
            DISTRIBUTOR | {"tenantDefaults": {"taxes": [VAT]}},
            {"tenantDefaults": {"taxes": [LEVY]}},
            {"tenantDefaults": {"taxes": [VAT, LEVY]}},
            id="taxes by their names",
        ),
        pytest.param(
            "Distributor",
            DISTRIBUTOR | {"tenantDefaults": {"countries": ["GR"]}},
            {"tenantDefaults": {"countries": ["CY"]}},
            {"tenantDefaults": {"countries": ["GR", "CY"]}},
            id="countries by themselves",
        ),
        pytest.param(
            "Distributor",
            DISTRIBUTOR | {"platforms": [{"name": "OSS", "productTypes": ["Mail"]}]},
            {"platforms": [{"name": "OSS", "productTypes": ["Backup"]}]},
            {"platforms": [{"name": "OSS", "productTypes": ["Mail", "Backup"], "linkRequired": True}]},
            id="platforms by their names, and their product types by themselves",
        ),
        pytest.param(
            "PriceList",
            PRICE_LIST | {"source": {"configMaps": [{"name": "one"}]}},
            {"source": {"configMaps": [{"name": "two"}]}},
            {"source": {"configMaps": [{"name": "one"}, {"name": "two"}]}},
            id="ConfigMaps by their names",
        ),
        pytest.param(
            "TenantReseller",
            TENANT
            | {
                "account": {
                    "number": "R-1",
                    "name": "Contoso",
                    "provisioningLinks": [{"platform": "OSS", "reference": "1"}],
                }
            },
            {"account": {"provisioningLinks": [{"platform": "Acronis", "reference": "2"}]}},
            {
                "account": {
                    "number": "R-1",
                    "name": "Contoso",
                    "orderingEnabled": True,
                    "provisioningLinks": [
                        {"platform": "OSS", "reference": "1"},
                        {"platform": "Acronis", "reference": "2"},
                    ],
                }
            },
            id="provisioning links by their platforms",
        ),
    ],
)
def test_lists_are_merged_by_what_names_an_entry(
    apply: Apply, *, kind: str, first: Spec, second: Spec, merged: Spec
) -> None:
    apply("git", kind, "contoso", first)
    both = apply("pipeline", kind, "contoso", second)["spec"]
    assert {field: both[field] for field in merged} == merged


def test_conditions_of_others_stay_beside_ours(apply: Apply, apply_status: Apply) -> None:
    apply("git", "PriceList", "licenses", PRICE_LIST | {"source": {"inline": "x"}})
    for manager, condition in (("twotier", "Ready"), ("auditor", "Audited")):
        found = apply_status(manager, "PriceList", "licenses", {"conditions": [_condition(condition)]})
    assert [condition["type"] for condition in found["status"]["conditions"]] == ["Ready", "Audited"]


def test_the_same_status_again_is_no_write(apply: Apply, apply_status: Apply) -> None:
    apply("git", "PriceList", "licenses", PRICE_LIST | {"source": {"inline": "x"}})
    status = {
        "observedGeneration": 1,
        "revision": 2,
        "digest": "3f0c",
        "differences": {"added": 1, "removed": 0, "priceChanged": 2, "otherChanged": 0},
        "lastImportedAt": "2026-01-02T03:04:05Z",
        "conditions": [_condition("Ready")],
    }
    versions = [
        apply_status("twotier", "PriceList", "licenses", status)["metadata"]["resourceVersion"] for _ in range(2)
    ]
    assert versions[0] == versions[1]


def _condition(name: str) -> Spec:
    return {
        "type": name,
        "status": "True",
        "reason": "Applied",
        "message": "",
        "lastTransitionTime": "2026-01-02T03:04:05Z",
    }
