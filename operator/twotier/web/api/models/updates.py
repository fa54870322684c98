"""Tenants, and what updates do to their catalogues: plans, runs and their entries."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from twotier.bss.catalogue.runs.changes import NO_CHANGES, Changes
from twotier.web.api.models.values import Count, Exact, Json, Number, Shown


class Pin(Shown):
    """A revision of a price list."""

    price_list: Annotated[str, Field(description="Name of the list.")]
    revision: Annotated[Number, Field(description="Number of the revision.")]


class Tenant(Shown):
    """Where a tenant and its catalogue stand, whatever is declared for it."""

    account: Annotated[str, Field(description="Number of the reseller's account at the distributor.")]
    name: Annotated[str, Field(description="Name of the reseller.")]
    phase: Annotated[str, Field(description="InProgress, Active, Suspended or MarkedAsDeleted.")]
    edition: Annotated[str | None, Field(description="Basic or Premium.")] = None
    currency: Annotated[str | None, Field(description="Of all its prices (ISO 4217).")] = None
    run: Annotated[
        Number | None,
        Field(description="Number of the run that its catalogue is the result of; absent before the first."),
    ] = None
    newest_run: Annotated[
        Number | None, Field(description="Number of its newest run, undos included: a plan is good while this stays.")
    ] = None
    newest_override: Annotated[Count, Field(description="Version of the newest override; 0 if there is none.")] = 0
    structure: Annotated[Pin | None, Field(description="Where offers, units, relations and descriptions are of.")] = (
        None
    )
    cost: Annotated[Pin | None, Field(description="Where costs and tiers are of.")] = None
    sell_prices: Annotated[Pin | None, Field(description="Where recommended sell prices are of.")] = None
    names: Annotated[Pin | None, Field(description="Where names are of.")] = None


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
    """What became of what was asked for."""

    APPLIED = "Applied"
    REFUSED = "Refused"
    FAILED = "Failed"


class Plan(Shown):
    """What an update or an undo would do to a tenant's catalogue, as it was stored when it was planned."""

    id: Annotated[str, Field(description="What spec.approvedPlan of the assignment names to have it applied.")]
    kind: Annotated[RunKind, Field(description="An update, or the undo to an earlier run.")]
    price_list: Annotated[str | None, Field(description="The list that an update leads to.")] = None
    revision: Annotated[Number | None, Field(description="The revision of it that an update leads to.")] = None
    digest: Annotated[str | None, Field(description="Of that revision's content.")] = None
    mode: Annotated[Mode | None, Field(description="What an update transfers.")] = None
    sell_prices: Annotated[bool, Field(description="Whether recommended sell prices overwrite the reseller's.")] = False
    names: Annotated[bool, Field(description="Whether the list's names overwrite the reseller's.")] = False
    restored_run: Annotated[Number | None, Field(description="The run that an undo would restore.")] = None
    newest_run: Annotated[Count, Field(description="The tenant's newest run when this was planned.")]
    watermark: Annotated[
        Count,
        Field(description="Version of the newest override when this was planned: later ones survive."),
    ]
    changes: Annotated[Changes, Field(description="What it would change.")]
    below_cost: Annotated[Count, Field(description="Offers that it touches and that would sell below their cost.")] = 0
    unpriced: Annotated[
        Count, Field(description="Offers that would arrive without a sell price, and so unpublished.")
    ] = 0
    overrides_kept: Annotated[
        Count,
        Field(description="Of an undo: fields overridden since the restored run, which stay as they are."),
    ] = 0
    planned_at: Annotated[datetime, Field(description="When it was planned first.")]
    live: Annotated[bool, Field(description="Whether it can still be applied: the tenant has not moved since.")]
    moved: Annotated[str | None, Field(description="What has moved, if it can no longer be applied.")] = None


class ApprovalRequest(Shown):
    """What would be declared once a plan is approved."""

    spec: Annotated[Json, Field(description="Spec of the PriceListAssignment.")]


class Verdict(Shown):
    """Whether something may be done."""

    reason: Annotated[str | None, Field(description="Why not, in a word for programs.")] = None
    obstacle: Annotated[str | None, Field(description="What stands in the way; absent where nothing does.")] = None


