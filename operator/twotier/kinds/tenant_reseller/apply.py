"""The steps from a tenant's present state to what is declared; each may be repeated."""

from functools import partial
from uuid import UUID

from sqlalchemy import Connection

from twotier.bss.catalogue.runs.apply import give_first_catalogue
from twotier.bss.catalogue.runs.updates import Request
from twotier.bss.tenants import lifecycle
from twotier.bss.tenants.credentials import generate_password, store_credentials
from twotier.bss.tenants.declaring import declare_administrator, declare_tenant
from twotier.bss.tenants.observing import PriceListFacts
from twotier.bss.tenants.phases import Phase
from twotier.bss.tenants.provisioning import provision
from twotier.fault_points import fault_point
from twotier.kinds.context import Context
from twotier.kinds.tenant_reseller.credentials.secret import write_password
from twotier.kinds.tenant_reseller.observe import Ending, Observed, Tenant, assignment_key, observed


async def create(context: Context, resource: Tenant, found: Observed, price_list: PriceListFacts) -> None:
    """Create a tenant whose checklist passed, up to its first catalogue.

    Raises:
        AddressTakenError: another tenant reserved the storefront's address since the checklist passed.
    """
    organization_id = await context.in_thread(
        lambda: provision(
            context.database.transaction,
            found.distributor,
            found.declared.tenant,
            price_list,
            ids=context.ids,
            now=context.clock(),
        )
    )
    await keep_credentials(context, resource, organization_id, found.facts.credentials_rotation)
    await context.transact(partial(_activate, context, resource, organization_id, price_list))
    fault_point("tenant.activate.after_commit")


def _activate(
    context: Context, resource: Tenant, organization_id: UUID, price_list: PriceListFacts, connection: Connection
) -> None:
    give_first_catalogue(
        connection,
        organization_id,
        price_list.id,
        price_list.revision,
        Request(str(assignment_key(resource)), context.clock()),
        offers=price_list.offers or 0,
    )


async def keep_credentials(context: Context, resource: Tenant, organization_id: UUID, made_for: str | None) -> None:
    """Write new credentials of the administrator to the Secret, and then store the hash of the password in it.

    Args:
        made_for: the rotation that the stored password was created for; kept if none is declared any longer.
    """
    rotation = resource.spec.administrator.rotate_credentials or made_for
    password = generate_password(context.entropy)
    await write_password(context.cluster, resource, password)
    fault_point("tenant.credentials.after_secret")
    await context.transact(
        lambda connection: store_credentials(
            connection,
            organization_id,
            password,
            rotation,
            entropy=context.entropy,
        )
    )


def readopt(found: Observed, connection: Connection) -> None:
    """Readopt a tenant whose resource was deleted with Retain."""
    if found.facts.organization_id is not None and found.facts.phase is Phase.MARKED_AS_DELETED:
        lifecycle.readopt(connection, found.facts.organization_id)


def keep(context: Context, resource: Tenant, found: Observed, connection: Connection) -> Observed:
    """Bring a tenant that was once active to what is declared, and return its new state.

    Raises:
        AddressTakenError: the storefront address that is declared now belongs to another tenant.
    """
    organization_id = declare_tenant(
        connection,
        found.distributor,
        found.declared.tenant,
        currency=found.facts.currency or found.distributor.currency,
        ids=context.ids,
        now=context.clock(),
    )
    declare_administrator(connection, organization_id, found.declared.tenant.administrator, ids=context.ids)
    if resource.spec.state == "Suspended":
        lifecycle.suspend(connection, organization_id)
    else:
        lifecycle.resume(connection, organization_id)
    return observed(context, connection, resource, found.declared)


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
