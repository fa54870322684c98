"""Reconciling a Distributor: its root organisation and settings are made what is declared."""

from functools import partial

from twotier.bss.organizations.distributor import SettingsRefusedError, declare_distributor
from twotier.bss.organizations.settings import (
    AutomaticInvoicing,
    DistributorSettings,
    PaymentMethod,
    Platform,
    Tax,
)
from twotier.kinds.context import Context
from twotier.kinds.distributor.declaration import DEFINITION, DistributorSpec
from twotier.kinds.distributor.reasons import Reason
from twotier.runtime.kind import Kind
from twotier.runtime.outcome import Done, Stalled
from twotier.runtime.reasons import CommonReason
from twotier.runtime.resource import Resource


def kind(context: Context) -> Kind[DistributorSpec]:
    """Return the kind, reconciled in this context."""
    return Kind(
        name=DEFINITION.kind,
        plural=DEFINITION.plural,
        spec=DistributorSpec,
        reconcile=partial(_reconcile, context),
        exposes=lambda resource: (resource.spec, resource.status.get("organizationId")),
    )


async def _reconcile(context: Context, resource: Resource[DistributorSpec]) -> Done:
    key, settings = resource.key, settings_of(resource.spec)
    try:
        organization_id = await context.transact(
            lambda connection: declare_distributor(
                connection, key.namespace, key.name, settings, ids=context.ids, now=context.clock()
            )
        )
    except SettingsRefusedError as refused:
        raise Stalled(CommonReason.INVALID_SPEC, str(refused)) from refused
    return Done(
        Reason.APPLIED,
        f"The root organisation of {settings.display_name} is as declared",
        status={"organizationId": str(organization_id)},
    )


def settings_of(spec: DistributorSpec) -> DistributorSettings:
    """Say in the terms of the BSS what is declared."""
    defaults, machines = spec.tenant_defaults, spec.machine_records
    invoices = defaults.automatic_invoices
    return DistributorSettings(
        display_name=spec.display_name,
        country=spec.country,
        time_zone=spec.time_zone,
        currency=spec.currency,
        storefront_domain=spec.base_domain,
        record_owner=machines.responsible_user if machines else None,
        record_permission_rule=machines.permission_rule if machines else None,
        countries=defaults.countries,
        taxes=tuple(Tax(tax.name, tax.rate_percent, tax.product_types) for tax in defaults.taxes),
        payment_methods=tuple(PaymentMethod(method.name, method.gateway) for method in defaults.payment_methods),
        automatic_invoicing=AutomaticInvoicing(invoices.enabled, invoices.send_by_email, invoices.responsible_user),
        platforms=tuple(
            Platform(platform.name, platform.product_types, platform.link_required) for platform in spec.platforms
        ),
    )
