"""Who set a field of an assignment, as the API server remembers it: the log keeps it with what the field brought."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from twotier.bss.catalogue.runs.updates import NOBODY, Asked
from twotier.kinds.price_list_assignment.declaration import DEFINITION, PriceListAssignmentSpec
from twotier.runtime.api_resource import ApiResource
from twotier.runtime.cluster import Cluster
from twotier.runtime.outcome import Waiting
from twotier.runtime.reasons import Reason
from twotier.runtime.resource import GROUP, VERSION, Resource

ASSIGNMENTS: Final = ApiResource(GROUP, VERSION, DEFINITION.plural, DEFINITION.kind)


async def who_set(cluster: Cluster, resource: Resource[PriceListAssignmentSpec], field: str, value: object) -> Asked:
    """Return who set a field of the spec, and when.

    The operator remembers no managed fields, so the API server is asked.

    Args:
        field: by its JSON name, such as "approvedPlan".
        value: that the operator knows of.

    Raises:
        Waiting: the field has another value by now, so nobody asks for this one any more.
    """
    body = await cluster.api.get(ASSIGNMENTS, resource.key.namespace, resource.key.name)
    if body is None or body.get("spec", {}).get(field) != value:
        raise Waiting(
            Reason.PROGRESSING, f"spec.{field} was changed at this moment: nothing was applied, and it is read again"
        )
    return setter(body["metadata"].get("managedFields", ()), field)


def setter(managed_fields: Iterable[Mapping[str, Any]], field: str) -> Asked:
    """Return the manager that set a field of the spec last; nobody if none owns it."""
    owners = [each for each in managed_fields if f"f:{field}" in each.get("fieldsV1", {}).get("f:spec", {})]
    if not owners:
        return NOBODY
    last = max(owners, key=lambda each: str(each.get("time", "")))
    return Asked(last.get("manager"), datetime.fromisoformat(last["time"]) if "time" in last else None)
