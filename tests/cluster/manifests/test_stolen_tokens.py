"""What a thief can do with the token of one of our ServiceAccounts: what the account is for, and nothing else."""

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml
from kubernetes import client, config
from tests.resources import admit_tenants
from tests.shop import Object, assignment, config_map, distributor, eventually, price_list, tenant

from twotier.dev.cluster import Cluster
from twotier.dev.installation import NAMESPACE

HIDDEN = "geheim"
ACCOUNTS = ("twotier-operator", "twotier-serve", "twotier-viewer", "twotier-admin")
OPERATOR, SERVE, *PEOPLE = ACCOUNTS
REFUSED_BY_ROLES = 403
REFUSED_BY_A_POLICY = {403, 422}
PLACE = "PLACE"
"""Stands for the namespace with tenants."""
SECRETS = f"/api/v1/namespaces/{PLACE}/secrets"
TENANTS = f"/apis/twotier.dev/v1alpha1/namespaces/{PLACE}/tenantresellers"
LISTS = f"/apis/twotier.dev/v1alpha1/namespaces/{PLACE}/pricelists"
ASSIGNMENTS = f"/apis/twotier.dev/v1alpha1/namespaces/{PLACE}/pricelistassignments"
RBAC = "/apis/rbac.authorization.k8s.io/v1"
ADMISSION = "/apis/admissionregistration.k8s.io/v1"
JSON, MERGE, STRATEGIC, JSON_PATCH, APPLY = (
    "application/json",
    "application/merge-patch+json",
    "application/strategic-merge-patch+json",
    "application/json-patch+json",
    "application/apply-patch+yaml",
)


def owner(kind: str = "TenantReseller", name: str = "contoso", **changed: object) -> Object:
    group = "twotier.dev/v1alpha1" if kind == "TenantReseller" else "v1"
    uid = "00000000-0000-0000-0000-000000000001"
    return {"apiVersion": group, "kind": kind, "name": name, "uid": uid, "controller": True} | changed


def secret(name: str = "contoso-administrator", **changed: Any) -> Object:
    """The Secret of a tenant as the operator writes it, but for what is changed."""
    metadata = {"name": name, "ownerReferences": [owner()]} | changed.pop("metadata", {})
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "type": "twotier.dev/administrator",
        "metadata": metadata,
        "stringData": {"email": "ada@contoso.example", "password": "x"},
    } | changed


def plain(api_version: str, kind: str, name: str, **content: object) -> Object:
    return {"apiVersion": api_version, "kind": kind, "metadata": {"name": name}, **content}


def token_secret(account: str) -> Object:
    made = plain("v1", "Secret", "loot", type="kubernetes.io/service-account-token")
    made["metadata"]["annotations"] = {"kubernetes.io/service-account.name": account}
    return made


def binding(kind: str, account: str) -> Object:
    subjects = [{"kind": "ServiceAccount", "name": account, "namespace": NAMESPACE}]
    role = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"}
    return plain("rbac.authorization.k8s.io/v1", kind, "loot", roleRef=role, subjects=subjects)


def webhook(kind: str) -> Object:
    hook = {
        "name": "loot.example.com",
        "sideEffects": "None",
        "admissionReviewVersions": ["v1"],
        "clientConfig": {"url": "https://thief.example.com"},
        "rules": [{"apiGroups": [""], "apiVersions": ["v1"], "resources": ["secrets"], "operations": ["*"]}],
    }
    return plain("admissionregistration.k8s.io/v1", kind, "loot", webhooks=[hook])


POD = plain("v1", "Pod", "loot", spec={"containers": [{"name": "loot", "image": "loot"}]})
TOKEN_REQUEST = plain("authentication.k8s.io/v1", "TokenRequest", "", spec={})
LEASE = plain("coordination.k8s.io/v1", "Lease", "kube-controller-manager", spec={"holderIdentity": "thief"})
CSR = plain(
    "certificates.k8s.io/v1",
    "CertificateSigningRequest",
    "loot",
    spec={"request": "", "signerName": "kubernetes.io/kube-apiserver-client", "usages": ["client auth"]},
)


@dataclass(frozen=True)
class Attempt:
    """A request.

    Attributes:
        by_policy: the operator's roles allow it, and a policy refuses it.
    """

    method: str
    path: str
    body: object = None
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)
    by_policy: bool = False


