"""What the HTTP API answers and takes, as JSON: names in camelCase, money as strings, times by RFC 3339 in UTC.

The models stand on pydantic alone, so that clients can read answers with them.
"""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import Base64Bytes, BaseModel, ConfigDict, Field, PlainSerializer, WithJsonSchema
from pydantic.alias_generators import to_camel


def _exact(amount: Decimal) -> str:
    return format(amount, "f")


Exact = Annotated[
    Decimal,
    PlainSerializer(_exact, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$", "examples": ["4.20"]}),
]
"""An exact decimal number, written as a string and never in powers of ten."""

Count = Annotated[int, Field(ge=0)]
Number = Annotated[int, Field(ge=1)]
Json = dict[str, Any]


class Shown(BaseModel):
    """An object of the API. Readers ignore fields that they do not know, so that a newer server may add some."""

    model_config = ConfigDict(
        alias_generator=to_camel, validate_by_name=True, validate_by_alias=True, frozen=True, extra="ignore"
    )


T = TypeVar("T", bound=Shown)


class Page(Shown, Generic[T]):
    """Some rows, in the order of the whole, and how to ask for those behind them."""

    items: tuple[T, ...]
    next: Annotated[
        str | None,
        Field(description="What to ask for with `after` to go on; absent on the last page."),
    ] = None


class Problem(Shown):
    """Why a request was not answered (RFC 9457)."""

    type: Annotated[str, Field(description="Always about:blank: the status says what kind of problem it is.")] = (
        "about:blank"
    )
    title: Annotated[str, Field(description="The status in words.")]
    status: Annotated[int, Field(description="The HTTP status.")]
    detail: Annotated[str, Field(description="What is wrong with this request, and what to do.")]
    instance: Annotated[str, Field(description="The path that was asked for.")]


# Tenants


class Pin(Shown):
    """A revision of a price list."""

    price_list: Annotated[str, Field(description="Name of the list.")]
    revision: Annotated[Number, Field(description="Number of the revision.")]


class Tenant(Shown):
    """Where a tenant and his catalogue stand, whatever is declared for him."""

    account: Annotated[str, Field(description="Number of the reseller's account at the distributor.")]
    name: Annotated[str, Field(description="Name of the reseller.")]
    phase: Annotated[str, Field(description="InProgress, Active, Suspended or MarkedAsDeleted.")]
    edition: Annotated[str | None, Field(description="Basic or Premium.")] = None
    currency: Annotated[str | None, Field(description="Of all his prices, by ISO 4217.")] = None
    run: Annotated[
        Number | None,
        Field(description="Number of the run that his catalogue is the result of; absent before the first."),
    ] = None
    newest_run: Annotated[
        Number | None, Field(description="Number of his newest run, undos included: a plan is good while this stays.")
    ] = None
    newest_own_value: Annotated[
        Count, Field(description="Version of the newest value that the reseller set himself; 0 if he set none.")
    ] = 0
    structure: Annotated[Pin | None, Field(description="Where offers, units, relations and descriptions are of.")] = (
        None
    )
    cost: Annotated[Pin | None, Field(description="Where costs and tiers are of.")] = None
    sell_prices: Annotated[Pin | None, Field(description="Where recommended sell prices are of.")] = None
    names: Annotated[Pin | None, Field(description="Where names are of.")] = None


# Plans, runs and their entries

Mode = Literal["Full", "Partial"]
EntryKind = Literal[
    "added",
    "returned",
    "discontinued",
    "removed",
    "changed",
    "own-value",
    "relation-added",
    "relation-removed",
    "relation-changed",
]


class Outcome(StrEnum):
    """What became of what was asked for."""

    APPLIED = "Applied"
    REFUSED = "Refused"
    FAILED = "Failed"


class Changes(Shown):
    """How many offers an update changes, by kind, and by field among those that the tenant had before."""

    added: Annotated[Count, Field(description="Offers that arrive.")] = 0
    returned: Annotated[Count, Field(description="Offers that were discontinued and come back.")] = 0
    discontinued: Annotated[Count, Field(description="Offers that are discontinued.")] = 0
    removed: Annotated[
        Count, Field(description="Offers that a restore takes away: they arrived after the run that it goes back to.")
    ] = 0
    changed: Annotated[Count, Field(description="Other offers of which something changes.")] = 0
    cost: Annotated[Count, Field(description="Offers with another cost.")] = 0
    tiers: Annotated[Count, Field(description="Offers with other price tiers.")] = 0
    sell_price: Annotated[Count, Field(description="Offers with another sell price.")] = 0
    name: Annotated[Count, Field(description="Offers with another name.")] = 0
    description: Annotated[Count, Field(description="Offers with another description.")] = 0
    activity: Annotated[Count, Field(description="Offers that are activated or de-activated.")] = 0
    other: Annotated[Count, Field(description="Offers with another product type, charge type or kind.")] = 0
    relations: Annotated[Count, Field(description="Relations between products that come or go.")] = 0
    sell_prices_displaced: Annotated[
        Count, Field(description="Sell prices and margins of the reseller's own that are overwritten.")
    ] = 0
    names_displaced: Annotated[Count, Field(description="Names of the reseller's own that are overwritten.")] = 0
    sell_prices_brought_back: Annotated[
        Count, Field(description="Sell prices and margins of the reseller's own that a restore puts in force again.")
    ] = 0
    names_brought_back: Annotated[
        Count, Field(description="Names of the reseller's own that a restore puts in force again.")
    ] = 0


class Plan(Shown):
    """What an update or an undo would do to a tenant's catalogue, as it was stored when it was planned."""

    id: Annotated[str, Field(description="What spec.approvedPlan of the assignment names to have it applied.")]
    kind: Annotated[Literal["update", "restore"], Field(description="An update, or the return to an earlier run.")]
    price_list: Annotated[str | None, Field(description="The list that an update leads to.")] = None
    revision: Annotated[Number | None, Field(description="The revision of it that an update leads to.")] = None
    digest: Annotated[str | None, Field(description="Of that revision's content.")] = None
    mode: Annotated[Mode | None, Field(description="What an update transfers.")] = None
    sell_prices: Annotated[bool, Field(description="Whether recommended sell prices overwrite the reseller's.")] = False
    names: Annotated[bool, Field(description="Whether the list's names overwrite the reseller's.")] = False
    restore_run: Annotated[Number | None, Field(description="The run that a restore goes back to.")] = None
    newest_run: Annotated[Count, Field(description="The tenant's newest run when this was planned.")]
    watermark: Annotated[
        Count,
        Field(description="Version of the reseller's newest own value when this was planned: later ones survive."),
    ]
    changes: Annotated[Changes, Field(description="What it would change.")]
    below_cost: Annotated[Count, Field(description="Offers that it touches and that would sell below their cost.")] = 0
    unpriced: Annotated[
        Count, Field(description="Offers that would arrive without a sell price, and so unpublished.")
    ] = 0
    own_values_kept: Annotated[
        Count,
        Field(description="Of a restore: fields in which the reseller set something since, which stay as he has them."),
    ] = 0
    planned_at: Annotated[datetime, Field(description="When it was planned first.")]
    live: Annotated[bool, Field(description="Whether it can still be applied: the tenant has not moved since.")]
    moved: Annotated[str | None, Field(description="What has moved, if it can no longer be applied.")] = None


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
        Field(description="own-value: nothing of the distributor's changes, but a value of the reseller's does."),
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
        Field(description="Where it stands in the log: a run's number, or 12.1 for the first vain attempt after it."),
    ]
    number: Annotated[Number | None, Field(description="Of the run; absent where nothing was applied.")] = None
    kind: Annotated[Literal["update", "restore"], Field(description="An update, or the return to an earlier run.")]
    outcome: Annotated[Outcome, Field(description="What became of it.")]
    reason: Annotated[str | None, Field(description="Why it was refused or failed, in a word for programs.")] = None
    message: Annotated[str | None, Field(description="Why it was refused or failed.")] = None
    requested_by: Annotated[str, Field(description="The resource that asked for it.")]
    requested_at: Annotated[datetime, Field(description="When it began.")]
    asked_by: Annotated[
        str | None, Field(description="Who approved it or asked for the restore, where somebody had to.")
    ] = None
    asked_at: Annotated[datetime | None, Field(description="When he did.")] = None
    duration_milliseconds: Annotated[Count | None, Field(description="How long it took.")] = None
    plan: Annotated[str | None, Field(description="Id of the plan that was applied.")] = None
    price_list: Annotated[str | None, Field(description="The list that it led to.")] = None
    revision: Annotated[Number | None, Field(description="The revision that it led to.")] = None
    from_price_list: Annotated[str | None, Field(description="The list that the catalogue was of before.")] = None
    from_revision: Annotated[Number | None, Field(description="The revision that it was of before.")] = None
    mode: Annotated[Mode | None, Field(description="What it transferred; absent for a restore.")] = None
    sell_prices: bool = False
    names: bool = False
    restored_run: Annotated[Number | None, Field(description="The run that a restore went back to.")] = None
    undone_by: Annotated[Number | None, Field(description="The restore that undid this run.")] = None
    in_force: Annotated[bool, Field(description="Whether the catalogue is its result now.")] = False
    own_values_kept: Annotated[
        Count,
        Field(description="Of a restore: fields in which the reseller set something since, which stay as he has them."),
    ] = 0
    changes: Annotated[Changes, Field(description="What it changed.")] = Changes()


