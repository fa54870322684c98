"""The kinds as the API server knows them, and ways to hear what it says of a resource."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from kubernetes import client

from twotier.dev.cluster import Cluster
from twotier.kinds.registry import DEFINITIONS
from twotier.runtime.resource import API_VERSION, GROUP, VERSION

PLURALS = {definition.kind: definition.plural for definition in DEFINITIONS}
APPLY = "application/apply-patch+yaml"

Body = Mapping[str, Any]


@pytest.fixture
def resources(installed: None, kubernetes: client.ApiClient) -> client.CustomObjectsApi:  # noqa: ARG001 -- it must be there
    return client.CustomObjectsApi(kubernetes)


@pytest.fixture
def create(resources: client.CustomObjectsApi, namespace: str) -> Callable[[str, str, Body], dict[str, Any]]:
    """Create a resource of a kind, a name and a spec, and return it as the API server keeps it."""

    def create(kind: str, name: str, spec: Body) -> dict[str, Any]:
        body = _resource(kind, name, spec=spec)
        return _fields(
            resources.create_namespaced_custom_object(*_place(namespace, kind), body, field_validation="Strict")
        )

    return create


@pytest.fixture
def refusal(resources: client.CustomObjectsApi) -> Callable[[str, str, Body], str]:
    """Return why a resource of a kind, a name and a spec cannot be created, or "" if it can; nothing is created."""

    def refusal(kind: str, name: str, spec: Body) -> str:
        try:
            resources.create_namespaced_custom_object(
                *_place("default", kind), _resource(kind, name, spec=spec), field_validation="Strict", dry_run="All"
            )
        except client.ApiException as error:
            return _message(error)
        return ""

    return refusal


@pytest.fixture
def refusal_of_change(resources: client.CustomObjectsApi) -> Callable[[str, str, Body, Body], str]:
    """Return why a spec cannot be changed by a merge patch, in which null takes a field away, or "" if it can."""

    def refusal_of_change(kind: str, name: str, spec: Body, patch: Body) -> str:
        place = _place("default", kind)
        resources.create_namespaced_custom_object(*place, _resource(kind, name, spec=spec))
        try:
            resources.patch_namespaced_custom_object(
                *place, name, {"spec": patch}, field_validation="Strict", dry_run="All"
            )
        except client.ApiException as error:
            return _message(error)
        finally:
            resources.delete_namespaced_custom_object(*place, name)
        return ""

    return refusal_of_change


@pytest.fixture
def apply(
    installed: None,  # noqa: ARG001 -- it must be there
    cluster: Cluster,
    namespace: str,
) -> Callable[[str, str, str, Body], dict[str, Any]]:
    """Apply, as a manager, a part of the spec of a resource, and return the resource."""

    def apply(manager: str, kind: str, name: str, spec: Body) -> dict[str, Any]:
        place = (f"--namespace={namespace}", f"--field-manager={manager}", "--filename=-", "--output=json")
        body = json.dumps(_resource(kind, name, spec=spec))
        return _fields(json.loads(cluster.run("apply", "--server-side", *place, standard_input=body)))

    return apply


@pytest.fixture
def apply_status(resources: client.CustomObjectsApi, namespace: str) -> Callable[[str, str, str, Body], dict[str, Any]]:
    """Apply, as a manager, a part of the status of a resource, and return the resource."""

    def apply_status(manager: str, kind: str, name: str, status: Body) -> dict[str, Any]:
        body = _resource(kind, name, status=status)
        return _fields(
            resources.patch_namespaced_custom_object_status(
                *_place(namespace, kind), name, body, field_manager=manager, _content_type=APPLY
            )
        )

    return apply_status


def _place(namespace: str, kind: str) -> tuple[str, str, str, str]:
    return GROUP, VERSION, namespace, PLURALS[kind]


def _resource(kind: str, name: str, **parts: Body) -> dict[str, Any]:
    return {"apiVersion": API_VERSION, "kind": kind, "metadata": {"name": name}, **parts}


def _fields(answer: object) -> dict[str, Any]:
    assert isinstance(answer, dict)
    return answer


def _message(error: client.ApiException) -> str:
    message: str = json.loads(error.body or "")["message"]
    _, _, reason = message.partition(" is invalid: ")
    return reason or message
