"""What a Distributor declares: the root organisation, and the settings that its tenants start with."""

from typing import Annotated, Final
from uuid import UUID

from pydantic import Field

from twotier.kinds.schema.fields import Country, Currency, HostName, Label, Percent, TimeZone
from twotier.kinds.schema.model import Declared, immutable
from twotier.kinds.schema.resource import Column, Definition
from twotier.kinds.schema.spec import Spec
from twotier.kinds.schema.status import Status


class Tax(Declared):
    """A tax that tenants in the distributor's country start with."""

    name: Annotated[Label, Field(description="The tax as invoices name it, such as VAT 24 %.")]
    rate_percent: Annotated[Percent, Field(description="Rate in percent, as a quoted number, such as '24'.")]
    product_types: Annotated[
        frozenset[Label] | None,
        Field(
            min_length=1,
            max_length=100,
            description="Product types (services) that the tax applies to; all when left out. "
            "A tenant gets the tax if it applies to all, or to one in the tenant's price list.",
        ),
    ] = None


class PaymentMethod(Declared):
    """A way in which customers pay."""

    name: Annotated[Label, Field(description="The method as customers read it, such as Bank transfer.")]
    gateway: Annotated[
        Label | None,
        Field(description="The payment gateway it is tied to. A method with a gateway is not copied to tenants."),
    ] = None


class AutomaticInvoices(Declared):
    """How invoices are issued automatically."""

    enabled: Annotated[bool, Field(description="Issue invoices when they are due.")] = False
    send_by_email: Annotated[bool, Field(description="Send each invoice to the customer once it is issued.")] = False
    responsible_user: Annotated[
        Label | None,
        Field(
            description="User who is notified of problems at the distributor; in a tenant, the tenant's administrator."
        ),
    ] = None


class TenantDefaults(Declared):
    """Settings that are copied into a tenant when it is created."""

    countries: Annotated[
        frozenset[Country],
        Field(
            min_length=1,
            max_length=250,
            description="Countries that tenants may have customers in, by ISO 3166-1, such as GR. "
            "All countries when left out.",
        ),
    ] = frozenset()
    taxes: Annotated[
        tuple[Tax, ...],
        Field(
            max_length=50,
            description="Taxes. Copied only into tenants of the distributor's own country.",
            json_schema_extra={"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"]},
        ),
    ] = ()
    payment_methods: Annotated[
        tuple[PaymentMethod, ...],
        Field(
            max_length=50,
            description="Payment methods. Those without a gateway are copied.",
            json_schema_extra={"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"]},
        ),
    ] = ()
    automatic_invoices: Annotated[AutomaticInvoices, Field(description="Options of automatic invoices.")] = (
        AutomaticInvoices()
    )


class Platform(Declared):
    """A system that provisions services, such as a vendor's portal."""

    name: Annotated[Label, Field(description="The platform, as the provisioning links of accounts name it.")]
    product_types: Annotated[
        frozenset[Label],
        Field(min_length=1, max_length=100, description="Product types (services) in price lists that it provisions."),
    ]
    link_required: Annotated[
        bool,
        Field(
            description="Whether a reseller must have an account on it before a tenant with such products is created."
        ),
    ] = True


class MachineRecords(Declared):
    """Who owns records that no person created, such as back-orders."""

    responsible_user: Annotated[Label, Field(description="User that such records are assigned to.")]
    permission_rule: Annotated[Label, Field(description="Permission rule that governs who may see them.")]


class DistributorSpec(Spec):
    """The root organisation, and the settings that its tenants start with."""

    rules = (
        immutable(
            "currency",
            "the currency of a distributor cannot be changed: declare another Distributor for the other currency",
        ),
    )

    display_name: Annotated[Label, Field(description="The distributor's display name.")]
    country: Annotated[Country, Field(description="The distributor's country, by ISO 3166-1, such as GR.")]
    time_zone: Annotated[
        TimeZone,
        Field(description="The distributor's time zone, such as Europe/Athens, which dates of price lists are in."),
    ]
    currency: Annotated[Currency, Field(description="The distributor's own currency, by ISO 4217. Cannot be changed.")]
    base_domain: Annotated[
        HostName | None,
        Field(
            description="Domain under which storefronts with an alias get their address, such as shops.example.com. It "
            "belongs to this Distributor, with all below it, until it is removed here."
        ),
    ] = None
    tenant_defaults: Annotated[TenantDefaults, Field(description="Settings that a new tenant starts with.")] = (
        TenantDefaults()
    )
    platforms: Annotated[
        tuple[Platform, ...],
        Field(
            max_length=50,
            description="Systems that provision the services of the price lists.",
            json_schema_extra={"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"]},
        ),
    ] = ()
    machine_records: Annotated[
        MachineRecords | None, Field(description="Owner of records that no person created. Back-ordering needs it.")
    ] = None


class DistributorStatus(Status):
    """The observed state of a Distributor."""

    organization_id: Annotated[UUID | None, Field(description="The root organisation in the database.")] = None
    base_domain: Annotated[
        str | None, Field(max_length=253, description="Domain that belongs to this Distributor, with all below it.")
    ] = None


DEFINITION: Final = Definition(
    kind="Distributor",
    plural="distributors",
    short_name="dist",
    description="A distributor: the root organisation, above the tenants of its resellers.",
    spec=DistributorSpec,
    status=DistributorStatus,
    columns=(
        Column("Country", ".spec.country"),
        Column("Currency", ".spec.currency"),
        Column("Organization", ".status.organizationId", wide=True),
    ),
)
