"""Tenants, and what updates do to their catalogues: plans, runs and their entries."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from twotier.bss.catalogue.runs.changes import Changes
from twotier.web.api.models.values import Count, Exact, Json, Number, Shown


class Pin(Shown):
    """A revision of a price list."""

    price_list: Annotated[str, Field(description="Name of the list.")]
    revision: Annotated[Number, Field(description="Number of the revision.")]


class Tenant(Shown):
    """The state of a tenant and its catalogue, whatever is declared for it."""

    account: Annotated[str, Field(description="Number of the reseller's account at the distributor.")]
    name: Annotated[str, Field(description="Name of the reseller.")]
    phase: Annotated[str, Field(description="InProgress, Active, Suspended or MarkedAsDeleted.")]
    edition: Annotated[str | None, Field(description="Basic or Premium.")] = None
    currency: Annotated[str | None, Field(description="Of all its prices (ISO 4217).")] = None
    run: Annotated[
        Number | None,
        Field(description="Number of the run that produced its current catalogue; absent before the first."),
    ] = None
    newest_run: Annotated[
        Number | None,
        Field(description="Number of its newest run, undos included: a plan is valid until this changes."),
    ] = None
    newest_override: Annotated[Count, Field(description="Version of the newest override; 0 if there is none.")] = 0
    structure: Annotated[
        Pin | None, Field(description="Where offers, units, relations and descriptions come from.")
    ] = None
    cost: Annotated[Pin | None, Field(description="Where costs and tiers come from.")] = None
    sell_prices: Annotated[Pin | None, Field(description="Where recommended sell prices come from.")] = None
    names: Annotated[Pin | None, Field(description="Where names come from.")] = None


Mode = Literal["Full", "Partial"]
RunKind = Literal["update", "undo"]
EntryKind = Literal[
    "added",
    "returned",
    "discontinued",
    "removed",
    "changed",
    "override",
    "relation-added",
    "relation-removed",
    "relation-changed",
]


class Outcome(StrEnum):
    """The outcome of a run or an attempt."""

    APPLIED = "Applied"
    REFUSED = "Refused"
    FAILED = "Failed"


class Plan(Shown):
    """What an update or an undo would do to a tenant's catalogue, as it was stored when it was planned."""

    id: Annotated[str, Field(description="The value for spec.approvedPlan of the assignment to have it applied.")]
    kind: Annotated[RunKind, Field(description="An update, or the undo to an earlier run.")]
    price_list: Annotated[str | None, Field(description="The list that it would update to.")] = None
    revision: Annotated[Number | None, Field(description="The revision that it would update to.")] = None
    digest: Annotated[str | None, Field(description="Digest of that revision's content.")] = None
    mode: Annotated[Mode | None, Field(description="What an update transfers.")] = None
    sell_prices: Annotated[bool, Field(description="Whether recommended sell prices overwrite the reseller's.")] = False
    names: Annotated[bool, Field(description="Whether the list's names overwrite the reseller's.")] = False
    restored_run: Annotated[Number | None, Field(description="The run that an undo would restore.")] = None
    newest_run: Annotated[Count, Field(description="The tenant's newest run when this was planned.")]
    watermark: Annotated[
        Count,
        Field(description="Version of the newest override when this was planned: later overrides survive."),
    ]
    changes: Annotated[Changes, Field(description="What it would change.")]
    below_cost: Annotated[Count, Field(description="Offers that it changes and that would sell below their cost.")] = 0
    unpriced: Annotated[
        Count, Field(description="Offers that would arrive without a sell price, and thus unpublished.")
    ] = 0
    overrides_kept: Annotated[
        Count,
        Field(description="Of an undo: fields overridden since the restored run, which stay as they are."),
    ] = 0
    planned_at: Annotated[datetime, Field(description="When it was first planned.")]
    live: Annotated[
        bool, Field(description="Whether it can still be applied: nothing that it depends on has changed since.")
    ]
    moved: Annotated[str | None, Field(description="What has changed, if it can no longer be applied.")] = None


class ApprovalRequest(Shown):
    """The assignment as it would be declared with the approval."""

    spec: Annotated[Json, Field(description="Spec of the PriceListAssignment.")]


class Verdict(Shown):
    """Whether something may be done."""

    reason: Annotated[str | None, Field(description="Why not, as a machine-readable word.")] = None
    obstacle: Annotated[str | None, Field(description="Why it may not be done; absent if it may.")] = None


class Tier(Shown):
    """The unit cost from a minimum quantity."""

    minimum_quantity: Exact
    price: Exact