def get(path: str, **headers: str) -> Attempt:
    return Attempt("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})


def post(path: str, body: Object, *, by_policy: bool = False) -> Attempt:
    return Attempt("POST", path, body, by_policy=by_policy)


def put(path: str, body: Object, *, by_policy: bool = False) -> Attempt:
    return Attempt("PUT", path, body, by_policy=by_policy)


def delete(path: str) -> Attempt:
    return Attempt("DELETE", path)


def patch(path: str, body: object, content_type: str = MERGE, *, by_policy: bool = False) -> Attempt:
    return Attempt("PATCH", path, body, content_type, by_policy=by_policy)


def in_kube_system(path: str) -> str:
    return path.replace(PLACE, "kube-system")


READING = {
    "the Secret of somebody else": get(f"{SECRETS}/foreign"),
    "the credentials of a tenant": get(f"{SECRETS}/contoso-administrator"),
    "all Secrets of a namespace with tenants": get(SECRETS),
    "Secrets as they change": get(f"{SECRETS}?watch=true&timeoutSeconds=1"),
    "all Secrets of the cluster": get("/api/v1/secrets"),
    "the database owner's URL": get(f"/api/v1/namespaces/{NAMESPACE}/secrets/twotier-database-owner"),
    "a Secret as an administrator": get(f"{SECRETS}/foreign", Impersonate_User="admin"),
    "a Secret as a member of a group": get(
        f"{SECRETS}/foreign", Impersonate_User="admin", Impersonate_Group="system:masters"
    ),
    "the log of a pod": get(f"/api/v1/namespaces/{NAMESPACE}/pods/twotier-operator-0/log"),
    "what a kubelet knows": get("/api/v1/nodes/node-1/proxy/pods"),
    "the API of TwoTier by the service proxy": get(f"/api/v1/namespaces/{NAMESPACE}/services/twotier/proxy/metrics"),
}
COPY = [{"op": "copy", "from": "/data/url", "path": "/metadata/name"}]
PATCHING = {
    f"{name}{told}": patch(f"{SECRETS}/foreign{query}", body, content_type)
    for told, query in (("", ""), (" in a dry run", "&dryRun=All"))
    for name, query, body, content_type in (
        ("by a merge", f"?fieldManager=loot{query}", {"metadata": {"labels": {"a": "b"}}}, MERGE),
        ("strategically", f"?fieldManager=loot{query}", {"metadata": {"labels": {"a": "b"}}}, STRATEGIC),
        ("by a copy into its name, which refusals quote", f"?fieldManager=loot{query}", COPY, JSON_PATCH),
        ("by applying", f"?fieldManager=loot&force=true{query}", secret("foreign"), APPLY),
    )
}
MAKING_SECRETS = {
    "with the token of another account, in kube-system": post(
        in_kube_system(SECRETS), token_secret("namespace-controller")
    ),
    "with the token of another account, beside the tenants": post(SECRETS, token_secret("default"), by_policy=True),
    "with a token to join the cluster": post(
        in_kube_system(SECRETS), plain("v1", "Secret", "bootstrap-token-abcdef", type="bootstrap.kubernetes.io/token")
    ),
    "in the namespace of the installation": post(SECRETS.replace(PLACE, NAMESPACE), secret()),
    "of a type of somebody else": post(SECRETS, secret(type="Opaque"), by_policy=True),
    "of another name": post(SECRETS, secret("loot"), by_policy=True),
    "named after another tenant than its owner": post(SECRETS, secret("fabrikam-administrator"), by_policy=True),
    "that nobody owns": post(SECRETS, secret(metadata={"ownerReferences": []}), by_policy=True),
    "that something else owns": post(
        SECRETS, secret(metadata={"ownerReferences": [owner("ConfigMap")]}), by_policy=True
    ),
    "that has two owners": post(
        SECRETS,
        secret(metadata={"ownerReferences": [owner(), owner("ConfigMap", controller=False)]}),
        by_policy=True,
    ),
    "that no controller owns": post(
        SECRETS, secret(metadata={"ownerReferences": [owner(controller=False)]}), by_policy=True
    ),
    "that holds its namespace": post(SECRETS, secret(metadata={"finalizers": ["loot.example.com/x"]}), by_policy=True),
    "that a label gives a meaning": post(
        SECRETS, secret(metadata={"labels": {"grafana_dashboard": "1"}}), by_policy=True
    ),
    "that an annotation gives a meaning": post(
        SECRETS, secret(metadata={"annotations": {"replicator.example.com/to": "kube-system"}}), by_policy=True
    ),
    "with other entries": post(SECRETS, secret(stringData={"config.yaml": "x"}), by_policy=True),
    "that cannot be changed again": post(SECRETS, secret(immutable=True), by_policy=True),
    "in the place of somebody else's": put(f"{SECRETS}/foreign", secret("foreign"), by_policy=True),
    "in the place of somebody else's, in a dry run": put(
        f"{SECRETS}/foreign?dryRun=All", plain("v1", "Secret", "foreign"), by_policy=True
    ),
    "in the place of one of our type that no tenant owns": put(
        f"{SECRETS}/orphan-administrator",
        secret("orphan-administrator", metadata={"ownerReferences": [owner(name="orphan")]}),
        by_policy=True,
    ),
    "less": delete(f"{SECRETS}/foreign"),
    "less, all at once": delete(SECRETS),
}
BECOMING_ANOTHER = {
    "by a token of an account of kube-system": post(
        "/api/v1/namespaces/kube-system/serviceaccounts/namespace-controller/token", TOKEN_REQUEST
    ),
    "by a token of an account beside the tenants": post(
        f"/api/v1/namespaces/{PLACE}/serviceaccounts/default/token", TOKEN_REQUEST
    ),
    **{
        f"by a token of {account}": post(
            f"/api/v1/namespaces/{NAMESPACE}/serviceaccounts/{account}/token", TOKEN_REQUEST
        )
        for account in ACCOUNTS
    },
    "by a certificate": post("/apis/certificates.k8s.io/v1/certificatesigningrequests", CSR),
    "by binding a role in the cluster": post(f"{RBAC}/clusterrolebindings", binding("ClusterRoleBinding", OPERATOR)),
    "by binding a role beside the tenants": post(
        f"{RBAC}/namespaces/{PLACE}/rolebindings", binding("RoleBinding", OPERATOR)
    ),
    "by binding the role for credentials elsewhere": post(
        f"{RBAC}/namespaces/{NAMESPACE}/rolebindings", binding("RoleBinding", OPERATOR)
    ),
    "by widening its role": patch(
        f"{RBAC}/clusterroles/twotier-operator", {"rules": [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}]}
    ),
    "by a pod": post(f"/api/v1/namespaces/{NAMESPACE}/pods", POD),
    "by a pod beside the tenants": post(f"/api/v1/namespaces/{PLACE}/pods", POD),
    "by running something in a pod": post(f"/api/v1/namespaces/{NAMESPACE}/pods/a/exec?command=sh", {}),
    "by another image": patch(f"/apis/apps/v1/namespaces/{NAMESPACE}/deployments/twotier-serve", {"spec": {}}),
    "by a job": post(f"/apis/batch/v1/namespaces/{NAMESPACE}/jobs", plain("batch/v1", "Job", "loot")),
}
TURNING_GUARDS_OFF = {
    "the policy on Secrets": delete(f"{ADMISSION}/validatingadmissionpolicies/twotier-operator-secrets"),
    "its binding": delete(f"{ADMISSION}/validatingadmissionpolicybindings/twotier-operator-secrets"),
    "the policy on approvals": patch(
        f"{ADMISSION}/validatingadmissionpolicies/twotier-approve-assignments", {"spec": {"validations": []}}
    ),
    "a schema": patch(
        "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/pricelists.twotier.dev", {"spec": {"conversion": None}}
    ),
    "the level of pods": patch(f"/api/v1/namespaces/{NAMESPACE}", {"metadata": {"labels": None}}),
    "a network policy": delete(f"/apis/networking.k8s.io/v1/namespaces/{NAMESPACE}/networkpolicies/twotier-operator"),
}
STANDING_BETWEEN = {
    "a webhook that sees what is written": post(
        f"{ADMISSION}/validatingwebhookconfigurations", webhook("ValidatingWebhookConfiguration")
    ),
    "a webhook that changes what is written": post(
        f"{ADMISSION}/mutatingwebhookconfigurations", webhook("MutatingWebhookConfiguration")
    ),
    "an API server": post(
        "/apis/apiregistration.k8s.io/v1/apiservices", plain("apiregistration.k8s.io/v1", "APIService", "v1.loot")
    ),
    "addresses of a Service": post(
        f"/apis/discovery.k8s.io/v1/namespaces/{NAMESPACE}/endpointslices",
        plain("discovery.k8s.io/v1", "EndpointSlice", "loot", addressType="IPv4", endpoints=[]),
    ),
    "the leadership of Kubernetes' own": put(
        "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/kube-controller-manager", LEASE
    ),
    "a Lease beside the tenants": post(f"/apis/coordination.k8s.io/v1/namespaces/{PLACE}/leases", LEASE),
    "another Lease of the installation": put(
        f"/apis/coordination.k8s.io/v1/namespaces/{NAMESPACE}/leases/other", LEASE
    ),
}


