"""A Distributor in the terms of the BSS."""

from twotier.bss.organizations.settings import (
    AutomaticInvoicing,
    DistributorSettings,
    PaymentMethod,
    Platform,
    Tax,
)
from twotier.kinds.distributor.declaration import DistributorSpec


def settings_of(spec: DistributorSpec) -> DistributorSettings:
    """Return the declaration in the terms of the BSS."""
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
