"""Approving is a right of its own: two users with the same rights but for that one."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
import yaml
from tests.shop import Object, assignment, config_map, csv, eventually, price_list, tenant

from twotier.dev.cluster import Cluster, KubectlError
from twotier.dev.controlplane.audit import writes
from twotier.dev.controlplane.running import ControlPlane
from twotier.dev.installation import NO_FINALIZERS, USER, checkout
from twotier.runtime.resource import FINALIZER, GROUP, VERSION

EVERYTHING_ELSE = {
    "apiVersion": "rbac.authorization.k8s.io/v1",
    "kind": "Role",
    "metadata": {"name": "editor"},
    "rules": [
        {
            "apiGroups": ["twotier.dev", ""],
            "resources": ["*"],
            "verbs": ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"],
        }
    ],
}
USERS = ("editor", "approver")
COLLECTOR = "system:serviceaccount:kube-system:generic-garbage-collector"
GUARDED = price_list(guards={"minRows": 2})
PLAN = f"sha256:{'a' * 64}"
OWNER = {"apiVersion": "v1", "kind": "ConfigMap", "name": "mine", "uid": "6f1c0f52-5d0c-4a43-9a8e-0f7f3f2f3b0a"}

Change = Callable[[Cluster, str], None]


def unguarded(name: str, **spec: Any) -> Object:
    """A list without guards of its own."""
    made = price_list(name, **spec)
    del made["spec"]["guards"]
    return made


def owned(resource: Object) -> Object:
    """A resource that the garbage collector deletes with a ConfigMap."""
    return resource | {"metadata": resource["metadata"] | {"ownerReferences": [OWNER]}}


def finalized(resource: Object) -> Object:
    """A resource with our finalizer."""
    return resource | {"metadata": resource["metadata"] | {"finalizers": [FINALIZER]}}


PAUSED = {"suspend": True}
DECLARED = (
    GUARDED,
    unguarded("free"),
    unguarded("paused", **PAUSED),
    tenant(),
    assignment(),
    finalized(tenant("paused", **PAUSED)),
    assignment("paused", **PAUSED),
)
OWNED = owned(tenant("stopped", state="Suspended"))


def bound(role_kind: str, role: str, user: str) -> Object:
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "RoleBinding",
        "metadata": {"name": f"{role}-{user}"},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": role_kind, "name": role},
        "subjects": [{"kind": "ServiceAccount", "name": user}],
    }


def user(name: str) -> Object:
    return {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": name}}


@pytest.fixture(scope="module")
def place(installed: None, cluster: Cluster) -> Iterator[str]:  # noqa: ARG001 -- it must be there
    """A namespace that nobody changes: what users do is tried and not done."""
    name = "approval"
    cluster.run("create", "namespace", name)
    people = (*map(user, USERS), EVERYTHING_ELSE)
    bindings = (bound("Role", "editor", "editor"), bound("ClusterRole", "twotier-approver", "approver"))
    cluster.apply(yaml.safe_dump_all((*people, *bindings, *DECLARED)), name)
    yield name
    cluster.run("patch", "tr", "paused", f"--namespace={name}", "--type=merge", f"--patch={NO_FINALIZERS}")
    cluster.run("delete", "namespace", name, "--wait=false")


@pytest.fixture(scope="module")
def users(cluster: Cluster, place: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Cluster]:
    """The cluster as it is to an editor and to an approver, once the API server enforces the policies."""
    folder = tmp_path_factory.mktemp("users")
    made = {
        name: replace(cluster, kubeconfig=cluster.service_account_kubeconfig(place, name, folder / name))
        for name in USERS
    }
    for change in (ASSIGNMENT["to change its mode"], LIST["to change its guards"], TENANT["to delete it"]):
        eventually(lambda: refusal(change, made["editor"], place), lambda: "the policies are not enforced")  # noqa: B023 -- asked in this round
    # Its owner does not exist: without the policies, the garbage collector would delete it.
    cluster.apply(yaml.safe_dump(OWNED), place)
    return made


def attempt(cluster: Cluster, place: str, *arguments: str, resource: Object | None = None) -> None:
    written = None if resource is None else yaml.safe_dump(resource)
    cluster.run(*arguments, f"--namespace={place}", "--dry-run=server", standard_input=written)


def refusal(change: Change, cluster: Cluster, place: str) -> str | None:
    """What the API server has against a change; None if it lets it through."""
    try:
        change(cluster, place)
    except KubectlError as refused:
        return str(refused)
    return None


def merged(kind: str, name: str, *options: str, **body: Any) -> Change:
    patch = f"--patch={json.dumps(body)}"
    return lambda cluster, place: attempt(cluster, place, "patch", kind, name, "--type=merge", patch, *options)


def patched(kind: str, name: str, **spec: Any) -> Change:
    return merged(kind, name, spec=spec)


def described(kind: str, name: str, **metadata: Any) -> Change:
    return merged(kind, name, metadata=metadata)


def deleted(kind: str, name: str) -> Change:
    return lambda cluster, place: attempt(cluster, place, "delete", kind, name)


def deleted_with_all(plural: str) -> Change:
    """All at once: one request, of which the API server makes one for each."""

    def change(cluster: Cluster, place: str) -> None:
        cluster.run("delete", f"--raw=/apis/{GROUP}/{VERSION}/namespaces/{place}/{plural}?dryRun=All")

    return change


def created(resource: Object) -> Change:
    return lambda cluster, place: attempt(cluster, place, "create", "--filename=-", resource=resource)


def named_by_the_server(resource: Object) -> Object:
    """A resource to which the API server gives a name."""
    metadata = {"generateName": f"{resource['metadata']['name']}-"}
    return resource | {"metadata": metadata}


def applied(resource: Object) -> Change:
    """By server-side apply, against whoever has the fields."""
    forced = ("apply", "--server-side", "--force-conflicts", "--field-manager=thief", "--filename=-")
    return lambda cluster, place: attempt(cluster, place, *forced, resource=resource)


def replaced(resource: Object) -> Change:
    """As a whole: what is left out is removed."""
    return lambda cluster, place: attempt(cluster, place, "replace", "--filename=-", resource=resource)


ASSIGNMENT = {
    "to change its approval": patched("pla", "contoso", approval="Manual"),
    "to change its approved plan": patched("pla", "contoso", approvedPlan=PLAN),
    "to change its mode": patched("pla", "contoso", mode="Partial"),
    "to change its sell prices": patched("pla", "contoso", sellPrices=True),
    "to change its names": patched("pla", "contoso", names=True),
    "to change its list": patched("pla", "contoso", priceList="free"),
    "to change its revision": patched("pla", "contoso", revision=1),
    "to change the run that it restores": patched("pla", "contoso", restoreRun=1),
    "to change its mode by applying it by force": applied(assignment(mode="Partial")),
    "to change its mode by replacing it": replaced(assignment(mode="Partial")),
    "to resume it": patched("pla", "paused", suspend=False),
    "to resume it by leaving that out": replaced(assignment("paused")),
    "to delete it": deleted("pla", "contoso"),
    "to delete it with all others": deleted_with_all("pricelistassignments"),
    "to declare it": created(assignment("fabrikam")),
    "to declare it by applying it": applied(assignment("fabrikam")),
    "to give it an owner": described("pla", "contoso", ownerReferences=[OWNER]),
}
LIST = {
    "to change its guards": patched("pl", "retail", guards={"minRows": 1}),
    "to remove its guards": patched("pl", "retail", guards=None),
    "to remove its guards by replacing it": replaced(unguarded("retail")),
    "to remove its guards by applying it by force": applied(price_list(guards={"minRows": 0})),
    "to set guards": patched("pl", "free", guards={"maxRemovedPercent": 100}),
    "to accept a digest": patched("pl", "free", acceptedDigest="sha256:1"),
    "to resume it": patched("pl", "paused", suspend=False),
    "to delete it while it is suspended, to declare it anew": deleted("pl", "paused"),
    "to delete it with its guards, to declare it anew": deleted("pl", "retail"),
    "to delete it with all others": deleted_with_all("pricelists"),
    "to declare it with guards": created(price_list("new", guards={"minRows": 1})),
    "to declare it with guards under a name from the server": created(named_by_the_server(price_list("new"))),
    "to give it an owner": described("pl", "retail", ownerReferences=[OWNER]),
    "to give it an owner before it has guards": described("pl", "free", ownerReferences=[OWNER]),
    "to declare it with an owner": created(owned(unguarded("new"))),
}
TENANT = {
    "to delete it": deleted("tr", "contoso"),
    "to delete it with all others": deleted_with_all("tenantresellers"),
    "to declare it": created(tenant("fabrikam")),
    "to declare it by applying it": applied(tenant("fabrikam")),
    "to declare it under a name from the server": created(named_by_the_server(tenant())),
    "to declare it under another name with the same account": created(
        tenant("other", account=tenant()["spec"]["account"])
    ),
    "to have its deletion erase it": patched("tr", "contoso", deletionPolicy="Delete"),
    "to have its deletion erase it by applying that": applied(tenant(deletionPolicy="Delete")),
    "to resume it": patched("tr", "paused", suspend=False),
    "to lift its suspension": patched("tr", "stopped", state="Active"),
    "to lift its suspension by replacing it": replaced(tenant("stopped")),
    "to give it an owner": described("tr", "contoso", ownerReferences=[OWNER]),
    "to give it another owner of the same uid": described("tr", "stopped", ownerReferences=[OWNER | {"name": "gone"}]),
    "to have its deletion undo nothing": described("tr", "paused", finalizers=[]),
    "to hold it as the operator does": described("tr", "contoso", finalizers=[FINALIZER]),
}
TAKES_APPROVE = {
    f"{plural}: {what}": (plural, change)
    for plural, changes in (("pricelistassignments", ASSIGNMENT), ("pricelists", LIST), ("tenantresellers", TENANT))
    for what, change in changes.items()
}
TAKES_NO_APPROVE: Mapping[str, Change] = {
    "to suspend an assignment": patched("pla", "contoso", suspend=True),
    "to label an assignment": described("pla", "contoso", labels={"app.kubernetes.io/part-of": "shop"}),
    "to ask for a look at an assignment": described(
        "pla", "contoso", annotations={"reconcile.fluxcd.io/requestedAt": "1"}
    ),
    "to apply an assignment as it is": applied(assignment()),
    "to change the source of a list without guards": patched("pl", "free", source={"inline": csv()}),
    "to change the source of a list with guards": patched("pl", "retail", source={"inline": csv()}),
    "to change how a list is read": patched("pl", "retail", format={"markupPercent": "5"}),
    "to change where a list may be assigned": patched("pl", "retail", active=False, validUntil="2030-01-01"),
    "to change when a list is too old": patched("pl", "retail", maxAge="1d"),
    "to suspend a list": patched("pl", "retail", suspend=True),
    "to delete a list without guards": deleted("pl", "free"),
    "to declare a list without guards": created(unguarded("new")),
    "to label a list": described("pl", "retail", labels={"app.kubernetes.io/part-of": "shop"}),
    "to suspend a tenant": patched("tr", "contoso", state="Suspended", suspend=True),
    "to change a tenant's account and administrator": patched(
        "tr", "contoso", account={"name": "Contoso SA"}, administrator={"rotateCredentials": "now"}
    ),
    "to change a tenant's edition and storefront": patched(
        "tr", "contoso", edition="Premium", storefront={"alias": "contoso"}
    ),
    "to add a finalizer of one's own to a tenant": described("tr", "contoso", finalizers=["example.com/mine"]),
    "to take the owner from a tenant": described("tr", "stopped", ownerReferences=None),
    "to change a ConfigMap": created(config_map("prices", data={"prices.csv": csv()})),
}


@pytest.mark.parametrize(("plural", "change"), TAKES_APPROVE.values(), ids=TAKES_APPROVE.keys())
def test_it_takes_approve(users: dict[str, Cluster], place: str, plural: str, change: Change) -> None:
    told = refusal(change, users["editor"], place)
    assert told is not None
    assert f"user system:serviceaccount:{place}:editor may not approve: to create" in told
    assert f"takes the verb approve on {plural}.twotier.dev in namespace {place}" in told
    assert "may not approve" not in (refusal(change, users["approver"], place) or "")


@pytest.mark.parametrize("change", TAKES_NO_APPROVE.values(), ids=TAKES_NO_APPROVE.keys())
def test_it_takes_no_approve(users: dict[str, Cluster], place: str, change: Change) -> None:
    assert refusal(change, users["editor"], place) is None


FIXED = {
    "a list's distributor": patched("pl", "free", distributor="ionian"),
    "a list's currency": patched("pl", "free", currency="USD"),
    "a tenant's distributor": patched("tr", "contoso", distributor="ionian"),
    "a tenant's account": patched("tr", "contoso", account={"number": "R-fabrikam"}),
    "an assignment's tenant": patched("pla", "contoso", tenant="fabrikam"),
}


@pytest.mark.parametrize("change", FIXED.values(), ids=FIXED.keys())
def test_nobody_may_change(users: dict[str, Cluster], place: str, change: Change) -> None:
    told = refusal(change, users["approver"], place)
    assert told is not None
    assert "cannot" in told


@pytest.mark.parametrize("kind", ["pla", "pl", "tr"])
def test_through_the_status_nothing_else_is_changed(users: dict[str, Cluster], place: str, kind: str) -> None:
    name = {"pla": "contoso", "pl": "retail", "tr": "contoso"}[kind]
    before = users["editor"].get(kind, name, f"--namespace={place}")
    written = {
        "metadata": {"ownerReferences": [OWNER], "finalizers": [FINALIZER]},
        "spec": {"guards": None, "approvedPlan": PLAN, "deletionPolicy": "Delete"},
        "status": {"observedGeneration": 1},
    }
    options = (f"--namespace={place}", "--type=merge", f"--patch={json.dumps(written)}", "--subresource=status")
    answer = yaml.safe_load(users["editor"].run("patch", kind, name, *options, "--output=json"))
    assert answer["status"] == {"observedGeneration": 1}
    assert answer["spec"] == before["spec"]
    assert not {"ownerReferences", "finalizers"} & answer["metadata"].keys()


def test_there_is_no_scale_to_go_by(users: dict[str, Cluster], place: str) -> None:
    change = merged("pla", "contoso", "--subresource=scale", spec={"replicas": 0})
    told = refusal(change, users["editor"], place)
    assert told is not None
    assert "NotFound" in told


def test_the_operator_holds_and_releases_tenants_and_may_not_approve(
    users: dict[str, Cluster],  # noqa: ARG001 -- the policies are enforced
    cluster: Cluster,
    place: str,
) -> None:
    def told(name: str, **body: Any) -> str | None:
        return refusal(merged("tr", name, f"--as={USER}", **body), cluster, place)

    assert told("contoso", metadata={"finalizers": [FINALIZER]}) is None
    assert told("paused", metadata={"finalizers": []}) is None
    refused = told("contoso", metadata={"finalizers": [FINALIZER]}, spec={"deletionPolicy": "Delete"})
    assert refused is not None
    # Two policies refuse it, and the API server tells of one of them.
    assert f"user {USER} may not approve" in refused or f"user {USER} changes nothing of a TenantReseller" in refused


@pytest.mark.parametrize(("kind", "name"), [("pla", "contoso"), ("pl", "retail"), ("tr", "stopped")])
def test_the_garbage_collector_may_not_delete(
    users: dict[str, Cluster],  # noqa: ARG001 -- the policies are enforced
    cluster: Cluster,
    place: str,
    kind: str,
    name: str,
) -> None:
    told = refusal(lambda it, where: attempt(it, where, "delete", kind, name, f"--as={COLLECTOR}"), cluster, place)
    assert told is not None
    assert f"user {COLLECTOR} may not approve" in told


def test_what_has_an_owner_from_before_outlives_it(
    users: dict[str, Cluster], cluster: Cluster, control_plane: ControlPlane, place: str
) -> None:
    """The policies came after somebody prepared this: the collector really tries, and is refused."""
    cluster.apply(yaml.safe_dump(config_map("bait")), place)
    uid = cluster.get("configmap", "bait", f"--namespace={place}")["metadata"]["uid"]
    prepared = price_list("prepared")
    prepared["metadata"]["ownerReferences"] = [OWNER | {"name": "bait", "uid": uid}]
    cluster.apply(yaml.safe_dump(prepared), place)
    users["editor"].run("delete", "configmap", "bait", f"--namespace={place}")

    def tries() -> list[int]:
        return [
            write.status
            for write in writes(control_plane.audit_log, COLLECTOR)
            if (write.verb, write.namespace, write.name) == ("delete", place, "prepared")
        ]

    eventually(tries, lambda: "the garbage collector has not tried")
    assert set(tries()) == {403}
    assert "deletionTimestamp" not in cluster.get("pl", "prepared", f"--namespace={place}")["metadata"]


@pytest.mark.parametrize("cascade", ["background", "foreground", "orphan"])
def test_an_approver_deletes_in_every_way(
    users: dict[str, Cluster],  # noqa: ARG001 -- the policies are enforced
    cluster: Cluster,
    place: str,
    cascade: str,
) -> None:
    name = f"gone-{cascade}"
    cluster.apply(yaml.safe_dump_all((price_list(name), tenant(name), assignment(name, priceList=name))), place)
    for kind in ("pla", "tr", "pl"):
        cluster.run("delete", kind, name, f"--namespace={place}", f"--cascade={cascade}", "--timeout=40s")


def test_a_namespace_that_is_deleted_takes_everything_with_it(
    users: dict[str, Cluster],  # noqa: ARG001 -- the policies are enforced
    cluster: Cluster,
) -> None:
    cluster.run("create", "namespace", "approval-gone")
    cluster.apply(yaml.safe_dump_all((GUARDED, tenant(), assignment(), owned(tenant("owned")))), "approval-gone")
    cluster.run("delete", "namespace", "approval-gone", "--timeout=40s")


def test_the_api_server_has_nothing_against_the_policies(users: dict[str, Cluster], cluster: Cluster) -> None:  # noqa: ARG001 -- the policies are enforced
    policies = cluster.get("validatingadmissionpolicies")["items"]
    ours = [each for each in policies if each["metadata"]["name"].startswith("twotier-approve-")]
    assert len(ours) == 3
    assert [each["metadata"]["name"] for each in ours if each["status"].get("typeChecking")] == []


def test_what_the_page_says_is_what_happens(users: dict[str, Cluster], cluster: Cluster, place: str) -> None:
    page = (checkout() / "docs" / "how-to" / "who-may-approve.md").read_text(encoding="utf-8")
    for block in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL):
        written = block.replace("namespace: shop", f"namespace: {place}")
        cluster.run("create", "--dry-run=server", "--filename=-", standard_input=written)
    told = refusal(ASSIGNMENT["to change its mode"], users["editor"], place)
    assert told is not None
    (shown,) = re.findall(r"```\n(user bob.*?)```", page, re.DOTALL)
    expected = shown.replace("user bob", f"user system:serviceaccount:{place}:editor").replace("shop", place)
    assert " ".join(expected.split()) in " ".join(told.split())