# Catalogues


class CatalogueOffer(Shown):
    """A product in one unit, as the tenant sells it."""

    sku: str
    unit: Annotated[str, Field(description="Term and billing cycle.")]
    name: str
    description: str | None = None
    image: str | None = None
    category: str | None = None
    product_type: Annotated[str | None, Field(description="The service that provisions it.")] = None
    charge_type: Annotated[str, Field(description="recurring, one-off or usage.")]
    kind: Annotated[str, Field(description="product, add-on or bundle.")]
    cost: Annotated[Exact, Field(description="The distributor's price, which the tenant pays.")]
    tiers: tuple[Tier, ...] = ()
    sell_price: Annotated[Exact | None, Field(description="What the tenant's customers pay.")] = None
    active: Annotated[bool, Field(description="Offer and product are active at the distributor.")]
    discontinued: Annotated[bool, Field(description="It arrived once and is not in the list any more.")]
    published: Annotated[
        bool, Field(description="It is sold: active, offered, priced, and not hidden by the reseller.")
    ]
    needs_review: Annotated[bool, Field(description="It came without a sell price, and the reseller has set none.")]
    suspect: Annotated[
        bool, Field(description="The list's source lacks it at present, and it is not discontinued yet.")
    ] = False
    inherited_name: Annotated[str, Field(description="The name from the distributor, whatever the reseller set.")]
    inherited_description: str | None = None
    inherited_category: str | None = None
    inherited_sell_price: Exact | None = None


