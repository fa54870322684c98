"""What files would change is asked together with what the cluster has beside them."""

from typing import Any

import pytest
from tests.shop import Object, assignment, config_map, distributor, price_list, tenant

from twotier.cli.client.dry_runs import Declarations, DryRunQuestion, declarations, dry_runs
from twotier.cli.failure import CommandError
from twotier.web.api.models import SourceFile
from twotier.web.api.models.dry_runs import MOST_RESTORES

APPROVED = "sha256:" + "0" * 64


def in_cluster(*resources: Object) -> Declarations:
    return declarations(resources, "shop").get("shop", Declarations())


def source(name: str) -> Object:
    return {"configMaps": [{"name": name}]}


def no_files(price_list: Object) -> list[SourceFile]:
    return [SourceFile.model_construct(name=price_list["metadata"]["name"], content=b"")]


def asked(files: list[Object], live: list[Object]) -> list[DryRunQuestion]:
    return dry_runs(in_cluster(*files), in_cluster(*live), no_files)


def names(found: DryRunQuestion) -> tuple[list[str], list[str]]:
    return [each.name for each in found.request.price_lists], list(found.tenants.values())


LIVE = [
    price_list("retail"),
    price_list("office", source=source("office-prices")),
    tenant("contoso"),
    tenant("fabrikam"),
    assignment("contoso"),
    assignment("fabrikam", priceList="office"),
]


@pytest.mark.parametrize(
    ("files", "lists", "tenants"),
    [
        pytest.param(
            [price_list("retail", "MAIL,month,5,Mail,6")], ["retail"], ["contoso"], id="a list and who follows it"
        ),
        pytest.param(
            [config_map("office-prices", data={"a": ""})], ["office"], ["fabrikam"], id="a list whose file it is"
        ),
        pytest.param([config_map("other", data={"a": ""})], [], [], id="a ConfigMap that no list reads"),
        pytest.param([assignment("contoso", priceList="office")], [], ["contoso"], id="an assignment alone"),
        pytest.param(
            [assignment("contoso", priceList="office"), price_list("retail")],
            ["retail"],
            ["contoso"],
            id="a switch away",
        ),
        pytest.param([tenant("nikos"), assignment("nikos")], [], ["nikos"], id="a tenant who is new"),
        pytest.param([tenant("contoso")], [], [], id="a tenant whose catalogue stays"),
    ],
)
def test_what_is_asked(files: list[Object], lists: list[str], tenants: list[str]) -> None:
    found = [names(each) for each in asked(files, LIVE)]
    assert found == ([(lists, tenants)] if lists or tenants else [])


def test_every_distributor_is_asked_for_himself() -> None:
    other = price_list("northern", distributor="borealis")
    found = asked([price_list("retail"), other], LIVE)
    assert [(each.distributor, *names(each)) for each in found] == [
        ("aegean", ["retail"], ["contoso"]),
        ("borealis", ["northern"], []),
    ]


def test_a_tenant_who_is_nowhere_is_named() -> None:
    with pytest.raises(
        CommandError, match="names TenantReseller nikos, which is neither in the files nor in the cluster"
    ):
        asked([assignment("nikos")], LIVE)


@pytest.mark.parametrize(
    ("kind", "declared", "fault"),
    [
        ("PriceList", price_list("retail"), "distributor"),
        ("TenantReseller", tenant("contoso"), "account"),
        ("PriceListAssignment", assignment("contoso"), "tenant"),
    ],
)
def test_a_resource_that_lacks_something_is_named(kind: str, declared: Object, fault: str) -> None:
    del declared["spec"][fault]
    with pytest.raises(CommandError) as refused:
        asked([declared], LIVE)
    name = declared["metadata"]["name"]
    assert str(refused.value) == f"{kind} {name}: correct spec.{fault}: Field required"


def test_more_undos_than_are_planned_at_once_are_refused_in_a_line() -> None:
    names = [f"tenant-{number}" for number in range(MOST_RESTORES + 1)]
    live = [*map(tenant, names), *(assignment(name, restoreRun=1) for name in names)]
    with pytest.raises(CommandError, match=f"101 assignments with restoreRun .* at most {MOST_RESTORES} are planned"):
        asked([price_list("retail")], live)


def test_documents_are_sorted_by_namespace_and_others_left_out() -> None:
    there = price_list("retail")
    there["metadata"]["namespace"] = "north"
    elsewhere = {"apiVersion": "v1", "kind": "PriceList", "metadata": {"name": "not-ours"}}
    found = declarations([there, tenant(), distributor(), elsewhere, {"kind": None}], "shop")
    assert {name: {kind: list(each) for kind, each in found[name].by_kind.items()} for name in found} == {
        "north": {"PriceList": ["retail"]},
        "shop": {"TenantReseller": ["contoso"]},
    }


@pytest.mark.parametrize(
    ("manager", "restore_run"),
    [("twotier-undo", 2), ("kustomize-controller", None)],
    ids=["what undo set stays", "what git no longer sets goes"],
)
def test_what_an_apply_leaves_in_the_cluster(manager: str, restore_run: int | None) -> None:
    live = assignment("contoso", restoreRun=2, approvedPlan=APPROVED)
    owned: dict[str, Any] = {"manager": manager, "fieldsV1": {"f:spec": {"f:restoreRun": {}}}}
    live["metadata"]["managedFields"] = [owned]
    (found,) = asked([assignment("contoso")], [tenant(), live])
    (spec,) = [each.spec for each in found.request.assignments]
    assert (spec.get("restoreRun"), "approvedPlan" in spec) == (restore_run, False)