Value = str | bool | tuple[Tier, ...] | None
"""A value of any field: money and texts as strings, activity as true or false, tiers as a list."""


class EntryField(StrEnum):
    """The fields of an offer or a relation that can change."""

    COST = "cost"
    TIERS = "tiers"
    SELL_PRICE = "sellPrice"
    MARGIN = "margin"
    NAME = "name"
    DESCRIPTION = "description"
    CATEGORY = "category"
    ACTIVITY = "activity"
    PRODUCT_TYPE = "productType"
    CHARGE_TYPE = "chargeType"
    KIND = "kind"
    QUANTITY = "quantity"


class FieldChange(Shown):
    """One field, before and after."""

    field: Annotated[
        str,
        Field(description="One of EntryField. margin is an override in percent; quantity is that of a component."),
    ]
    old: Annotated[Value, Field(description="Absent if there was none.")] = None
    new: Annotated[Value, Field(description="Absent if there is none.")] = None


class Entry(Shown):
    """An offer that changes, or a relation between two products."""

    sku: str
    unit: Annotated[str, Field(description="Empty for a relation.")]
    relation: Annotated[str | None, Field(description="add-on, upgrade or component; absent for an offer.")] = None
    related_sku: Annotated[str | None, Field(description="The other product of a relation.")] = None
    name: Annotated[str, Field(description="The name in the list, or else the SKU.")]
    kind: Annotated[
        EntryKind,
        Field(description="override: nothing inherited changes, but an override does."),
    ]
    fields: Annotated[
        tuple[FieldChange, ...],
        Field(description="Changes in inherited fields; all fields of an offer that is added or removed."),
    ] = ()
    displaced: Annotated[
        tuple[FieldChange, ...],
        Field(description="Overrides that are overwritten (old), and by what (new)."),
    ] = ()
    brought_back: Annotated[
        tuple[FieldChange, ...],
        Field(description="Overrides that an undo puts in force again (new), and over what (old)."),
    ] = ()
    below_cost: Annotated[bool, Field(description="It is sold below its cost afterwards.")] = False
    unpriced: Annotated[bool, Field(description="It has no sell price, and stays unpublished until it gets one.")] = (
        False
    )


class Run(Shown):
    """One line of the Update Tenant Log: an update or an undo that was applied, refused or failed."""

    position: Annotated[
        str,
        Field(description="Position in the log: the number of a run, or 12.1 for the first attempt after run 12."),
    ]
    number: Annotated[Number | None, Field(description="Number of the run; absent for an attempt.")] = None
    kind: Annotated[RunKind, Field(description="An update, or the undo to an earlier run.")]
    outcome: Annotated[Outcome, Field(description="The outcome.")]
    reason: Annotated[str | None, Field(description="Why it was refused or failed, as a machine-readable word.")] = None
    message: Annotated[str | None, Field(description="Why it was refused or failed.")] = None
    requested_by: Annotated[str, Field(description="The resource that requested it.")]
    requested_at: Annotated[datetime, Field(description="When it began.")]
    asked_by: Annotated[
        str | None,
        Field(
            description="The field manager that set the approved plan or the run to restore, if anyone had to. Whoever "
            "writes chooses this name; the API server's audit log has the user."
        ),
    ] = None
    asked_at: Annotated[datetime | None, Field(description="When it was set.")] = None
    duration_milliseconds: Annotated[Count | None, Field(description="How long it took.")] = None
    plan: Annotated[str | None, Field(description="Id of the plan that was applied.")] = None
    price_list: Annotated[str | None, Field(description="The list that it updated to.")] = None
    revision: Annotated[Number | None, Field(description="The revision that it updated to.")] = None
    from_price_list: Annotated[str | None, Field(description="The list that the catalogue followed before.")] = None
    from_revision: Annotated[Number | None, Field(description="The revision that it was at before.")] = None
    mode: Annotated[Mode | None, Field(description="What it transferred; absent for an undo.")] = None
    sell_prices: bool = False
    names: bool = False
    restored_run: Annotated[Number | None, Field(description="The run that an undo restored.")] = None
    undone_by: Annotated[Number | None, Field(description="The run that undid this one.")] = None
    undo_obstacle: Annotated[str | None, Field(description="Why this run cannot be restored; absent if it can.")] = None
    in_force: Annotated[bool, Field(description="Whether the current catalogue is its result.")] = False
    overrides_kept: Annotated[
        Count,
        Field(description="Of an undo: fields overridden since the restored run, which stay as they are."),
    ] = 0
    changes: Changes = Field(default_factory=Changes, description="What it changed.")
