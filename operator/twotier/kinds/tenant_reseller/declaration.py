"""What a TenantReseller declares: the reseller's account, its organisation, administrator and storefront."""

from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import Field

from twotier.kinds.schema.fields import (
    AccountNumber,
    Color,
    Country,
    DnsLabel,
    Email,
    HostName,
    Label,
    Language,
    ResourceName,
    Text,
    TimeZone,
    Url,
)
from twotier.kinds.schema.model import Declared, Rule, exactly_one, immutable
from twotier.kinds.schema.resource import Column, Definition
from twotier.kinds.schema.spec import Spec
from twotier.kinds.schema.status import Status

DateFormat = Literal["yyyy-MM-dd", "dd/MM/yyyy", "dd.MM.yyyy", "dd-MM-yyyy", "MM/dd/yyyy", "yyyy/MM/dd"]
PREPARED: Final = "Prepared"
STOREFRONT_PUBLISHED: Final = "StorefrontPublished"

Phase = Literal["InProgress", "Active", "Suspended", "MarkedAsDeleted", "Failed"]


class Address(Declared):
    """A billing address."""

    street: Annotated[Label | None, Field(description="Street and number.")] = None
    city: Annotated[Label | None, Field(description="Town or city.")] = None
    postal_code: Annotated[str | None, Field(min_length=1, max_length=16, description="Postal code.")] = None
    state: Annotated[Label | None, Field(description="State or province.")] = None
    country: Annotated[
        Country | None,
        Field(
            description="ISO 3166-1 country code, such as GR. The tenant cannot be created before it is known, because "
            "it decides whether the distributor's taxes are copied."
        ),
    ] = None


class ProvisioningLink(Declared):
    """The reseller as a provisioning platform knows it."""

    platform: Annotated[Label, Field(description="The platform, as the Distributor names it.")]
    reference: Annotated[Label, Field(description="The reseller's account on that platform.")]


