"""What a BackorderPolicy declares: whether a tenant's paid sales are reported back to the distributor."""

from typing import Annotated, Final, Literal

from pydantic import Field

from twotier.kinds.schema.fields import ResourceName
from twotier.kinds.schema.model import Rule, immutable
from twotier.kinds.schema.resource import Column, Definition
from twotier.kinds.schema.spec import Spec
from twotier.kinds.schema.status import Count, Status


class BackorderPolicySpec(Spec):
    """Whether a tenant's paid sales are reported back to the distributor."""

    rules = (
        immutable("tenant", "the tenant of a policy cannot be changed: declare another policy for that tenant"),
        Rule(
            "!(oldSelf.mode in ['Active', 'Paused']) || self.mode in ['Active', 'Paused']",
            "back-ordering cannot be undone once it has been active: set mode to Paused to stop it; nothing is lost",
            ".mode",
        ),
    )

    tenant: Annotated[
        ResourceName, Field(description="The TenantReseller; the policy has the same name. Cannot be changed.")
    ]
    mode: Annotated[
        Literal["Disabled", "Shadow", "Active", "Paused"],
        Field(
            description="Disabled sends nothing, Shadow only shows what would be sent, Active sends every paid "
            "sale, Paused keeps them until it is Active again. Active and Paused cannot change to the other two."
        ),
    ]


class BackorderPolicyStatus(Status):
    """The observed state of a BackorderPolicy."""

    pending: Annotated[Count | None, Field(description="Recorded events that were not sent yet.")] = None
    sent: Annotated[Count | None, Field(description="Events that were sent.")] = None
    skipped: Annotated[
        Count | None,
        Field(description="Events that are not for the distributor: trials and the reseller's own products."),
    ] = None
    quarantined: Annotated[Count | None, Field(description="Events that could not be sent.")] = None
    parked_customers: Annotated[
        Count | None, Field(description="Customers whose events wait behind one that could not be sent.")
    ] = None
    missing: Annotated[Count | None, Field(description="Records that the distributor should have but does not.")] = None
    extra: Annotated[Count | None, Field(description="Records that the distributor has but should not.")] = None
    different: Annotated[Count | None, Field(description="Records that differ between the two sides.")] = None


DEFINITION: Final = Definition(
    kind="BackorderPolicy",
    plural="backorderpolicies",
    short_name="bop",
    description="Whether a tenant's paid sales are reported back to the distributor. One per tenant, with its name.",
    spec=BackorderPolicySpec,
    status=BackorderPolicyStatus,
    rules=(
        Rule(
            "self.metadata.name == self.spec.tenant",
            "a policy has the name of its tenant: set metadata.name and spec.tenant to the same value",
            ".spec.tenant",
        ),
    ),
    columns=(
        Column("Mode", ".spec.mode"),
        Column("Pending", ".status.pending", "integer"),
        Column("Quarantined", ".status.quarantined", "integer"),
        Column("Sent", ".status.sent", "integer", wide=True),
        Column("Skipped", ".status.skipped", "integer", wide=True),
        Column("Parked", ".status.parkedCustomers", "integer", wide=True),
    ),
    selectable=(".spec.tenant", ".spec.mode"),
)
