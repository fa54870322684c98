"""What a PriceListAssignment declares: a tenant's price list, and what an update of its catalogue writes."""

from typing import Annotated, Final, Literal

from pydantic import Field

from twotier.bss.catalogue.runs.changes import NO_CHANGES, Changes
from twotier.kinds.schema.fields import Currency, Digest, Money, ResourceName
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
            "set restoreRun or revision, not both: a restored run says itself which revision counts",
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
            description="Full brings everything that changed; Partial only the cost of offers that the tenant has, "
            "with their price tiers."
        ),
    ] = "Full"
    sell_prices: Annotated[
        bool,
        Field(
            description="Whether an update writes the recommended sell price of all inherited offers, over the "
            "reseller's own."
        ),
    ] = False
    names: Annotated[
        bool,
        Field(description="Whether an update writes the names of all inherited products, over the reseller's own."),
    ] = False
    approval: Annotated[
        Literal["Automatic", "Manual", "Never"],
        Field(
            description="Automatic applies a plan at once, Manual once approvedPlan names it, Never only shows it. The "
            "first update is part of creating the tenant and needs none."
        ),
    ] = "Automatic"
    approved_plan: Annotated[
        Digest | None,
        Field(
            description="Id of a plan (status shows it) that a person has looked at and approves. It stays good while "
            "the price list moves on, until the tenant's catalogue moves."
        ),
    ] = None
    revision: Annotated[
        RunNumber | None,
        Field(description="Revision of the price list to stay at; the newest accepted one when left out."),
    ] = None
    restore_run: Annotated[
        RunNumber | None,
        Field(
            description="Number of an earlier update: the tenant's catalogue is put back to what it was after it, "
            "whatever the approval says, and stays so while this is set."
        ),
    ] = None


class CostChange(Declared):
    """What an update changes in the monthly cost of running subscriptions."""

    currency: Annotated[Currency, Field(description="Currency of the amount.")]
    monthly: Annotated[Money, Field(description="Change in a month; negative when it becomes cheaper.")]


class PlannedUpdate(Declared):
    """What comes next, and why not yet is said by the condition UpToDate."""

    id: Annotated[
        Digest | None, Field(description="What to write into spec.approvedPlan to have it applied, if that is needed.")
    ] = None
    target_revision: Annotated[Count, Field(description="Revision of the price list that it leads to.")]
    differences: Annotated[Changes, Field(description="What it would change.")] = NO_CHANGES
    overrides_cleared: Annotated[
        Count, Field(description="Prices and names of the reseller's own that it would replace.")
    ] = 0
    below_cost: Annotated[Count, Field(description="Offers that would sell below their cost.")] = 0
    unpriced: Annotated[Count, Field(description="Offers that would arrive without a sell price.")] = 0
    subscriptions: Annotated[Count, Field(description="Running subscriptions that it touches.")] = 0
    cost_change: Annotated[
        CostChange | None, Field(description="What it changes in the monthly cost of running subscriptions.")
    ] = None


class CompletedRun(Declared):
    """What an update did."""

    number: Annotated[Count, Field(description="Number of the run; what spec.restoreRun names.")]
    mode: Annotated[Mode, Field(description="What it brought.")]
    revision: Annotated[Count, Field(description="Revision of the price list that it led to.")]
    differences: Annotated[Changes, Field(description="What it changed.")] = NO_CHANGES
    overrides_cleared: Annotated[
        Count, Field(description="Prices and names of the reseller's own that it replaced.")
    ] = 0


class PriceListAssignmentStatus(Status):
    """What became of a PriceListAssignment."""

    run: Annotated[Count | None, Field(description="Number of the run that the tenant's catalogue is of.")] = None
    price_list: Annotated[
        ResourceName | None, Field(description="The price list that the tenant's catalogue comes from now.")
    ] = None
    revision: Annotated[
        Count | None, Field(description="Revision of that list that the tenant's catalogue has the structure of.")
    ] = None
    plan: Annotated[
        PlannedUpdate | None, Field(description="What the next update would do; absent when it would do nothing.")
    ] = None
    last_run: Annotated[CompletedRun | None, Field(description="What the last update did.")] = None


DEFINITION: Final = Definition(
    kind="PriceListAssignment",
    plural="pricelistassignments",
    short_name="pla",
    description="Which price list a tenant's catalogue comes from, and how it is updated. One a tenant, with its name.",
    spec=PriceListAssignmentSpec,
    status=PriceListAssignmentStatus,
    rules=(
        Rule(
            "self.metadata.name == self.spec.tenant",
            "an assignment has the name of its tenant: set metadata.name and spec.tenant to the same",
            ".spec.tenant",
        ),
    ),
    conditions={
        UP_TO_DATE: "An update under the declared mode and options would change nothing.",
        PLAN_APPROVED: "Under approval Manual: the plan that spec.approvedPlan names was applied, or will be.",
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
