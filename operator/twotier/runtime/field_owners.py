"""Through which field manager a field of a resource was set, as the API server records it.

A field manager is a name that whoever writes chooses: it helps people to find their way, and proves nothing. The user
is in the API server's audit log alone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from twotier.runtime.api import ApiClient
from twotier.runtime.api_resource import ApiResource
from twotier.runtime.outcome import Waiting
from twotier.runtime.reasons import CommonReason
from twotier.runtime.resource import Key


@dataclass(frozen=True, slots=True)
class FieldOwner:
    """Through which field manager a field was set last.

    Attributes:
        manager: the field manager, such as "kustomize-controller"; None if nobody owns it.
        since: when; aware.
    """

    manager: str | None = None
    since: datetime | None = None


async def who_set(api: ApiClient, kind: ApiResource, key: Key, field: str, value: object) -> FieldOwner:
    """Return who set a field of a spec to a value, and when.

    The caches do not hold managed fields, so this reads them from the API server.

    Args:
        field: by its JSON name, such as "suspend".
        value: that the operator knows of.

    Raises:
        Waiting: the field has another value by now, so this one is no longer requested.
    """
    body = await api.get(kind, key.namespace, key.name)
    if body is None or body.get("spec", {}).get(field) != value:
        raise Waiting(
            CommonReason.PROGRESSING,
            f"spec.{field} has just been changed: nothing was applied; the operator reads it again",
        )
    return owner_of(body["metadata"].get("managedFields", ()), field)


def owner_of(managed_fields: Iterable[Mapping[str, Any]], field: str) -> FieldOwner:
    """Return the manager that set a field of the spec last."""
    owners = [each for each in managed_fields if f"f:{field}" in each.get("fieldsV1", {}).get("f:spec", {})]
    if not owners:
        return FieldOwner()
    last = max(owners, key=lambda each: str(each.get("time", "")))
    return FieldOwner(last.get("manager"), datetime.fromisoformat(last["time"]) if "time" in last else None)
