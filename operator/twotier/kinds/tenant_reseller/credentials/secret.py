"""The Secret with the administrator's credentials: ours alone, written before the password's hash is stored."""

import base64
from typing import Any, Final

from twotier.bss.tenants.credentials import Entropy, generate_password
from twotier.kinds.tenant_reseller.declaration import TenantResellerSpec
from twotier.kinds.tenant_reseller.reasons import Reason
from twotier.runtime.api import ConflictError
from twotier.runtime.api_resource import SECRETS
from twotier.runtime.cluster import Cluster
from twotier.runtime.outcome import Waiting
from twotier.runtime.reasons import CommonReason
from twotier.runtime.resource import API_VERSION, Resource

ROTATION: Final = "twotier.dev/rotate-credentials"


def secret_name(resource: Resource[TenantResellerSpec]) -> str:
    """Return the name of the Secret that belongs to a tenant."""
    return f"{resource.key.name}-administrator"


async def is_gone(cluster: Cluster, resource: Resource[TenantResellerSpec]) -> bool:
    """Return whether a person deleted the Secret, or removed the password from it."""
    found = await cluster.api.get(SECRETS, resource.key.namespace, secret_name(resource))
    return found is None or _entry(found, "password") is None


async def ensure_password(
    cluster: Cluster, resource: Resource[TenantResellerSpec], rotation: str | None, entropy: Entropy
) -> str:
    """Return the administrator's password from the Secret, which is first created, rotated or corrected if that is due.

    Args:
        rotation: what the password is created for; one that was created for it stays.

    Raises:
        Waiting: a Secret of that name is not ours and is not touched; or that of a predecessor is about to
            vanish, or another process is writing it.
    """
    found = await cluster.api.get(SECRETS, resource.key.namespace, secret_name(resource))
    wanted = _secret(resource, rotation)
    if found is None:
        return await _write(cluster, wanted, None, generate_password(entropy))
    _refuse_foreign(found["metadata"], resource)
    kept = _entry(found, "password")
    if kept is None or found["metadata"].get("annotations", {}).get(ROTATION) != (rotation or ""):
        return await _write(cluster, wanted, found, generate_password(entropy))
    if _entry(found, "email") != wanted["stringData"]["email"]:
        return await _write(cluster, wanted, found, kept)
    return kept


def _entry(found: dict[str, Any], name: str) -> str | None:
    """Return an entry of a Secret, or None if a person removed it."""
    encoded = found.get("data", {}).get(name)
    return None if encoded is None else base64.b64decode(encoded).decode()


def _refuse_foreign(metadata: dict[str, Any], resource: Resource[TenantResellerSpec]) -> None:
    owners = [owner for owner in metadata.get("ownerReferences", ()) if owner["kind"] == resource.key.kind]
    if any(owner["uid"] == resource.uid for owner in owners):
        return
    name = metadata["name"]
    if any(owner["name"] == resource.key.name for owner in owners):
        raise Waiting(
            Reason.SECRET_NOT_OURS,
            f"Secret {name} belongs to an earlier {resource.key.kind} of this name and is being garbage-collected; "
            f"if that takes too long, delete it: kubectl delete secret {name}",
        )
    raise Waiting(
        Reason.SECRET_NOT_OURS,
        f"Secret {name} exists and was not created by TwoTier, so it is left alone: rename or delete it, "
        "and the credentials will be written to a new one",
    )


async def _write(cluster: Cluster, wanted: dict[str, Any], found: dict[str, Any] | None, password: str) -> str:
    wanted["stringData"]["password"] = password
    name, namespace = wanted["metadata"]["name"], wanted["metadata"]["namespace"]
    try:
        if found is None:
            await cluster.api.create(SECRETS, namespace, wanted)
        else:
            wanted["metadata"]["uid"] = found["metadata"]["uid"]
            await cluster.api.apply(SECRETS, wanted)
    except ConflictError as conflict:
        raise Waiting(CommonReason.PROGRESSING, f"Secret {name} changed while it was being written") from conflict
    return password


def _secret(resource: Resource[TenantResellerSpec], rotation: str | None) -> dict[str, Any]:
    """Return the wanted Secret, without the password."""
    return {
        "metadata": {
            "name": secret_name(resource),
            "namespace": resource.key.namespace,
            "annotations": {ROTATION: rotation or ""},
            "ownerReferences": [
                {
                    "apiVersion": API_VERSION,
                    "kind": resource.key.kind,
                    "name": resource.key.name,
                    "uid": resource.uid,
                    "controller": True,
                }
            ],
        },
        "stringData": {"email": resource.spec.administrator.email or ""},
    }
