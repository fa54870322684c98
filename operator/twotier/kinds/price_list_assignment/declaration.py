"""What a PriceListAssignment declares: a tenant's price list, and what an update of its catalogue writes."""

from typing import Annotated, Final, Literal

from pydantic import Field

from twotier.bss.catalogue.runs.changes import NO_CHANGES, Changes
from twotier.kinds.schema.fields import AccountNumber, Currency, Digest, Money, ResourceName
from twotier.kinds.schema.model import Declared, Rule, immutable
from twotier.kinds.schema.resource import Column, Definition
from twotier.kinds.schema.spec import Spec
from twotier.kinds.schema.status import Count, Status

UP_TO_DATE: Final = "UpToDate"
PLAN_APPROVED: Final = "PlanApproved"

Mode = Literal["Full", "Partial"]
RunNumber = Annotated[int, Field(ge=1, le=2**31 - 1)]


class PriceListAssignmentSpec(Spec):
    """A tenant's price list, and what an update of its catalogue writes."""

    rules = (
        immutable(
            "tenant", "the tenant of an assignment cannot be changed: declare another assignment for that tenant"
        ),
        Rule(
            "!(has(self.restoreRun) && has(self.revision))",
            "set restoreRun or revision, not both: a restored run has its own revision",
            ".restoreRun",
        ),
    )

    tenant: Annotated[
        ResourceName,
        Field(description="The TenantReseller; the assignment has the same name. Cannot be changed."),
    ]
    price_list: Annotated[ResourceName, Field(description="The PriceList that the tenant's catalogue comes from.")]
    mode: Annotated[
        Mode,
        Field(
            description="Full updates everything that changed; Partial only the cost of offers that the tenant has, "
            "with their price tiers."
        ),
    ] = "Full"
    sell_prices: Annotated[
        bool,
        Field(
            description="Whether an update writes the recommended sell prices of all inherited offers, replacing the "
            "reseller's overrides."
        ),
    ] = False
    names: Annotated[
        bool,
        Field(description="Whether an update writes the names of all inherited products, replacing overrides."),
    ] = False
    approval: Annotated[
        Literal["Automatic", "Manual", "Never"],
        Field(
            description="Automatic applies a plan at once, Manual once approvedPlan names it, Never only shows it. The "
            "first update is part of creating the tenant and needs no approval."
        ),
    ] = "Automatic"
    approved_plan: Annotated[
        Digest | None,
        Field(
            description="Id of a plan (see status) that a person has reviewed and approves. It stays valid while "
            "the price list gets new revisions, until the tenant's catalogue changes."
        ),
    ] = None
    revision: Annotated[
        RunNumber | None,
        Field(description="Revision of the price list to stay at; the newest accepted one when left out."),
    ] = None
    restore_run: Annotated[
        RunNumber | None,
        Field(
            description="Number of an earlier update: the tenant's catalogue is restored to what it was after it, "
            "regardless of the approval, and stays so while this is set."
        ),
    ] = None


class CostChange(Declared):
    """What an update changes in the monthly cost of running subscriptions."""

    currency: Annotated[Currency, Field(description="Currency of the amount.")]
    monthly: Annotated[Money, Field(description="Change per month; negative if the cost falls.")]


class PlannedUpdate(Declared):
    """What the next update would do; the condition UpToDate says why it is not applied."""

    id: Annotated[
        Digest | None, Field(description="The value of spec.approvedPlan that approves it, if approval is needed.")
    ] = None
    target_revision: Annotated[Count, Field(description="Revision of the price list that it leads to.")]
    differences: Annotated[Changes, Field(description="What it would change.")] = NO_CHANGES
    overrides_cleared: Annotated[Count, Field(description="Overrides of prices and names that it would displace.")] = 0
    below_cost: Annotated[Count, Field(description="Offers that would sell below their cost.")] = 0
    unpriced: Annotated[Count, Field(description="Offers that would arrive without a sell price.")] = 0
    subscriptions: Annotated[Count, Field(description="Running subscriptions that it affects.")] = 0
    cost_change: Annotated[
        CostChange | None, Field(description="What it changes in the monthly cost of running subscriptions.")
    ] = None


class CompletedRun(Declared):
    """What an update did."""

    number: Annotated[Count, Field(description="Number of the run, for spec.restoreRun.")]
    mode: Annotated[Mode, Field(description="What it updated.")]
    revision: Annotated[Count, Field(description="Revision of the price list that it led to.")]
    differences: Annotated[Changes, Field(description="What it changed.")] = NO_CHANGES
    overrides_cleared: Annotated[Count, Field(description="Overrides of prices and names that it displaced.")] = 0


class PriceListAssignmentStatus(Status):
    """The observed state of a PriceListAssignment."""

    account: Annotated[
        AccountNumber | None,
        Field(
            description="The account that the tenant had when it was first seen. Never changes: a tenant with another "
            "account takes another assignment."
        ),
    ] = None
    run: Annotated[Count | None, Field(description="Number of the run that produced the tenant's catalogue.")] = None
    price_list: Annotated[
        ResourceName | None, Field(description="The price list that the tenant's catalogue comes from now.")
    ] = None
    revision: Annotated[
        Count | None, Field(description="Revision of that list that gives the tenant's catalogue its structure.")
    ] = None
    plan: Annotated[
        PlannedUpdate | None, Field(description="What the next update would do; absent when it would do nothing.")
    ] = None
    last_run: Annotated[CompletedRun | None, Field(description="What the last update did.")] = None


DEFINITION: Final = Definition(
    kind="PriceListAssignment",
    plural="pricelistassignments",
    short_name="pla",
    description="Source of a tenant's catalogue, and how it is updated. One per tenant, with its name.",
    spec=PriceListAssignmentSpec,
    status=PriceListAssignmentStatus,
    rules=(
        Rule(
            "self.metadata.name == self.spec.tenant",
            "an assignment has the name of its tenant: set metadata.name and spec.tenant to the same value",
            ".spec.tenant",
        ),
        Rule(
            "!has(oldSelf.status) || !has(oldSelf.status.account) || has(self.status) && has(self.status.account) && "
            "self.status.account == oldSelf.status.account",
            "the account of an assignment cannot be changed: declare it again for a tenant with another account",
            ".status.account",
        ),
    ),
    conditions={
        UP_TO_DATE: "An update under the declared mode and options would change nothing.",
        PLAN_APPROVED: "With manual approval: the plan that spec.approvedPlan names was applied, or will be.",
    },
    columns=(
        Column("Price list", ".status.priceList"),
        Column("Revision", ".status.revision", "integer"),
        Column("Run", ".status.run", "integer"),
        Column("Planned", ".status.plan.targetRevision", "integer"),
        Column("Mode", ".spec.mode", wide=True),
        Column("Approval", ".spec.approval", wide=True),
        Column("Plan", ".status.plan.id", wide=True),
    ),
    selectable=(".spec.tenant", ".spec.priceList"),
)
