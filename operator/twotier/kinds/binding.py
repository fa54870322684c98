"""The account that an assignment is bound to: the first that its tenant was seen with, for as long as it exists."""

from dataclasses import replace
from typing import Final, TypeVar

from twotier.kinds.schema.spec import Spec
from twotier.runtime.cluster import Cluster
from twotier.runtime.resource import Resource

ACCOUNT: Final = "account"
"""The field of the status."""

Assigned = TypeVar("Assigned", bound=Spec)


async def bound(cluster: Cluster, assignment: Resource[Assigned], account: str) -> Resource[Assigned]:
    """Return an assignment with the account that it is bound to, which is this one if it had none.

    An assignment names its tenant, and a tenant that is deleted and declared anew may have another account. So the
    account is written down before anything relies on it, and the API server lets nobody change it.

    Args:
        account: number of the account that its tenant has now.

    Raises:
        Waiting: the assignment has vanished in the meantime.
    """
    if ACCOUNT in assignment.status:
        return assignment
    fields = {ACCOUNT: account}
    await cluster.record(assignment, fields)
    return replace(assignment, status={**assignment.status, **fields})
