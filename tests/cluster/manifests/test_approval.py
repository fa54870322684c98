"""Approving is a right of its own: two users with the same rights but for that one."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import yaml
from tests.shop import Object, assignment, eventually, price_list, tenant

from twotier.dev.cluster import Cluster, KubectlError
from twotier.dev.installation import checkout

EVERYTHING_ELSE = {
    "apiVersion": "rbac.authorization.k8s.io/v1",
    "kind": "Role",
    "metadata": {"name": "editor"},
    "rules": [
        {
            "apiGroups": ["twotier.dev"],
            "resources": ["pricelistassignments", "pricelists", "tenantresellers"],
            "verbs": ["get", "list", "create", "update", "patch", "delete"],
        }
    ],
}
USERS = ("editor", "approver")
GUARDED = price_list(guards={"minRows": 2})
PLAN = f"sha256:{'a' * 64}"

Change = Callable[[Cluster, str], None]


def unguarded(name: str) -> Object:
    """A list without guards of its own."""
    made = price_list(name)
    made["spec"].pop("guards", None)
    return made


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
    cluster.apply(yaml.safe_dump_all((*people, *bindings, GUARDED, unguarded("free"), assignment())), name)
    yield name
    cluster.run("delete", "namespace", name, "--wait=false")


@pytest.fixture(scope="module")
def users(cluster: Cluster, place: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Cluster]:
    """The cluster as it is to an editor and to an approver, once the API server enforces the policies."""
    folder = tmp_path_factory.mktemp("users")
    made = {
        name: replace(cluster, kubeconfig=cluster.service_account_kubeconfig(place, name, folder / name))
        for name in USERS
    }
    for change in (ASSIGNMENT_CHANGES["its mode"], LIST_CHANGES["its guards"]):
        eventually(lambda: refusal(change, made["editor"], place), lambda: "the policies are not enforced")  # noqa: B023 -- asked in this round
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


def patched(kind: str, name: str, **spec: Any) -> Change:
    patch = f"--patch={json.dumps({'spec': spec})}"
    return lambda cluster, place: attempt(cluster, place, "patch", kind, name, "--type=merge", patch)


def deleted(kind: str, name: str) -> Change:
    return lambda cluster, place: attempt(cluster, place, "delete", kind, name)


def created(resource: Object) -> Change:
    return lambda cluster, place: attempt(cluster, place, "create", "--filename=-", resource=resource)


ASSIGNMENT_CHANGES = {
    "its approval": patched("pla", "contoso", approval="Manual"),
    "its approved plan": patched("pla", "contoso", approvedPlan=PLAN),
    "its mode": patched("pla", "contoso", mode="Partial"),
    "its sell prices": patched("pla", "contoso", sellPrices=True),
    "its names": patched("pla", "contoso", names=True),
    "its list": patched("pla", "contoso", priceList="free"),
    "its revision": patched("pla", "contoso", revision=1),
    "the run that it restores": patched("pla", "contoso", restoreRun=1),
    "that it is there": deleted("pla", "contoso"),
    "that another one is there": created(assignment("fabrikam")),
}
LIST_CHANGES = {
    "its guards": patched("pl", "retail", guards={"minRows": 1}),
    "that it has guards": patched("pl", "retail", guards=None),
    "its accepted digest": patched("pl", "free", acceptedDigest="sha256:1"),
}
AROUND_GUARDS = {
    "by deleting a list that has some": deleted("pl", "retail"),
    "by declaring a list with its own": created(price_list("new", guards={"minRows": 1})),
}
EDITS = {
    "to suspend an assignment": patched("pla", "contoso", suspend=True),
    "to change the source of a list without guards": patched("pl", "free", source={"inline": "sku,unit,price,name\n"}),
    "to change the source of a list with guards": patched("pl", "retail", source={"inline": "sku,unit,price,name\n"}),
    "to delete a list without guards": deleted("pl", "free"),
    "to declare a list without guards": created(unguarded("new")),
    "to declare a tenant": created(tenant()),
}


@pytest.mark.parametrize("change", ASSIGNMENT_CHANGES.values(), ids=ASSIGNMENT_CHANGES.keys())
def test_of_an_assignment_an_approver_alone_may_change(users: dict[str, Cluster], place: str, change: Change) -> None:
    told = refusal(change, users["editor"], place)
    assert told is not None
    assert f"user system:serviceaccount:{place}:editor may not approve" in told
    assert f"the verb approve on pricelistassignments.twotier.dev in namespace {place}" in told
    assert refusal(change, users["approver"], place) is None


@pytest.mark.parametrize("change", LIST_CHANGES.values(), ids=LIST_CHANGES.keys())
def test_of_a_list_an_approver_alone_may_change(users: dict[str, Cluster], place: str, change: Change) -> None:
    told = refusal(change, users["editor"], place)
    assert told is not None
    assert f"the verb approve on pricelists.twotier.dev in namespace {place}" in told
    assert refusal(change, users["approver"], place) is None


@pytest.mark.parametrize("change", AROUND_GUARDS.values(), ids=AROUND_GUARDS.keys())
def test_guards_are_not_gone_around(users: dict[str, Cluster], place: str, change: Change) -> None:
    told = refusal(change, users["editor"], place)
    assert told is not None
    assert "may not approve" in told


@pytest.mark.parametrize("change", EDITS.values(), ids=EDITS.keys())
def test_nobody_needs_approval(users: dict[str, Cluster], place: str, change: Change) -> None:
    assert refusal(change, users["editor"], place) is None


def test_a_namespace_that_is_deleted_takes_its_assignments_and_lists_with_it(
    users: dict[str, Cluster],  # noqa: ARG001 -- the policies are enforced
    cluster: Cluster,
) -> None:
    cluster.run("create", "namespace", "approval-gone")
    cluster.apply(yaml.safe_dump_all((GUARDED, assignment())), "approval-gone")
    cluster.run("delete", "namespace", "approval-gone", "--timeout=40s")


def test_what_the_page_says_is_what_happens(users: dict[str, Cluster], cluster: Cluster, place: str) -> None:
    page = (checkout() / "docs" / "how-to" / "who-may-approve.md").read_text(encoding="utf-8")
    for block in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL):
        written = block.replace("namespace: shop", f"namespace: {place}")
        cluster.run("create", "--dry-run=server", "--filename=-", standard_input=written)
    told = refusal(ASSIGNMENT_CHANGES["its mode"], users["editor"], place)
    assert told is not None
    (shown,) = re.findall(r"```\n(user bob.*?)```", page, re.DOTALL)
    expected = shown.replace("user bob", f"user system:serviceaccount:{place}:editor").replace("shop", place)
    assert " ".join(expected.split()) in " ".join(told.split())
