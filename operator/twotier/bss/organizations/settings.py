"""What a distributor declares of its root organisation."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Tax:
    """A tax and the product types it applies to; None: to all."""

    name: str
    percent: Decimal
    product_types: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class PaymentMethod:
    """A way in which customers pay, and the payment gateway it is tied to, if any."""

    name: str
    gateway: str | None = None


@dataclass(frozen=True, slots=True)
class AutomaticInvoicing:
    """How invoices are made without a person; the responsible user is one of the distributor's."""

    enabled: bool = False
    send_by_email: bool = False
    responsible_user: str | None = None


@dataclass(frozen=True, slots=True)
class Platform:
    """A provisioning system, the product types it provisions, and whether a reseller must be known to it first."""

    name: str
    product_types: frozenset[str]
    link_required: bool = True


@dataclass(frozen=True, slots=True)
class DistributorSettings:
    """A root organisation: what people and dates go by, and what its tenants start from.

    Codes are those of ISO 3166-1 (country, countries) and ISO 4217 (currency), the time zone is one of IANA's.
    No countries means all of them. `storefront_domain` is the domain below which storefronts have their aliases; it and
    all below it belong to this distributor alone.
    The record owner and permission rule are those of records that no person made.
    """

    display_name: str
    country: str
    time_zone: str
    currency: str
    storefront_domain: str | None = None
    record_owner: str | None = None
    record_permission_rule: str | None = None
    countries: frozenset[str] = frozenset()
    taxes: tuple[Tax, ...] = ()
    payment_methods: tuple[PaymentMethod, ...] = ()
    automatic_invoicing: AutomaticInvoicing = AutomaticInvoicing()
    platforms: tuple[Platform, ...] = ()
