"""A control plane with 10,000 resources of about 2 kB, and programs that watch them."""

import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml
from kubernetes import client, config

from benchmarks.boats import COUNT, DEFINITION, KIND, PLURAL, Watched
from twotier.dev.controlplane.audit import Write, writes
from twotier.dev.controlplane.build import control_plane_binaries
from twotier.dev.controlplane.running import ControlPlane, running_control_plane
from twotier.dev.output import Output
from twotier.dev.processes import Command, running
from twotier.runtime.resource import API_VERSION, GROUP, VERSION

NAMESPACE: Final = "fleet"
ACCOUNT: Final = "admiral"
CARGO: Final = "x" * 1_200
PATIENCE_SECONDS: Final = 900
PARALLEL: Final = 8


@dataclass(frozen=True, slots=True)
class Fleet:
    """The fleet, and a ServiceAccount that may do anything with it."""

    control_plane: ControlPlane
    folder: Path
    kubeconfig: Path

    def run(self, program: str) -> Watched:
        """Run a program of benchmarks.fleet_programs until it is through with all resources."""
        result = self.folder / "result.json"
        result.unlink(missing_ok=True)
        command = Command(
            name=program,
            arguments=[sys.executable, "-m", "benchmarks.fleet_programs", program],
            environment={
                **os.environ,
                "FLEET_RESULT": str(result),
                "FLEET_STARTED": str(time.monotonic()),
                "TWOTIER_KUBECONFIG": str(self.kubeconfig),
                "TWOTIER_SWEEP_INTERVAL": "3600",
                "TWOTIER_PORT": "0",
            },
        )
        with running(command, self.folder / f"{program}.log") as process:
            deadline = time.monotonic() + PATIENCE_SECONDS
            while not result.exists():
                if process.status is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"{program} did not get through; see {self.folder}")
                time.sleep(0.05)
        return Watched(**json.loads(result.read_text(encoding="utf-8")))

    def writes(self) -> Sequence[Write]:
        """Return what the programs wrote to the API server so far, the Lease apart."""
        user = f"system:serviceaccount:{NAMESPACE}:{ACCOUNT}"
        return [write for write in writes(self.control_plane.audit_log, user) if write.resource != "leases"]


@contextmanager
def running_fleet(folder: Path) -> Iterator[Fleet]:
    """Run a control plane with the fleet until the end of the block; nothing has a status yet."""
    with running_control_plane(control_plane_binaries(Output.on_standard_error())) as control_plane:
        cluster = control_plane.cluster
        cluster.apply(yaml.safe_dump(DEFINITION))
        cluster.run("wait", f"crd/{PLURAL}.{GROUP}", "--for=condition=Established", "--timeout=60s")
        cluster.run("create", "namespace", NAMESPACE)
        cluster.run("create", "serviceaccount", ACCOUNT, f"--namespace={NAMESPACE}")
        cluster.run(
            *("create", "clusterrolebinding", ACCOUNT, "--clusterrole=cluster-admin"),
            f"--serviceaccount={NAMESPACE}:{ACCOUNT}",
        )
        kubeconfig = cluster.service_account_kubeconfig(NAMESPACE, ACCOUNT, folder / "kubeconfig")
        _create(cluster.kubeconfig)
        yield Fleet(control_plane, folder, kubeconfig)


def _create(kubeconfig: Path) -> None:
    connect = config.new_client_from_config
    with (
        connect(str(kubeconfig)) as connection,  # type: ignore[no-untyped-call]  # the package is half typed
        ThreadPoolExecutor(PARALLEL) as threads,
    ):
        resources = client.CustomObjectsApi(connection)

        def create(number: int) -> None:
            body = {
                "apiVersion": API_VERSION,
                "kind": KIND,
                "metadata": {"name": f"boat-{number:05}"},
                "spec": {"number": number, "cargo": CARGO},
            }
            resources.create_namespaced_custom_object(GROUP, VERSION, NAMESPACE, PLURAL, body)

        list(threads.map(create, range(COUNT)))
