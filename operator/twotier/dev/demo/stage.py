"""The stage of the demo: a database, a cluster with TwoTier installed, and a running operator."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from sqlalchemy.exc import DBAPIError

from twotier.bss import administration
from twotier.bss.unfit import URL_VARIABLE, DatabaseUnfitError
from twotier.dev.cluster import Cluster, KubectlError
from twotier.dev.controlplane.build import control_plane_binaries, find_kubectl
from twotier.dev.controlplane.running import running_control_plane
from twotier.dev.failure import EnvironmentUnfitError
from twotier.dev.installation import (
    NAMESPACE,
    SERVE_ACCOUNT,
    SERVICE_ACCOUNT,
    admit_tenants,
    install,
    operator_kubeconfig,
    remove_resources,
    serve_kubeconfig,
)
from twotier.dev.operator import PROGRAM, Operator
from twotier.dev.output import Output
from twotier.dev.postgres import database_server
from twotier.dev.server import running_server

DEMO_NAMESPACE: Final = "twotier-demo"
OWN_KUBECONFIG: Final = "--kubeconfig"
FAILED: Final = 1


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything that runs."""

    cluster: Cluster
    cluster_is_ours: bool
    namespace: str
    database_url: str
    database_is_ours: bool
    operator: Operator
    server_url: str

    @property
    def environment(self) -> Mapping[str, str]:
        """What a shell needs to continue by hand."""
        beside = [str(PROGRAM.parent)]
        if self.cluster_is_ours and shutil.which("kubectl") is None:
            beside.append(str(self.cluster.kubectl.parent))
        return {
            "KUBECONFIG": str(self.cluster.kubeconfig),
            "PATH": ":".join(["$PATH", *beside]),
            "TWOTIER_SERVER": self.server_url,
        }

    def twotier(self, *arguments: str) -> str:
        """Run a `twotier` command as the cluster's administrator, and return what it prints.

        Raises:
            EnvironmentUnfitError: it failed; a plan with changes is not a failure.
        """
        place = (f"--namespace={self.namespace}", f"--kubeconfig={self.cluster.kubeconfig}")
        answer = subprocess.run(
            [PROGRAM, *arguments, *place, f"--server={self.server_url}"], capture_output=True, text=True, check=False
        )
        if answer.returncode == FAILED:
            raise EnvironmentUnfitError(f"`twotier {' '.join(arguments)}` failed: {answer.stderr.strip()}")
        return answer.stdout


@contextmanager
def prepared_stage(
    output: Output, kubeconfig: Path | None, environment: Mapping[str, str] = os.environ
) -> Iterator[Stage]:
    """Start what is missing, install TwoTier and run the operator; stop all of it at the end of the block.

    Args:
        output: reports each step.
        kubeconfig: of a cluster of the user's own; None starts a control plane.
        environment: may name a user's PostgreSQL server, or binaries.

    Raises:
        EnvironmentUnfitError: something is missing or does not work; the message says what to do.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="twotier-demo-")))
        database_url = stack.enter_context(database_server(environment))
        _prepare_database(database_url)
        output.success("PostgreSQL is running, with the roles and the schema of TwoTier")
        cluster = stack.enter_context(_cluster(output, kubeconfig, environment))
        install(cluster)
        output.success(f"The CustomResourceDefinitions and the permissions of namespace {NAMESPACE} are applied")
        access = operator_kubeconfig(cluster, folder / "operator.kubeconfig")
        operator = stack.enter_context(Operator(access, database_url, folder / "operator.log"))
        output.success(f"The operator is running as ServiceAccount {SERVICE_ACCOUNT}")
        way_in = serve_kubeconfig(cluster, folder / "serve.kubeconfig")
        server = stack.enter_context(running_server(way_in, database_url, folder / "serve.log"))
        output.success(f"The API is running as ServiceAccount {SERVE_ACCOUNT} at {server.url}")
        stack.enter_context(_namespace(cluster, output, keep=kubeconfig is None))
        yield Stage(
            cluster=cluster,
            cluster_is_ours=kubeconfig is None,
            namespace=DEMO_NAMESPACE,
            database_url=database_url,
            database_is_ours=not environment.get(URL_VARIABLE),
            operator=operator,
            server_url=server.url,
        )


def _prepare_database(url: str) -> None:
    try:
        administration.initialise(url)
        administration.migrate(url)
    except DatabaseUnfitError as error:
        raise EnvironmentUnfitError(str(error)) from error
    except DBAPIError as error:
        raise EnvironmentUnfitError(
            f"the database could not be prepared: {str(error.orig).strip()}\n"
            "the demo's login must be a superuser, or the owner of the database with CREATEROLE"
        ) from error


@contextmanager
def _cluster(output: Output, kubeconfig: Path | None, environment: Mapping[str, str]) -> Iterator[Cluster]:
    if kubeconfig is not None:
        cluster = Cluster(kubeconfig.absolute(), find_kubectl(environment))
        _require_reachable(cluster)
        output.success(f"The cluster of {kubeconfig} is reachable")
        yield cluster
        return
    binaries = control_plane_binaries(output, environment)
    with running_control_plane(binaries) as control_plane:
        output.success("kube-apiserver and etcd are running")
        if not control_plane.collects_garbage:
            output.step("  without kube-controller-manager, objects owned by a deleted resource stay behind")
        yield control_plane.cluster


def _require_reachable(cluster: Cluster) -> None:
    try:
        cluster.run("get", "--raw=/readyz", "--request-timeout=20s")
    except KubectlError as error:
        raise EnvironmentUnfitError(
            f"the cluster that {OWN_KUBECONFIG} names cannot be used: {error}\n"
            f"correct {cluster.kubeconfig}, or leave {OWN_KUBECONFIG} out to have a control plane started"
        ) from error


@contextmanager
def _namespace(cluster: Cluster, output: Output, *, keep: bool) -> Iterator[None]:
    try:
        cluster.run("create", "namespace", DEMO_NAMESPACE)
    except KubectlError as error:
        raise EnvironmentUnfitError(
            f"{error}\nthe demo needs namespace {DEMO_NAMESPACE} for itself: `kubectl delete namespace "
            f"{DEMO_NAMESPACE}` if it is left over from an earlier demo"
        ) from error
    try:
        admit_tenants(cluster, DEMO_NAMESPACE)
        yield
    finally:
        if not keep:
            remove_resources(cluster, DEMO_NAMESPACE)
            cluster.run("delete", "namespace", DEMO_NAMESPACE, "--wait=false")
            output.step(f"Namespace {DEMO_NAMESPACE} is deleted. What was installed stays until you remove it with")
            output.command("kubectl delete --kustomize manifests/base")
