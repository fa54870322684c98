"""A TenantReseller in the terms of the BSS."""

from twotier.bss.tenants.declaration import Account, Administrator, Edition, Storefront, TenantDeclaration
from twotier.kinds.binding import ACCOUNT
from twotier.kinds.price_list_assignment.declaration import PriceListAssignmentSpec
from twotier.kinds.tenant_reseller import declaration as resource
from twotier.runtime.resource import Resource


def tenant_of(
    spec: resource.TenantResellerSpec, assignment: Resource[PriceListAssignmentSpec] | None, contested_by: str | None
) -> TenantDeclaration:
    """Return what is declared about a tenant.

    Args:
        assignment: the one that names the tenant; None if there is none.
        contested_by: the older live resource that declares the same account.
    """
    return TenantDeclaration(
        account=_account(spec.account),
        edition=Edition(spec.edition),
        administrator=Administrator(
            spec.administrator.email, spec.administrator.first_name, spec.administrator.last_name
        ),
        language=spec.language,
        time_zone=spec.time_zone,
        date_format=spec.date_format,
        separate_invoices=spec.separate_invoices,
        billing_day=spec.billing_day,
        storefront=_storefront(spec.storefront),
        price_list=assignment.spec.price_list if assignment else None,
        revision=assignment.spec.revision if assignment else None,
        not_assigned_yet=_not_assigned_yet(assignment, spec.account.number) if assignment else None,
        contested_by=contested_by,
    )


def _not_assigned_yet(assignment: Resource[PriceListAssignmentSpec], number: str) -> str | None:
    """Declaring an assignment requests a first catalogue for its account, unless it is suspended or restores a run."""
    if assignment.suspended:
        return f"{assignment.key.kind} {assignment.key.name} is suspended: set its spec.suspend to false"
    if assignment.spec.restore_run is not None:
        return (
            f"{assignment.key.kind} {assignment.key.name} is to restore run {assignment.spec.restore_run}, and the "
            "tenant has no runs yet: remove its spec.restoreRun"
        )
    account = assignment.status[ACCOUNT]
    if account != number:
        return (
            f"{assignment.key.kind} {assignment.key.name} was made for account {account}: declare this tenant with "
            f"that account, or delete the assignment and declare it again for account {number}"
        )
    return None


def _account(account: resource.Account) -> Account:
    return Account(
        number=account.number,
        name=account.name,
        country=account.address.country,
        ordering_enabled=account.ordering_enabled,
        email=account.email,
        street=account.address.street,
        city=account.address.city,
        state=account.address.state,
        postal_code=account.address.postal_code,
        links={link.platform: link.reference for link in account.provisioning_links},
    )


def _storefront(storefront: resource.Storefront | None) -> Storefront | None:
    if storefront is None:
        return None
    return Storefront(storefront.alias, storefront.host, storefront.branding.model_dump(exclude_none=True))
