"""Two installations in one cluster, made as the how-to says, on two databases: neither sees anything of the other."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from kubernetes import client
from sqlalchemy.engine import make_url
from tests.cluster.docs.pages import File, steps
from tests.postgres.older import run
from tests.shop import Shop, assignment, distributor, price_list, tenant

from twotier.dev.cluster import Cluster
from twotier.dev.controlplane.audit import Write, writes
from twotier.dev.controlplane.running import ControlPlane
from twotier.dev.installation import (
    SERVICE_ACCOUNT,
    apply_shipped,
    checkout,
    operator_kubeconfig,
    remove_resources,
    serve_kubeconfig,
)
from twotier.dev.operator import Operator
from twotier.dev.processes import ComponentFailedError
from twotier.dev.server import running_server
from twotier.web.shared.authentication import AUDIENCE, HEADER

PAGE = checkout() / "docs" / "how-to" / "several-in-one-cluster.md"
NAMES = ("aegean", "baltic")
SHARED_KINDS = {"CustomResourceDefinition", "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"}
PRICES = {"aegean": "4.20", "baltic": "5.10"}
TENANT = tenant(edition="Premium", storefront={"alias": "contoso"})


@dataclass(frozen=True)
class Cell:
    """An installation, and the one namespace that it works in.

    Attributes:
        shipped: all that is applied for it.
        folder: for kubeconfigs and logs.
    """

    name: str
    shipped: list[Mapping[str, Any]]
    shop: Shop
    operator: Operator
    folder: Path

    @property
    def namespace(self) -> str:
        """Where it is installed."""
        return f"twotier-{self.name}"

    @property
    def user(self) -> str:
        """Who its operator is to the API server."""
        return f"system:serviceaccount:{self.namespace}:{SERVICE_ACCOUNT}"

    def writes(self, audit_log: Path) -> list[Write]:
        """Return what its operator wrote to the API server, the Lease apart."""
        return [write for write in writes(audit_log, self.user) if write.resource != "leases"]


def written_as_the_page_says(folder: Path) -> None:
    """Write both cells: the second is the first by another name."""
    for name in ("manifests", "crds"):
        shutil.copytree(checkout() / name, folder / name)
    files = [step for step in steps(PAGE.read_text(encoding="utf-8")) if isinstance(step, File)]
    for name in NAMES:
        for file in files:
            path = folder / file.name.replace("aegean", name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(file.text.replace("aegean", name), encoding="utf-8")


def settings_of(shipped: list[Mapping[str, Any]]) -> dict[str, str]:
    """Return the operator's settings that a Deployment has in plain text."""
    (deployment,) = (
        item for item in shipped if (item["kind"], item["metadata"]["name"]) == ("Deployment", "twotier-operator")
    )
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    return {variable["name"]: variable["value"] for variable in container["env"] if "value" in variable}


@pytest.fixture(scope="module")
def make_database(
    postgres_url: str, template_database: str, database_names: Iterator[str]
) -> Iterator[Callable[[], str]]:
    """Make fresh databases of the current schema, until the end of the module."""
    made: list[str] = []

    def make() -> str:
        made.append(next(database_names))
        run(postgres_url, f"create database {made[-1]} template {template_database}")
        return make_url(postgres_url).set(database=made[-1]).render_as_string(hide_password=False)

    yield make
    for name in made:
        run(postgres_url, f"drop database {name} with (force)")


@pytest.fixture(scope="module")
def cells(
    installed: None,  # noqa: ARG001 -- what the cluster has once must be there
    cluster: Cluster,
    kubernetes: client.ApiClient,
    make_database: Callable[[], str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Cell, Cell]]:
    """Both, working."""
    folder = tmp_path_factory.mktemp("cells")
    written_as_the_page_says(folder)
    with ExitStack() as stack:
        made = []
        for name in NAMES:
            place, database_url = f"{name}-shop", make_database()
            cluster.run("create", "namespace", place)
            stack.callback(_remove, cluster, f"twotier-{name}", place)
            shipped = list(apply_shipped(cluster, folder / "cells" / name))
            kubeconfig = operator_kubeconfig(cluster, folder / f"{name}.kubeconfig", f"twotier-{name}")
            operator = Operator(kubeconfig, database_url, folder / f"{name}.log")
            operator.start(settings_of(shipped))
            stack.callback(operator.stop)
            shop = Shop(cluster, kubernetes, place, database_url)
            made.append(Cell(name, shipped, shop, operator, folder))
        for cell in made:
            cell.shop.apply(
                distributor(baseDomain="shops.example.com"),
                price_list("retail", f"MAIL,month,{PRICES[cell.name]},Mail,6.00"),
            )
            cell.shop.apply(TENANT, assignment())
        for cell in made:
            cell.shop.await_ready(distributor(), price_list(), TENANT, assignment())
        yield made[0], made[1]


def _remove(cluster: Cluster, *namespaces: str) -> None:
    for namespace in namespaces:
        remove_resources(cluster, namespace)
        cluster.run("delete", "namespace", namespace, "--wait=false")


def identity(item: Mapping[str, Any]) -> tuple[str, str, str]:
    return item["kind"], item["metadata"].get("namespace", ""), item["metadata"]["name"]


def test_they_have_no_resource_in_common(cells: tuple[Cell, Cell]) -> None:
    first, second = ({identity(item) for item in cell.shipped} for cell in cells)
    assert not first & second
    assert {kind for kind, _, _ in first}.isdisjoint(SHARED_KINDS)
    assert {(kind, name) for kind, place, name in first if not place} == {
        ("Namespace", "twotier-aegean"),
        ("ClusterRole", "twotier-operator-twotier-aegean"),
        ("ClusterRole", "twotier-serve-twotier-aegean"),
        ("ClusterRoleBinding", "twotier-serve-twotier-aegean"),
    }