class Tier(Shown):
    """The cost of one from a quantity on."""

    minimum_quantity: Exact
    price: Exact


Value = str | bool | tuple[Tier, ...] | None
"""A value of any field: money and texts as strings, activity as true or false, tiers as a list."""


class EntryField(StrEnum):
    """What of an offer, or of a relation, can change."""

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
        Field(
            description="One of EntryField. margin is the reseller's own, in percent; quantity is that of a component."
        ),
    ]
    old: Annotated[Value, Field(description="Absent where there was none.")] = None
    new: Annotated[Value, Field(description="Absent where there is none.")] = None


class Entry(Shown):
    """An offer that changes, or a relation between two products."""

    sku: str
    unit: Annotated[str, Field(description="Empty for a relation.")]
    relation: Annotated[str | None, Field(description="add-on, upgrade or component; absent for an offer.")] = None
    related_sku: Annotated[str | None, Field(description="The other product of a relation.")] = None
    name: Annotated[str, Field(description="As the list has it, else the SKU.")]
    kind: Annotated[
        EntryKind,
        Field(description="override: nothing of the distributor's changes, but a value of the reseller's does."),
    ]
    fields: Annotated[
        tuple[FieldChange, ...],
        Field(description="What changes of what comes down; of an offer that arrives or goes for good, all it has."),
    ] = ()
    displaced: Annotated[
        tuple[FieldChange, ...],
        Field(description="Values of the reseller's own that are overwritten (old), and by what (new)."),
    ] = ()
    brought_back: Annotated[
        tuple[FieldChange, ...],
        Field(
            description="Values of the reseller's own that a restore puts in force again (new), and over what (old)."
        ),
    ] = ()
    below_cost: Annotated[bool, Field(description="It is sold below its cost afterwards.")] = False
    unpriced: Annotated[bool, Field(description="It has no sell price, and stays unpublished until it gets one.")] = (
        False
    )


class Run(Shown):
    """One line of the Update Tenant Log: an update or an undo that was applied, refused or failed."""

    position: Annotated[
        str,
        Field(description="Where it stands in the log: a run's number, or 12.1 for the first attempt behind it."),
    ]
    number: Annotated[Number | None, Field(description="Of the run; absent where nothing was applied.")] = None
    kind: Annotated[RunKind, Field(description="An update, or the undo to an earlier run.")]
    outcome: Annotated[Outcome, Field(description="What became of it.")]
    reason: Annotated[str | None, Field(description="Why it was refused or failed, in a word for programs.")] = None
    message: Annotated[str | None, Field(description="Why it was refused or failed.")] = None
    requested_by: Annotated[str, Field(description="The resource that asked for it.")]
    requested_at: Annotated[datetime, Field(description="When it began.")]
    asked_by: Annotated[
        str | None, Field(description="Who approved it or asked for the undo, where somebody had to.")
    ] = None
    asked_at: Annotated[datetime | None, Field(description="When they did.")] = None
    duration_milliseconds: Annotated[Count | None, Field(description="How long it took.")] = None
    plan: Annotated[str | None, Field(description="Id of the plan that was applied.")] = None
    price_list: Annotated[str | None, Field(description="The list that it led to.")] = None
    revision: Annotated[Number | None, Field(description="The revision that it led to.")] = None
    from_price_list: Annotated[str | None, Field(description="The list that the catalogue was of before.")] = None
    from_revision: Annotated[Number | None, Field(description="The revision that it was of before.")] = None
    mode: Annotated[Mode | None, Field(description="What it transferred; absent for an undo.")] = None
    sell_prices: bool = False
    names: bool = False
    restored_run: Annotated[Number | None, Field(description="The run that an undo restored.")] = None
    undone_by: Annotated[Number | None, Field(description="The undo that took this run back.")] = None
    undo_obstacle: Annotated[
        str | None, Field(description="Why no undo can restore this run; absent where one can.")
    ] = None
    in_force: Annotated[bool, Field(description="Whether the catalogue is its result now.")] = False
    overrides_kept: Annotated[
        Count,
        Field(description="Of an undo: fields overridden since the restored run, which stay as they are."),
    ] = 0
    changes: Annotated[Changes, Field(description="What it changed.")] = NO_CHANGES
