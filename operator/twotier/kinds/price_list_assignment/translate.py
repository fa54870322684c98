"""A PriceListAssignment in the terms of the BSS."""

from twotier.bss.catalogue.runs.assignment import Approval, Assignment, TenantName
from twotier.bss.catalogue.runs.updates import Mode
from twotier.kinds.price_list_assignment.declaration import PriceListAssignmentSpec


def assignment_of(spec: PriceListAssignmentSpec, tenant: TenantName) -> Assignment:
    """Return what is declared for a tenant's catalogue."""
    return Assignment(
        tenant=tenant,
        price_list=spec.price_list,
        mode=Mode(spec.mode),
        sell_prices=spec.sell_prices,
        names=spec.names,
        approval=Approval(spec.approval),
        approved_plan=spec.approved_plan,
        revision=spec.revision,
        restored_run=spec.restore_run,
    )