def event(namespace: str, **about: str) -> Object:
    moment = "2026-11-02T09:00:00.000000Z"
    return {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {"name": "loot", "namespace": namespace},
        "involvedObject": {"namespace": namespace, **about},
        "type": "Warning",
        "reason": "Loot",
        "message": "loot",
        "action": "Loot",
        "eventTime": moment,
        "reportingComponent": "twotier",
        "reportingInstance": "twotier",
    }


SERVER_IS_DOWN = event("kube-system", apiVersion="v1", kind="Pod", name="kube-apiserver")
TENANT_IS_READY = event(PLACE, apiVersion="twotier.dev/v1alpha1", kind="TenantReseller", name="contoso")
DECIDING = {
    "what people hear of other objects": post("/api/v1/namespaces/kube-system/events", SERVER_IS_DOWN, by_policy=True),
    "a file of a price list": patch(f"/api/v1/namespaces/{PLACE}/configmaps/prices", {"data": {"prices.csv": ""}}),
    "a new file": post(f"/api/v1/namespaces/{PLACE}/configmaps", config_map("loot")),
    "a price list": patch(f"{LISTS}/retail", {"spec": {"guards": None}}),
    "an approval": patch(f"{ASSIGNMENTS}/contoso", {"spec": {"approvedPlan": f"sha256:{'a' * 64}"}}),
    "the end of an assignment": delete(f"{ASSIGNMENTS}/contoso"),
    "another tenant": post(TENANTS, tenant("fabrikam")),
    "the end of a tenant": delete(f"{TENANTS}/contoso"),
    "that a tenant is erased with its resource": patch(
        f"{TENANTS}/contoso", {"spec": {"deletionPolicy": "Delete"}}, by_policy=True
    ),
    "the e-mail address of an administrator": patch(
        f"{TENANTS}/contoso?fieldManager=twotier&force=true",
        tenant(administrator={"email": "thief@example.com"}),
        APPLY,
        by_policy=True,
    ),
    "the owner of a tenant": patch(
        f"{TENANTS}/contoso", {"metadata": {"ownerReferences": [owner("ConfigMap")]}}, by_policy=True
    ),
    "a reconcile of a tenant": patch(
        f"{TENANTS}/contoso", {"metadata": {"annotations": {"reconcile.fluxcd.io/requestedAt": "x"}}}, by_policy=True
    ),
    "a finalizer of somebody else": patch(
        f"{TENANTS}/contoso", {"metadata": {"finalizers": ["example.com/hold"]}}, by_policy=True
    ),
    "a status as a whole": put(f"{TENANTS}/contoso/status", tenant()),
}
TRIED: dict[str, Attempt] = {
    f"{what} {attempt}": tried
    for what, attempts in (
        ("read", READING),
        ("patch a Secret", PATCHING),
        ("have a Secret", MAKING_SECRETS),
        ("become another", BECOMING_ANOTHER),
        ("turn off", TURNING_GUARDS_OFF),
        ("put between", STANDING_BETWEEN),
        ("decide on", DECIDING),
    )
    for attempt, tried in attempts.items()
}