class OwnValue(Shown):
    """A value that the reseller set himself."""

    value: Annotated[Value, Field(description="What he set; of a margin, the margin in percent.")]
    is_margin: Annotated[bool, Field(description="Whether it is a margin in percent instead of a price.")] = False
    set_at: datetime | None = None
    displaced_by: Annotated[
        Number | None, Field(description="The run whose option overwrote it; absent while it counts.")
    ] = None


class ColumnExplanation(Shown):
    """Why one field of an offer has the value it has: list, revision, run, own value, what is shown."""

    field: Annotated[str, Field(description="cost, tiers, sellPrice, name, description, category, active, …")]
    value: Annotated[Value, Field(description="What is in force.")] = None
    owner: Annotated[Literal["distributor", "reseller"], Field(description="Whose value is in force.")]
    price_list: Annotated[str | None, Field(description="The list that the distributor's value is of.")] = None
    revision: Annotated[Number | None, Field(description="The revision that the tenant has it of.")] = None
    since_revision: Annotated[Number | None, Field(description="The revision that brought it into the list.")] = None
    imported_at: Annotated[datetime | None, Field(description="When that revision was imported.")] = None
    source: Annotated[str | None, Field(description="Names of the files it was imported from.")] = None
    run: Annotated[Number | None, Field(description="The run that brought it into the catalogue.")] = None
    run_at: Annotated[datetime | None, Field(description="When that run was applied.")] = None
    requested_by: Annotated[str | None, Field(description="The resource that asked for that run.")] = None
    asked_by: Annotated[str | None, Field(description="Who approved that run, where somebody had to.")] = None
    inherited: Annotated[Value, Field(description="The distributor's value.")] = None
    own: Annotated[OwnValue | None, Field(description="The reseller's own value, if he set one.")] = None


class Explanation(Shown):
    """The chain that leads to what a tenant's customers see of an offer."""

    offer: CatalogueOffer
    below_cost: Annotated[bool, Field(description="It has a sell price that is below its cost.")] = False
    margin_percent: Annotated[
        Exact | None, Field(description="What is left of the sell price over the cost, in percent of it.")
    ] = None
    columns: tuple[ColumnExplanation, ...]


class PricePoint(Shown):
    """What an offer cost and sold for since a run that changed either."""

    run: Number
    applied_at: datetime
    price_list: str
    revision: Number
    cost: Exact | None = None
    sell_price: Exact | None = None
    discontinued: bool = False


class PriceHistory(Shown):
    """What an offer cost and sold for, at each run that counts and changed it, from its arrival on."""

    points: tuple[PricePoint, ...]


