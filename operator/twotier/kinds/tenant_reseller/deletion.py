"""The end of a tenant's resource: found by what identifies it, whether or not its spec is valid."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection

from twotier.bss.tenants import lifecycle
from twotier.kinds.tenant_reseller.declaration import TenantResellerSpec
from twotier.kinds.tenant_reseller.observe import account_in
from twotier.runtime.resource import InvalidResource, Resource


@dataclass(frozen=True, slots=True)
class Ending:
    """What a deletion needs to know of a resource.

    Attributes:
        namespace: of the resource, and of its distributor.
        account: the distributor's name and the number of the account; None if the spec does not say.
        shown: the organisation that the status shows; finds the tenant where the account cannot be read.
        erases: whether its rows go with it; what cannot be read keeps them.
    """

    namespace: str
    account: tuple[str, str] | None
    shown: UUID | None
    erases: bool


def ending_of(resource: Resource[TenantResellerSpec] | InvalidResource) -> Ending:
    """Return what a resource that is being deleted says, as far as it can be read."""
    if isinstance(resource, InvalidResource):
        account, policy = account_in(resource.written), resource.written.get("deletionPolicy")
    else:
        account = resource.spec.distributor, resource.spec.account.number
        policy = resource.spec.deletion_policy
    shown = resource.status.get("organizationId")
    return Ending(resource.key.namespace, account, UUID(shown) if shown else None, erases=policy == "Delete")


def delete(ending: Ending, connection: Connection) -> None:
    """Mark the tenant's organisation as deleted, or erase it; one that was never made leaves nothing to do."""
    if ending.account is not None:
        organization_id = lifecycle.find_by_account(connection, ending.namespace, *ending.account)
    elif ending.shown is not None:
        organization_id = lifecycle.find_below(connection, ending.namespace, ending.shown)
    else:
        return
    if organization_id is None:
        return
    if ending.erases:
        lifecycle.erase(connection, organization_id)
    else:
        lifecycle.mark_deleted(connection, organization_id)