@dataclass(frozen=True)
class Answer:
    status: int
    text: str


@dataclass(frozen=True)
class Thief:
    """Whoever has the token of an account."""

    connection: client.ApiClient
    place: str

    def tries(self, attempt: Attempt) -> Answer:
        """Send a request as it is written, and return the answer."""
        headers = {"Content-Type": attempt.content_type, **attempt.headers}
        self.connection.update_params_for_auth(headers, [], ["BearerToken"], attempt.path, attempt.method, None)
        answer = self.connection.rest_client.pool_manager.request(
            attempt.method,
            self.connection.configuration.host + attempt.path.replace(PLACE, self.place),
            headers=headers,
            body=None if attempt.body is None else json.dumps(attempt.body).replace(PLACE, self.place),
        )
        return Answer(answer.status, answer.data.decode())

    def may(self, namespace: str) -> frozenset[tuple[str, str, str]]:
        """Return what the account may do in a namespace, as the API server tells it: verb, resource and name."""
        body = {
            "apiVersion": "authorization.k8s.io/v1",
            "kind": "SelfSubjectRulesReview",
            "spec": {"namespace": namespace},
        }
        answer = self.tries(post("/apis/authorization.k8s.io/v1/selfsubjectrulesreviews", body))
        assert answer.status == 201, answer
        status = json.loads(answer.text)["status"]
        assert not status["incomplete"]
        return frozenset(
            (verb, ".".join(filter(None, (resource, group))), name)
            for rule in status["resourceRules"]
            for verb in rule["verbs"]
            for group in rule["apiGroups"]
            for resource in rule["resources"]
            for name in rule.get("resourceNames", [""])
        ) | {
            (verb, url, "")
            for rule in status["nonResourceRules"]
            for verb in rule["verbs"]
            for url in rule["nonResourceURLs"]
        }