class OwnProduct(Shown):
    """A product of the reseller's own, which no update touches, in one of the units that he sells it in."""

    sku: str
    unit: Annotated[str | None, Field(description="Term and billing cycle; absent while he sells it in none.")] = None
    name: str
    description: str | None = None
    image: str | None = None
    category: str | None = None
    product_type: Annotated[str, Field(description="One of his own.")]
    charge_type: Annotated[str, Field(description="recurring, one-off or usage.")]
    cost: Annotated[Exact | None, Field(description="What he pays for it himself, if he says so.")] = None
    sell_price: Exact | None = None
    published: Annotated[bool, Field(description="He shows it in his storefront.")]


class TenantValue(Shown):
    """A value that the reseller set on an inherited product or offer, and did not take away."""

    sku: str
    unit: Annotated[str | None, Field(description="Of a price; absent for what is set on the product.")] = None
    property: Annotated[str, Field(description="sellPrice, margin, name, description, image, category or publication.")]
    value: Annotated[str, Field(description="Of a margin, in percent; of a category, its name.")]
    set_at: datetime
    displaced_by: Annotated[
        Number | None, Field(description="The run whose option overwrote it; absent while it counts.")
    ] = None


# Price lists


class ListDifferences(Shown):
    """How many offers differ between two revisions."""

    added: Annotated[Count, Field(description="Offers that are new.")] = 0
    removed: Annotated[Count, Field(description="Offers that are gone.")] = 0
    price_changed: Annotated[Count, Field(description="Offers with another price.")] = 0
    other_changed: Annotated[Count, Field(description="Offers with the same price and anything else changed.")] = 0


class Revision(Shown):
    """A revision of a price list."""

    revision: Number
    digest: Annotated[str, Field(description="Of the normalised content.")]
    imported_at: datetime
    source: Annotated[str, Field(description="Names of the files it came from.")]
    offers: Count
    products: Count
    differences: Annotated[ListDifferences, Field(description="From the revision before.")]


class HoldReason(Shown):
    """What a guard has to say."""

    reason: Annotated[str, Field(description="The guard, in a word for programs.")]
    message: Annotated[str, Field(description="What it found.")]


class Held(Shown):
    """Content that the guards hold back."""

    digest: Annotated[str, Field(description="What spec.acceptedDigest of the price list names to let it through.")]
    base: Annotated[Count, Field(description="The accepted revision that it was compared with; 0 for none.")]
    held_at: datetime
    source: Annotated[str, Field(description="Names of the files it came from.")]
    offers: Count
    products: Count
    reasons: Annotated[tuple[HoldReason, ...], Field(description="What each guard that holds it has to say.")]
    differences: Annotated[ListDifferences, Field(description="From the revision that it was compared with.")]


class PriceList(Shown):
    """A price list and its newest accepted revision."""

    name: str
    currency: str
    active: bool
    valid_from: date | None = None
    valid_until: date | None = None
    head: Annotated[Revision | None, Field(description="The newest accepted revision; absent before the first.")] = None
    held: Annotated[Held | None, Field(description="What the guards hold back, if they do.")] = None
    suspects: Annotated[Count, Field(description="Offers that the source lacks and that are still sold.")] = 0


class ListOffer(Shown):
    """An offer of a revision."""

    sku: str
    unit: str
    name: str
    description: str | None = None
    category: str | None = None
    product_type: str | None = None
    charge_type: str
    kind: str
    price: Annotated[Exact, Field(description="The distributor's retail price: the tenant's cost.")]
    recommended_sell_price: Exact | None = None
    tiers: tuple[Tier, ...] = ()
    active: bool


class ListDifference(Shown):
    """An offer that differs between two revisions."""

    sku: str
    unit: str
    name: str
    change: Literal["added", "removed", "price", "other"]
    old_price: Annotated[Exact | None, Field(description="Absent where the offer was not there.")] = None
    new_price: Annotated[Exact | None, Field(description="Absent where the offer is not there.")] = None


class Suspect(Shown):
    """An offer that the source lacks, and that is still sold."""

    sku: str
    unit: str
    name: str
    missing_since: datetime
    discontinued_at: Annotated[datetime | None, Field(description="When it will be discontinued if it stays away.")] = (
        None
    )


# Ownership