class Account(Declared):
    """The reseller's account at the distributor."""

    number: Annotated[
        AccountNumber, Field(description="Number of the account, which has one tenant. Cannot be changed.")
    ]
    name: Annotated[Label, Field(description="The reseller's display name.")]
    email: Annotated[Email | None, Field(description="Where the distributor sends mail.")] = None
    address: Annotated[Address, Field(description="Billing address.")] = Address()
    ordering_enabled: Annotated[
        bool, Field(description="Whether the account may order. The tenant cannot be created until it may.")
    ] = True
    provisioning_links: Annotated[
        tuple[ProvisioningLink, ...],
        Field(
            max_length=50,
            description="The reseller's accounts on provisioning platforms; needed for each platform of the "
            "distributor that requires a link and provisions a product type of the price list.",
            json_schema_extra={"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["platform"]},
        ),
    ] = ()


class Administrator(Declared):
    """The first user of the tenant."""

    email: Annotated[
        Email | None,
        Field(
            description="Address to sign in with; another address gets a password of its own. The tenant cannot be "
            "created before it is known."
        ),
    ] = None
    first_name: Annotated[Label | None, Field(description="Given name.")] = None
    last_name: Annotated[Label | None, Field(description="Family name.")] = None
    rotate_credentials: Annotated[
        str | None,
        Field(
            min_length=1,
            max_length=64,
            description="Any text, such as a date. A new value requests new credentials; status repeats it once they "
            "are created.",
        ),
    ] = None


class Branding(Declared):
    """How the storefront looks."""

    company_name: Annotated[
        Label | None, Field(description="Name in the title; that of the account when left out.")
    ] = None
    primary_color: Annotated[Color | None, Field(description="Main colour, such as '#1a73e8'.")] = None
    accent_color: Annotated[Color | None, Field(description="Colour of what stands out, such as '#fbbc04'.")] = None
    logo_url: Annotated[Url | None, Field(description="Address of the logo.")] = None
    banner_text: Annotated[Text | None, Field(description="Text at the top of the first page.")] = None
    terms_url: Annotated[Url | None, Field(description="Address of the terms of use.")] = None
    privacy_url: Annotated[Url | None, Field(description="Address of the privacy notice.")] = None


class Storefront(Declared):
    """The reseller's shop: exactly one of alias and host."""

    rules = (
        exactly_one(
            "alias",
            "host",
            message="name exactly one of alias (under the distributor's base domain) and host (a name of its own)",
        ),
    )

    alias: Annotated[
        DnsLabel | None, Field(description="Name under the base domain of the distributor, such as contoso.")
    ] = None
    host: Annotated[
        HostName | None,
        Field(
            description="A host name of the reseller's own, below no distributor's base domain. It is reserved once "
            "DNS shows the record that status.storefrontChallenge tells."
        ),
    ] = None
    branding: Annotated[Branding, Field(description="How the storefront looks.")] = Branding()


class TenantResellerSpec(Spec):
    """A reseller with an organisation of its own."""

    rules = (
        immutable(
            "distributor",
            "a tenant cannot move to another distributor: declare another TenantReseller for that distributor",
        ),
        immutable(
            "account.number",
            "the account of a tenant cannot be changed: declare another TenantReseller for the other account",
        ),
        Rule(
            "!has(self.storefront) || self.edition == 'Premium'",
            "only the Premium edition has a storefront: set edition to Premium, or remove storefront",
            ".storefront",
        ),
    )

    distributor: Annotated[
        ResourceName, Field(description="The Distributor that sells to this reseller. Cannot be changed.")
    ]
    account: Annotated[Account, Field(description="The reseller's account at the distributor.")]
    edition: Annotated[
        Literal["Basic", "Premium"],
        Field(
            description="Basic has the business system; Premium also has a storefront and the reseller's own products."
        ),
    ]
    language: Annotated[
        Language, Field(description="Default language of the organisation and its storefront, such as en or pt-BR.")
    ] = "en"
    time_zone: Annotated[
        TimeZone | None,
        Field(description="The tenant's time zone, such as Europe/Athens; that of the distributor when left out."),
    ] = None
    date_format: Annotated[DateFormat, Field(description="How the tenant writes dates.")] = "yyyy-MM-dd"
    administrator: Annotated[Administrator, Field(description="The first user of the tenant.")] = Administrator()
    separate_invoices: Annotated[
        bool,
        Field(description="Whether the distributor issues one invoice per customer of the reseller, or one for all."),
    ] = False
    billing_day: Annotated[
        int,
        Field(
            ge=1, le=31, description="Day of the month on which the distributor bills; the last day in shorter months."
        ),
    ] = 1
    storefront: Annotated[
        Storefront | None, Field(description="The reseller's shop; with the Premium edition only.")
    ] = None
    state: Annotated[
        Literal["Active", "Suspended"],
        Field(
            description="Suspended stops sign-in, ordering and updates; running subscriptions and their cost continue."
        ),
    ] = "Active"
    deletion_policy: Annotated[
        Literal["Retain", "Delete"],
        Field(
            description="What deleting this resource does: Retain marks the organisation as deleted and keeps its "
            "rows; Delete erases them, and is refused while linked subscriptions run."
        ),
    ] = "Retain"


class ChecklistItem(Declared):
    """One condition that must be met before the tenant is created."""

    item: Annotated[Label, Field(description="What is required.")]
    passed: Annotated[bool, Field(description="Whether it is met.")]
    remedy: Annotated[str | None, Field(max_length=8192, description="What to do if it is not.")] = None


class StorefrontChallenge(Declared):
    """The DNS record that proves a host to be the tenant's own."""

    record: Annotated[str, Field(max_length=253, description="Name of the TXT record.")]
    value: Annotated[str, Field(max_length=255, description="Its value.")]


class TenantResellerStatus(Status):
    """The observed state of a TenantReseller."""

    phase: Annotated[Phase | None, Field(description="Where the tenant is in its life cycle.")] = None
    checklist: Annotated[
        tuple[ChecklistItem, ...],
        Field(
            max_length=32,
            description="What must be met before the tenant is created.",
            json_schema_extra={"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["item"]},
        ),
    ] = ()
    organization_id: Annotated[UUID | None, Field(description="The tenant's organisation in the database.")] = None
    storefront_address: Annotated[
        str | None, Field(max_length=253, description="Host name that is reserved for the storefront.")
    ] = None
    storefront_challenge: Annotated[
        StorefrontChallenge | None,
        Field(description="The DNS record to publish before the host that is declared is reserved."),
    ] = None
    credentials_secret: Annotated[
        str | None, Field(max_length=253, description="The Secret with the administrator's credentials.")
    ] = None
    rotate_credentials: Annotated[
        str | None,
        Field(max_length=64, description="The value of rotateCredentials that the credentials were created for."),
    ] = None


DEFINITION: Final = Definition(
    kind="TenantReseller",
    plural="tenantresellers",
    short_name="tr",
    description="A reseller with its own organisation under a distributor, and a storefront if it is Premium.",
    spec=TenantResellerSpec,
    status=TenantResellerStatus,
    rules=(
        Rule(
            "self.metadata.name.size() <= 239",
            "choose a name of at most 239 characters: the name of the Secret with the credentials adds -administrator",
        ),
    ),
    conditions={
        PREPARED: "All items of the preparation checklist passed.",
        STOREFRONT_PUBLISHED: "The storefront responds at its address. Not part of Ready.",
    },
    columns=(
        Column("Phase", ".status.phase"),
        Column("Edition", ".spec.edition"),
        Column("Account", ".spec.account.number"),
        Column("Distributor", ".spec.distributor", wide=True),
        Column("Storefront", ".status.storefrontAddress", wide=True),
        Column("Organization", ".status.organizationId", wide=True),
    ),
    selectable=(".spec.distributor", ".spec.edition", ".spec.state"),
)
