"""A running control plane on this machine's loopback: etcd, kube-apiserver and kube-controller-manager, RBAC on."""

import contextlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import yaml

from twotier.dev.cluster import Cluster
from twotier.dev.controlplane.audit import POLICY
from twotier.dev.controlplane.build import Binaries
from twotier.dev.controlplane.kubeconfig import cluster_entry, write_kubeconfig
from twotier.dev.listening import HOST, answers_ok, listening
from twotier.dev.processes import Command, Process, running

ISSUER: Final = "https://kubernetes.default.svc.cluster.local"


@dataclass(frozen=True, slots=True)
class ControlPlane:
    """What a client needs."""

    cluster: Cluster
    audit_log: Path
    """Every write request, one JSON event per line; see twotier.dev.controlplane.audit."""
    collects_garbage: bool
    """Whether owned objects are deleted with their owner, and namespaces are removed."""
    etcd: Process
    apiserver: Process

    def start_again(self, component: Process) -> None:
        """Start etcd or the API server on what it kept, after it ended; it answers some seconds later."""
        component.start_again(self.audit_log.with_name(f"{component.name}.log"))


@contextmanager
def running_control_plane(binaries: Binaries) -> Iterator[ControlPlane]:
    """Run an empty control plane until the end of the block.

    Raises:
        ComponentFailedError: a component ended or did not answer; the message contains the end of its log.
    """
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="twotier-control-plane-")))
        etcd = stack.enter_context(_running_etcd(binaries.etcd, folder))
        yield stack.enter_context(_running_kubernetes(binaries, folder, *etcd))


@contextmanager
def _running_kubernetes(binaries: Binaries, folder: Path, etcd: Process, etcd_url: str) -> Iterator[ControlPlane]:
    tokens = {name: secrets.token_hex(16) for name in ("admin", "controller-manager")}
    _write_inputs(folder, tokens)
    apiserver = _running_apiserver(binaries.apiserver, folder, etcd_url, tokens["admin"])
    with apiserver as (process, url), contextlib.ExitStack() as stack:
        entry = cluster_entry(url, (folder / "certificates" / "apiserver.crt").read_text(encoding="ascii"))
        if binaries.controller_manager is not None:
            own = write_kubeconfig(folder / "controller-manager.kubeconfig", entry, tokens["controller-manager"])
            stack.enter_context(_running_controller_manager(binaries.controller_manager, folder, own))
        yield ControlPlane(
            cluster=Cluster(write_kubeconfig(folder / "admin.kubeconfig", entry, tokens["admin"]), binaries.kubectl),
            audit_log=folder / "audit.log",
            collects_garbage=binaries.controller_manager is not None,
            etcd=etcd,
            apiserver=process,
        )


def _write_inputs(folder: Path, tokens: dict[str, str]) -> None:
    (folder / "tokens.csv").write_text(
        f'{tokens["admin"]},admin,admin,"system:masters"\n'
        f"{tokens['controller-manager']},system:kube-controller-manager,controller-manager\n",
        encoding="ascii",
    )
    (folder / "audit-policy.yaml").write_text(yaml.safe_dump(POLICY), encoding="utf-8")


@contextmanager
def _running_etcd(binary: Path, folder: Path) -> Iterator[tuple[Process, str]]:
    def url(port: int) -> str:
        return f"http://{HOST}:{port}"

    def command(port: int) -> Command:
        arguments = [
            f"--data-dir={folder / 'etcd'}",
            f"--listen-client-urls={url(port)}",
            f"--advertise-client-urls={url(port)}",
            f"--listen-peer-urls=http://{HOST}:0",
            "--unsafe-no-fsync",  # nothing here outlives the process anyway
            "--log-level=warn",
        ]
        return Command(name="etcd", arguments=[binary, *arguments])

    def answers(port: int) -> bool:
        return answers_ok(f"{url(port)}/health")

    with listening(command, answers, folder / "etcd.log") as (process, port):
        yield process, url(port)


@contextmanager
def _running_apiserver(binary: Path, folder: Path, etcd_url: str, admin_token: str) -> Iterator[tuple[Process, str]]:
    certificates = folder / "certificates"
    # kube-apiserver creates its certificate before it reads this key, which is the key of that certificate.
    service_account_key = certificates / "apiserver.key"

    def url(port: int) -> str:
        return f"https://{HOST}:{port}"

    def command(port: int) -> Command:
        arguments = [
            f"--etcd-servers={etcd_url}",
            f"--bind-address={HOST}",
            f"--advertise-address={HOST}",
            f"--secure-port={port}",
            f"--cert-dir={certificates}",
            f"--service-account-key-file={service_account_key}",
            f"--service-account-signing-key-file={service_account_key}",
            f"--service-account-issuer={ISSUER}",
            f"--token-auth-file={folder / 'tokens.csv'}",
            "--authorization-mode=RBAC",
            "--service-cluster-ip-range=10.0.0.0/24",
            "--endpoint-reconciler-type=none",
            "--disable-admission-plugins=ServiceAccount",  # no pods run here
            f"--audit-policy-file={folder / 'audit-policy.yaml'}",
            f"--audit-log-path={folder / 'audit.log'}",
            "--audit-log-mode=blocking",
        ]
        return Command(name="kube-apiserver", arguments=[binary, *arguments])

    def answers(port: int) -> bool:
        return answers_ok(f"{url(port)}/readyz", certificates / "apiserver.crt", admin_token)

    with listening(command, answers, folder / "kube-apiserver.log") as (process, port):
        yield process, url(port)


@contextmanager
def _running_controller_manager(binary: Path, folder: Path, kubeconfig: Path) -> Iterator[None]:
    arguments = [
        f"--kubeconfig={kubeconfig}",
        f"--service-account-private-key-file={folder / 'certificates' / 'apiserver.key'}",
        "--use-service-account-credentials",
        "--leader-elect=false",
        "--controllers=*,-nodeipam,-nodelifecycle",
        "--secure-port=0",
    ]
    command = Command(name="kube-controller-manager", arguments=[binary, *arguments])
    with running(command, folder / "kube-controller-manager.log"):
        yield