@pytest.fixture(scope="module")
def place(
    installed: None,  # noqa: ARG001 -- it must be there
    cluster: Cluster,
    kubernetes: client.ApiClient,
    namespace_names: Iterator[str],
) -> Iterator[str]:
    """A namespace with tenants and with Secrets of others; nobody works on it."""
    name = next(namespace_names)
    cluster.run("create", "namespace", name)
    admit_tenants(kubernetes, name)
    foreign = plain("v1", "Secret", "foreign", stringData={"url": HIDDEN})
    orphan = secret("orphan-administrator", metadata={"ownerReferences": []})
    declared = (distributor(), price_list(), tenant(), assignment(), config_map("prices", data={"prices.csv": HIDDEN}))
    cluster.apply(yaml.safe_dump_all((foreign, orphan, *declared)), name)
    cluster.apply(
        yaml.safe_dump(plain("v1", "Secret", "twotier-database-owner", stringData={"url": HIDDEN})), NAMESPACE
    )
    yield name
    cluster.run("delete", "secret", "twotier-database-owner", f"--namespace={NAMESPACE}")
    cluster.run("delete", "namespace", name, "--wait=false")


@pytest.fixture(scope="module")
def make_thief(
    place: str, cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Thief]]:
    """Steal tokens."""
    folder = tmp_path_factory.mktemp("stolen")
    connections: list[client.ApiClient] = []

    def make(account: str, namespace: str = NAMESPACE) -> Thief:
        path: Path = cluster.service_account_kubeconfig(namespace, account, folder / f"{namespace}-{account}")
        connect = config.new_client_from_config
        connections.append(connect(str(path)))  # type: ignore[no-untyped-call]  # the package is half typed
        return Thief(connections[-1], place)

    yield make
    for connection in connections:
        connection.rest_client.pool_manager.clear()


@pytest.fixture(scope="module")
def thieves(make_thief: Callable[..., Thief]) -> dict[str, Thief]:
    """A thief for each account, once the API server enforces the policies."""
    made = {account: make_thief(account) for account in ACCOUNTS}
    owner_of_a_tenant, told = DECIDING["the owner of a tenant"], DECIDING["what people hear of other objects"]
    for attempt in (MAKING_SECRETS["of another name"], owner_of_a_tenant, told):
        eventually(
            lambda: made[OPERATOR].tries(attempt).status in REFUSED_BY_A_POLICY,  # noqa: B023 -- asked in this round
            lambda: "the policies are not enforced",
        )
    return made


@pytest.mark.parametrize("attempt", [pytest.param(attempt, id=f"cannot {name}") for name, attempt in TRIED.items()])
@pytest.mark.parametrize("account", ACCOUNTS)
def test_whoever_has_the_token_of(thieves: dict[str, Thief], account: str, attempt: Attempt) -> None:
    answer = thieves[account].tries(attempt)
    if attempt.by_policy and account == OPERATOR:
        assert answer.status in REFUSED_BY_A_POLICY, answer
        assert "ValidatingAdmissionPolicy" in answer.text or "type: Invalid value" in answer.text
    else:
        assert answer.status == REFUSED_BY_ROLES, answer
        assert f"{NAMESPACE}:{account}" in answer.text  # as who it is, and not as nobody
    for hidden in (HIDDEN, base64.b64encode(HIDDEN.encode()).decode()):
        assert hidden not in answer.text