class OwnedProperty(Shown):
    """Who may change a property of an inherited product (domain.md section 10)."""

    property: Annotated[str, Field(description="The property as programs name it, such as sellPrice.")]
    title: Annotated[str, Field(description="The property in words.")]
    area: Annotated[str, Field(description="The part of the catalogue that it belongs to.")]
    owner: Annotated[Literal["distributor", "reseller"], Field(description="Whose decision it is.")]
    verdict: Annotated[
        Literal["allowed", "partly", "not allowed"], Field(description="Whether the reseller may change it.")
    ]
    comment: Annotated[str, Field(description="What the rule means.")]
    instead: Annotated[str, Field(description="What a reseller can do, or how he changes what is his.")]
    basis: Annotated[str, Field(description="documented, inferred, or decided where the sources are silent.")]
    enforced_by: Annotated[str, Field(description="What sees to it.")]
    source: Annotated[str, Field(description="Title of the page that the rule is from.")]


class Ownership(Shown):
    """The matrix of owners."""

    properties: tuple[OwnedProperty, ...]


# Rehearsals


class SourceFile(Shown):
    """A complete file of a price list."""

    name: Annotated[str, Field(min_length=1, max_length=1024, description="What faults in it are told with.")]
    content: Annotated[Base64Bytes, Field(description="The file's bytes, plain or compressed with gzip, in Base64.")]


class RehearsedPriceList(Shown):
    """A price list as it would be declared, with its files."""

    name: Annotated[str, Field(min_length=1, max_length=253, description="Name of the PriceList.")]
    spec: Annotated[Json, Field(description="Its spec. The source in it is not read: the files are given beside it.")]
    files: Annotated[
        tuple[SourceFile, ...], Field(min_length=1, max_length=200, description="The files of its source.")
    ]


class RehearsedAssignment(Shown):
    """What an assignment would declare for a tenant."""

    account: Annotated[str, Field(min_length=1, max_length=253, description="Number of the tenant's account.")]
    spec: Annotated[Json, Field(description="Spec of the PriceListAssignment.")]


class RehearsalRequest(Shown):
    """A change in declarations to try out. A list that is not named stays as it is, and so does a tenant."""

    price_lists: Annotated[
        tuple[RehearsedPriceList, ...], Field(max_length=20, description="Price lists that would change.")
    ] = ()
    assignments: Annotated[
        tuple[RehearsedAssignment, ...],
        Field(
            max_length=10_000,
            description="The tenants to plan for, each with what would be declared for him: those whose assignment "
            "changes, and those who follow a list that changes.",
        ),
    ] = ()


class ListVerdict(StrEnum):
    """What would become of the files of a price list."""

    UNCHANGED = "Unchanged"
    ACCEPTED = "Accepted"
    HELD = "Held"
    REFUSED = "Refused"


class TenantVerdict(StrEnum):
    """What would become of a tenant's catalogue."""

    UP_TO_DATE = "UpToDate"
    PLANNED = "Planned"
    NOT_PLANNED = "NotPlanned"


class PriceListRehearsal(Shown):
    """What would become of a price list."""

    name: str
    outcome: Annotated[
        ListVerdict,
        Field(description="Equal content makes no revision; held content waits for a person; refused content is bad."),
    ]
    message: Annotated[str | None, Field(description="Why it would be held or refused, and what to do.")] = None
    old_revision: Annotated[Number | None, Field(description="The newest accepted revision now.")] = None
    new_revision: Annotated[Number | None, Field(description="The newest accepted revision then.")] = None
    digest: Annotated[str | None, Field(description="Of the content; what acceptedDigest names where it is held.")] = (
        None
    )
    differences: Annotated[ListDifferences, Field(description="From the newest accepted revision.")] = ListDifferences()
    examples: Annotated[tuple[ListDifference, ...], Field(description="The first offers that differ.")] = ()
    suspects: Annotated[Count, Field(description="Offers that the files lack and that would still be sold.")] = 0


class TenantRehearsal(Shown):
    """What would become of a tenant's catalogue."""

    account: str
    price_list: str
    outcome: Annotated[
        TenantVerdict,
        Field(description="NotPlanned: there is nothing to plan with yet; the message says what is missing."),
    ]
    message: Annotated[str | None, Field(description="Why nothing was planned.")] = None
    kind: Literal["update", "restore"] = "update"
    revision: Annotated[Number | None, Field(description="The revision that his catalogue would be updated to.")] = None
    changes: Changes = Changes()
    below_cost: Count = 0
    unpriced: Count = 0


class Rehearsal(Shown):
    """What a change in declarations would do. Nothing was changed to find out."""

    price_lists: tuple[PriceListRehearsal, ...]
    tenants: tuple[TenantRehearsal, ...]
