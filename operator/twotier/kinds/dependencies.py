"""What a reconcile requires before it begins: the resources that it refers to."""

from typing import Any, TypeVar

from sqlalchemy import Connection

from twotier.bss.organizations.distributor import Distributor, find_distributor
from twotier.kinds.schema.resource import Definition
from twotier.kinds.schema.spec import Spec
from twotier.runtime.cluster import Cluster
from twotier.runtime.outcome import Waiting
from twotier.runtime.reasons import CommonReason
from twotier.runtime.resource import Key, Resource

Referred = TypeVar("Referred", bound=Spec)


def reference(definition: Definition, resource: Resource[Any], name: str) -> Key:
    """Return the key of a resource that another one names, which is in the same namespace."""
    return Key(definition.kind, resource.key.namespace, name)


async def require(cluster: Cluster, key: Key, spec: type[Referred], field: str) -> Resource[Referred]:
    """Return a resource that is referred to.

    Args:
        spec: the model of the kind that the key names.
        field: that names it, for the message.

    Raises:
        Waiting: it does not exist, or is being deleted.
    """
    found = await cluster.find(key, spec)
    if found is None or found.deleting:
        raise Waiting(
            CommonReason.DEPENDENCY_NOT_FOUND,
            f"{key.kind} {key.name} does not exist in namespace {key.namespace}: apply it, or correct {field}",
        )
    return found


def require_distributor(connection: Connection, key: Key) -> Distributor:
    """Return the root organisation of a Distributor resource that exists.

    Raises:
        Waiting: it has not been reconciled yet.
    """
    found = find_distributor(connection, key.namespace, key.name)
    if found is None:
        raise Waiting(
            CommonReason.DEPENDENCY_NOT_READY, f"{key.kind} {key.name} is not ready yet: see its condition Ready"
        )
    return found
