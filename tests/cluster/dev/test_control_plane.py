"""The embedded control plane is a real one: it collects garbage, ends namespaces and tells who wrote what."""

from kubernetes import client

from twotier.dev.controlplane import audit
from twotier.dev.controlplane.running import ControlPlane


def test_a_write_in_a_fresh_namespace_is_on_record(
    control_plane: ControlPlane, kubernetes: client.ApiClient, namespace: str
) -> None:
    one = client.V1ConfigMap(metadata=client.V1ObjectMeta(name="one"))
    client.CoreV1Api(kubernetes).create_namespaced_config_map(namespace, one)
    records = [write for write in audit.writes(control_plane.audit_log, "admin") if write.namespace == namespace]
    assert [(write.verb, write.resource, write.name, write.status) for write in records] == [
        ("create", "configmaps", "one", 201),
    ]