def test_what_a_cell_leaves_out_the_cluster_has(cluster: Cluster) -> None:
    shared = [item for item in yaml.safe_load_all(cluster.render(checkout() / "manifests" / "cluster")) if item]
    assert {item["kind"] for item in shared} == {*SHARED_KINDS, "ClusterRole"}


def test_resources_of_the_same_names_come_to_what_each_declares(cells: tuple[Cell, Cell]) -> None:
    for cell in cells:
        assert cell.shop.prices() == {"MAIL": (Decimal(PRICES[cell.name]), Decimal("6.00"))}
        assert cell.shop.rows("select namespace, name from organization where root_id is null") == [
            (f"{cell.name}-shop", "aegean")
        ]
        assert cell.shop.status("TenantReseller", "contoso")["storefrontAddress"] == "contoso.shops.example.com"


def test_what_happens_in_one_leaves_the_other_as_it_is(cells: tuple[Cell, Cell], control_plane: ControlPlane) -> None:
    moved, still = cells
    before = still.shop.counts(), still.writes(control_plane.audit_log), still.shop.status("PriceList", "retail")
    dearer = price_list("retail", "MAIL,month,4.80,Mail,6.00", "DISK,month,1.50,Disk,")
    moved.shop.apply(dearer)
    moved.shop.await_status("PriceListAssignment", "contoso", "run", 2)
    assert set(moved.shop.prices()) == {"MAIL", "DISK"}
    assert before == (
        still.shop.counts(),
        still.writes(control_plane.audit_log),
        still.shop.status("PriceList", "retail"),
    )
    assert {write.namespace for write in moved.writes(control_plane.audit_log)} == {moved.shop.namespace}


def test_each_leads_by_a_lease_of_its_own(cells: tuple[Cell, Cell], cluster: Cluster) -> None:
    holders = [
        cluster.get("lease", "twotier-operator", f"--namespace={cell.namespace}")["spec"]["holderIdentity"]
        for cell in cells
    ]
    assert all(holders)
    assert len(set(holders)) == 2


@pytest.mark.parametrize(
    ("allowed", "verb", "resource", "place"),
    [
        pytest.param(True, "list", "pricelists.twotier.dev", "aegean-shop", id="it sees its resources"),
        pytest.param(True, "patch", "pricelists.twotier.dev/status", "aegean-shop", id="it says what became of them"),
        pytest.param(True, "create", "secrets", "aegean-shop", id="it makes credentials"),
        pytest.param(True, "update", "leases.coordination.k8s.io", "twotier-aegean", id="it renews its Lease"),
        pytest.param(False, "list", "pricelists.twotier.dev", "baltic-shop", id="not the other's resources"),
        pytest.param(False, "list", "pricelists.twotier.dev", None, id="not those of the cluster"),
        pytest.param(False, "get", "configmaps", "baltic-shop", id="not the other's files"),
        pytest.param(False, "update", "secrets", "baltic-shop", id="not the other's credentials"),
        pytest.param(False, "create", "secrets", "twotier-aegean", id="no Secrets beside its own"),
        pytest.param(False, "update", "leases.coordination.k8s.io", "twotier-baltic", id="not the other's Lease"),
    ],
)
def test_an_operator_has_rights_where_it_works_alone(
    cells: tuple[Cell, Cell],
    kubernetes: client.ApiClient,
    *,
    allowed: bool,
    verb: str,
    resource: str,
    place: str | None,
) -> None:
    kind, _, subresource = resource.partition("/")
    plural, _, group = kind.partition(".")
    attributes = client.V1ResourceAttributes(
        verb=verb, group=group, resource=plural, subresource=subresource, namespace=place, name="twotier-operator"
    )
    spec = client.V1SubjectAccessReviewSpec(user=cells[0].user, resource_attributes=attributes)
    review = client.AuthorizationV1Api(kubernetes).create_subject_access_review(client.V1SubjectAccessReview(spec=spec))
    assert review.status is not None
    assert review.status.allowed is allowed


def test_an_operator_that_is_told_the_other_s_namespace_ends_with_a_message(cells: tuple[Cell, Cell]) -> None:
    cell, other = cells
    assert cell.operator.stop() == 0
    with pytest.raises(ComponentFailedError, match="Grant the operator the rights in manifests/"):
        cell.operator.start({"TWOTIER_NAMESPACES": other.shop.namespace})
    cell.operator.start(settings_of(cell.shipped))


def test_the_api_of_one_lets_nobody_in_from_the_other_and_shows_nothing_of_it(
    cells: tuple[Cell, Cell], cluster: Cluster
) -> None:
    cell, other = cells

    def token(of: Cell) -> str:
        options = (f"--namespace={of.namespace}", f"--audience={AUDIENCE}")
        return cluster.run("create", "token", "twotier-viewer", *options).strip()

    kubeconfig = serve_kubeconfig(cluster, cell.folder / "serve.kubeconfig", cell.namespace)
    with running_server(kubeconfig, cell.shop.database_url, cell.folder / "serve.log") as server:

        def status(of: Cell, namespace: str) -> int:
            path = f"/api/v1/distributors/{namespace}/aegean/tenants/R-contoso"
            return httpx.get(server.url + path, headers={HEADER: token(of)}, timeout=30).status_code

        assert status(cell, cell.shop.namespace) == 200
        assert status(cell, other.shop.namespace) == 404
        assert status(other, cell.shop.namespace) == 403
