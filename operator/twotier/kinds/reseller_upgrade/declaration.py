"""What a ResellerUpgrade declares: a lite reseller's customers and subscriptions that move into its tenant."""

from typing import Annotated, Final, Literal

from pydantic import Field

from twotier.kinds.schema.fields import AccountNumber, ResourceName
from twotier.kinds.schema.model import immutable
from twotier.kinds.schema.resource import Column, Definition
from twotier.kinds.schema.spec import Spec
from twotier.kinds.schema.status import Count, Status


class ResellerUpgradeSpec(Spec):
    """A lite reseller's customers and subscriptions that move into its tenant."""

    rules = (
        immutable("tenant", "the tenant of an upgrade cannot be changed: declare another upgrade for that tenant"),
        immutable("account", "the account of an upgrade cannot be changed: declare another upgrade for that account"),
    )

    tenant: Annotated[ResourceName, Field(description="The TenantReseller that they move into. Cannot be changed.")]
    account: Annotated[
        AccountNumber,
        Field(description="Number of the lite reseller's account at the distributor. Cannot be changed."),
    ]
    customers: Annotated[
        frozenset[AccountNumber] | None,
        Field(
            min_length=1,
            max_length=1000,
            description="Numbers of the customers to copy; all that the reseller is billed for when left out.",
        ),
    ] = None
    uncopyable_subscriptions: Annotated[
        Literal["Stop", "Skip"],
        Field(
            description="What to do if subscriptions cannot be copied: Stop before anything is copied, or Skip "
            "and report them."
        ),
    ] = "Stop"


class ResellerUpgradeStatus(Status):
    """The observed state of a ResellerUpgrade."""

    customers_copied: Annotated[Count | None, Field(description="Customers copied into the tenant.")] = None
    customers_total: Annotated[Count | None, Field(description="Customers to copy.")] = None
    subscriptions_copied: Annotated[Count | None, Field(description="Subscriptions copied into the tenant.")] = None
    subscriptions_total: Annotated[Count | None, Field(description="Subscriptions to copy.")] = None
    subscriptions_skipped: Annotated[Count | None, Field(description="Subscriptions that cannot be copied.")] = None


DEFINITION: Final = Definition(
    kind="ResellerUpgrade",
    plural="resellerupgrades",
    short_name="ru",
    description="A lite reseller becomes a tenant: its customers and subscriptions move into its own organisation.",
    spec=ResellerUpgradeSpec,
    status=ResellerUpgradeStatus,
    columns=(
        Column("Tenant", ".spec.tenant"),
        Column("Customers", ".status.customersCopied", "integer"),
        Column("Subscriptions", ".status.subscriptionsCopied", "integer"),
        Column("Account", ".spec.account", wide=True),
        Column("Skipped", ".status.subscriptionsSkipped", "integer", wide=True),
    ),
    selectable=(".spec.tenant",),
)
