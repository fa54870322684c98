"""The embedded control plane is a real one, tells who wrote what, and ends with whoever started it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import dedent

import pytest
from kubernetes import client

from twotier.dev.cluster import Cluster, KubectlError
from twotier.dev.controlplane import audit
from twotier.dev.controlplane.build import control_plane_binaries
from twotier.dev.controlplane.running import ControlPlane, running_control_plane
from twotier.dev.output import Output

HOLDS_A_CONTROL_PLANE = """
    import time
    from twotier.dev.controlplane.build import control_plane_binaries
    from twotier.dev.controlplane.running import running_control_plane
    from twotier.dev.output import Output

    with running_control_plane(control_plane_binaries(Output.on_standard_error())):
        print("running", flush=True)
        time.sleep(600)
"""


def test_a_write_in_a_fresh_namespace_is_on_record(
    control_plane: ControlPlane, kubernetes: client.ApiClient, namespace: str
) -> None:
    one = client.V1ConfigMap(metadata=client.V1ObjectMeta(name="one"))
    client.CoreV1Api(kubernetes).create_namespaced_config_map(namespace, one)
    records = [write for write in audit.writes(control_plane.audit_log, "admin") if write.namespace == namespace]
    assert [(write.verb, write.resource, write.name, write.status) for write in records] == [
        ("create", "rolebindings", "twotier-credentials", 201),
        ("create", "configmaps", "one", 201),
    ]


def test_what_a_deleted_object_owned_vanishes_too(cluster: Cluster, namespace: str) -> None:
    cluster.run("create", "configmap", "owner", f"--namespace={namespace}")
    owner = cluster.get("configmap", "owner", f"--namespace={namespace}")
    reference = f"{{apiVersion: v1, kind: ConfigMap, name: owner, uid: {owner['metadata']['uid']}}}"
    cluster.apply(
        f"{{apiVersion: v1, kind: Secret, metadata: {{name: owned, ownerReferences: [{reference}]}}}}", namespace
    )
    cluster.run("delete", "configmap", "owner", f"--namespace={namespace}")
    cluster.run("wait", "--for=delete", "--timeout=120s", "secret/owned", f"--namespace={namespace}")


def test_the_operator_is_its_service_account_and_may_do_what_is_shipped_and_no_more(
    cluster: Cluster, operator_cluster: Cluster
) -> None:
    who = operator_cluster.run("auth", "whoami", "--output=jsonpath={.status.userInfo.username}")
    assert who == "system:serviceaccount:twotier-system:twotier-operator"
    assert "yes" in operator_cluster.run("auth", "can-i", "patch", "pricelists.twotier.dev", "--subresource=status")
    with pytest.raises(KubectlError, match="no"):
        operator_cluster.run("auth", "can-i", "delete", "pricelists.twotier.dev")
    assert "yes" in cluster.run("auth", "can-i", "delete", "pricelists.twotier.dev")


def test_binaries_without_a_controller_manager_make_a_control_plane_that_says_so(
    cluster: Cluster, tmp_path: Path
) -> None:
    for name in ("etcd", "kube-apiserver", "kubectl"):
        (tmp_path / name).symlink_to(cluster.kubectl.with_name(name))
    binaries = control_plane_binaries(Output.on_standard_error(), {"KUBEBUILDER_ASSETS": str(tmp_path)})
    with running_control_plane(binaries) as control_plane:
        assert not control_plane.collects_garbage
        assert control_plane.cluster.run("get", "--raw=/readyz") == "ok"


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT], ids=["killed", "interrupted"])
def test_all_components_end_when_whoever_started_them_is(number: signal.Signals) -> None:
    with TemporaryDirectory() as folder:
        command = [sys.executable, "-c", dedent(HOLDS_A_CONTROL_PLANE)]
        environment = {**os.environ, "TMPDIR": folder}
        with subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as holder:
            assert holder.stdout is not None
            assert holder.stdout.readline() == "running\n"
            assert len(processes_in(folder)) >= 3
            holder.send_signal(number)
        deadline = time.monotonic() + 60
        while left := processes_in(folder):
            assert time.monotonic() < deadline, left
            time.sleep(0.1)


def processes_in(folder: str) -> list[str]:
    """The command lines that name a folder."""
    listing = subprocess.run(["ps", "-ww", "-A", "-o", "args"], capture_output=True, text=True, check=True)
    return [line for line in listing.stdout.splitlines() if folder in line]