KINDS = (
    "distributors",
    "pricelists",
    "tenantresellers",
    "pricelistassignments",
    "backorderpolicies",
    "resellerupgrades",
)
SEEN = (
    *(f"{kind}.twotier.dev" for kind in KINDS),
    *(f"{kind}.source.toolkit.fluxcd.io" for kind in ("gitrepositories", "ocirepositories", "buckets")),
    "configmaps",
)
EVERYWHERE: dict[str, set[tuple[str, str, str]]] = {
    OPERATOR: {(verb, kind, "") for kind in SEEN for verb in ("get", "list", "watch")}
    | {("patch", f"{kind}/status.twotier.dev", "") for kind in KINDS}
    | {(verb, "tenantresellers.twotier.dev", "") for verb in ("patch", "finalize")}
    | {("create", "events", "")},
    SERVE: {("create", "tokenreviews.authentication.k8s.io", "")},
    **{account: set() for account in PEOPLE},
}
BESIDE_TENANTS: dict[str, set[tuple[str, str, str]]] = {
    OPERATOR: {("create", "secrets", ""), ("update", "secrets", "")},
}
AT_HOME: dict[str, set[tuple[str, str, str]]] = {
    OPERATOR: {
        ("create", "leases.coordination.k8s.io", ""),
        ("get", "leases.coordination.k8s.io", "twotier-operator"),
        ("update", "leases.coordination.k8s.io", "twotier-operator"),
    },
}


@pytest.mark.parametrize("account", [pytest.param(account, id=f"of {account} are listed") for account in ACCOUNTS])
def test_all_rights(
    thieves: dict[str, Thief], make_thief: Callable[..., Thief], cluster: Cluster, place: str, account: str
) -> None:
    nobody = f"nobody-beside-{account}"
    cluster.run("create", "serviceaccount", nobody, f"--namespace={place}")
    without_rights = make_thief(nobody, place)
    own = {
        namespace: thieves[account].may(namespace) - without_rights.may(namespace)
        for namespace in ("default", "kube-system", place, NAMESPACE)
    }
    everywhere = EVERYWHERE[account]
    assert own == {
        "default": everywhere,
        "kube-system": everywhere,
        place: everywhere | BESIDE_TENANTS.get(account, set()),
        NAMESPACE: everywhere | AT_HOME.get(account, set()),
    }


@pytest.mark.parametrize(
    ("attempt", "status"),
    [
        pytest.param(post(f"{SECRETS}?dryRun=All", secret()), 201, id="writes the credentials of a tenant"),
        pytest.param(
            patch(f"{TENANTS}/contoso?dryRun=All", {"metadata": {"finalizers": ["twotier.dev/cleanup"]}}),
            200,
            id="holds a tenant",
        ),
        pytest.param(
            patch(f"{TENANTS}/contoso/status?dryRun=All", {"status": {"phase": "Active"}}),
            200,
            id="reports on a tenant",
        ),
        pytest.param(get(f"/api/v1/namespaces/{PLACE}/configmaps/prices"), 200, id="reads the files of price lists"),
        pytest.param(
            post(f"/api/v1/namespaces/{PLACE}/events?dryRun=All", TENANT_IS_READY), 201, id="tells of its own work"
        ),
    ],
)
def test_the_operator_itself(thieves: dict[str, Thief], attempt: Attempt, status: int) -> None:
    answer = thieves[OPERATOR].tries(attempt)
    assert answer.status == status, answer


def test_the_operator_writes_over_the_credentials_that_it_wrote(
    thieves: dict[str, Thief], cluster: Cluster, place: str
) -> None:
    thief = thieves[OPERATOR]
    uid = cluster.get("tr", "contoso", f"--namespace={place}")["metadata"]["uid"]
    owned = {"ownerReferences": [owner(uid=uid)]}  # or it would be garbage
    assert thief.tries(post(SECRETS, secret(metadata=owned))).status == 201
    anew = secret(metadata=owned, stringData={"email": "ada@contoso.example", "password": "y"})
    assert thief.tries(put(f"{SECRETS}/contoso-administrator", anew)).status == 200
    found = cluster.get("secret", "contoso-administrator", f"--namespace={place}")
    assert base64.b64decode(found["data"]["password"]) == b"y"
