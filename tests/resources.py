"""What people do to resources with kubectl, by the same requests but without a process for each of them."""

from typing import Any, Final

import yaml
from kubernetes import client
from tests.waiting import eventually

from twotier.dev.cluster import FIELD_MANAGER
from twotier.dev.installation import checkout
from twotier.runtime.resource import GROUP, VERSION

BINDING: Final = checkout() / "manifests" / "namespace" / "credentials.yaml"
APPLY: Final = "application/apply-patch+yaml"
MERGE: Final = "application/merge-patch+json"
NO_FINALIZERS: Final = {"metadata": {"finalizers": None}}
NOT_FOUND: Final = 404

Object = dict[str, Any]


def admit_tenants(kubernetes: client.ApiClient, namespace: str) -> None:
    """Let the operator keep the credentials of tenants in a namespace, as `manifests/namespace` does."""
    binding = yaml.safe_load(BINDING.read_text(encoding="utf-8"))
    client.RbacAuthorizationV1Api(kubernetes).create_namespaced_role_binding(namespace, binding)


def apply(kubernetes: client.ApiClient, namespace: str, resource: Object) -> None:
    """Apply a ConfigMap or a custom resource, as `kubectl apply --server-side` does."""
    group, _, version = resource["apiVersion"].rpartition("/")
    name = resource["metadata"]["name"]
    if resource["kind"] == "ConfigMap":
        client.CoreV1Api(kubernetes).patch_namespaced_config_map(
            name, namespace, resource, field_manager=FIELD_MANAGER, field_validation="Strict", _content_type=APPLY
        )
    else:
        client.CustomObjectsApi(kubernetes).patch_namespaced_custom_object(
            group,
            version,
            namespace,
            plural(resource["kind"]),
            name,
            resource,
            field_manager=FIELD_MANAGER,
            field_validation="Strict",
            _content_type=APPLY,
        )


def get(kubernetes: client.ApiClient, namespace: str, kind: str, name: str) -> Object:
    """Return a resource of ours as the API server shows it; {} if there is none."""
    custom = client.CustomObjectsApi(kubernetes)
    try:
        found = custom.get_namespaced_custom_object(GROUP, VERSION, namespace, plural(kind), name)
    except client.ApiException as error:
        if error.status != NOT_FOUND:
            raise
        return {}
    assert isinstance(found, dict)
    return found


def all_of(kubernetes: client.ApiClient, namespace: str, kind: str) -> list[Object]:
    """Return all resources of a kind of ours."""
    return _items(client.CustomObjectsApi(kubernetes), namespace, plural(kind))


def delete(kubernetes: client.ApiClient, namespace: str, kind: str, name: str) -> None:
    """Begin to delete a ConfigMap or a resource of ours, if there is one."""
    try:
        if kind == "ConfigMap":
            client.CoreV1Api(kubernetes).delete_namespaced_config_map(name, namespace)
        else:
            place = (GROUP, VERSION, namespace, plural(kind))
            client.CustomObjectsApi(kubernetes).delete_namespaced_custom_object(*place, name)
    except client.ApiException as error:
        if error.status != NOT_FOUND:
            raise


def remove_all(kubernetes: client.ApiClient, namespace: str) -> None:
    """Remove all resources of ours from a namespace, as they are: nothing is done about what they stand for."""
    custom = client.CustomObjectsApi(kubernetes)
    served = custom.get_api_resources(GROUP, VERSION).resources
    plurals = [each.name for each in served if each.namespaced and "/" not in each.name]
    eventually(lambda: not _removing(custom, namespace, plurals), lambda: f"there are resources left in {namespace}")


def _removing(custom: client.CustomObjectsApi, namespace: str, plurals: list[str]) -> bool:
    """Whether there is anything left, which is told to go, without what holds it."""
    places = [(GROUP, VERSION, namespace, plural) for plural in plurals if _items(custom, namespace, plural)]
    for place in places:
        custom.delete_collection_namespaced_custom_object(*place)
        for held in _items(custom, namespace, place[-1]):
            _let_go(custom, place, held["metadata"]["name"])
    return bool(places)


def _items(custom: client.CustomObjectsApi, namespace: str, plural: str) -> list[Object]:
    found = custom.list_namespaced_custom_object(GROUP, VERSION, namespace, plural)
    assert isinstance(found, dict)
    return list(found["items"])


def _let_go(custom: client.CustomObjectsApi, place: tuple[str, str, str, str], name: str) -> None:
    try:
        custom.patch_namespaced_custom_object(*place, name, NO_FINALIZERS, _content_type=MERGE)
    except client.ApiException as error:
        if error.status != NOT_FOUND:
            raise


def plural(kind: str) -> str:
    """The name under which a kind is served: all that are used here follow English."""
    ends_in_ies = kind.endswith("y") and kind[-2] not in "aeiou"
    return f"{kind[:-1].lower()}ies" if ends_in_ies else f"{kind.lower()}s"
