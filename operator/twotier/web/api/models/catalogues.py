"""What a tenant sells, and why it is what it is."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from twotier.web.api.models.updates import Tier, Value
from twotier.web.api.models.values import Exact, Number, Shown


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
    discontinued: Annotated[bool, Field(description="It was in the list once and no longer is.")]
    published: Annotated[
        bool, Field(description="It is sold: active, in the list, priced, and not hidden by the reseller.")
    ]
    needs_review: Annotated[bool, Field(description="It came without a sell price, and the reseller has set none.")]
    suspect: Annotated[
        bool, Field(description="Currently missing from the list's source, but not discontinued yet.")
    ] = False
    inherited_name: Annotated[str, Field(description="The distributor's name, whatever the reseller set.")]
    inherited_description: str | None = None
    inherited_category: str | None = None
    inherited_sell_price: Exact | None = None


class Override(Shown):
    """A value that the reseller has set instead of an inherited one."""

    value: Annotated[Value, Field(description="The value that was set; a margin is in percent.")]
    is_margin: Annotated[bool, Field(description="Whether it is a margin in percent instead of a price.")] = False
    set_at: datetime | None = None
    displaced_by: Annotated[
        Number | None, Field(description="The run whose option overwrote it; absent while it is in effect.")
    ] = None


class ColumnExplanation(Shown):
    """Why one field of an offer has the value it has: list, revision, run, override, what is shown."""

    field: Annotated[str, Field(description="cost, tiers, sellPrice, name, description, category, active, …")]
    value: Annotated[Value, Field(description="The value in force.")] = None
    owner: Annotated[Literal["distributor", "reseller"], Field(description="Whose value is in force.")]
    price_list: Annotated[str | None, Field(description="The list that the distributor's value comes from.")] = None
    revision: Annotated[Number | None, Field(description="The revision that the tenant has it from.")] = None
    since_revision: Annotated[Number | None, Field(description="The revision that introduced it to the list.")] = None
    imported_at: Annotated[datetime | None, Field(description="When that revision was imported.")] = None
    source: Annotated[str | None, Field(description="Names of the files that it was imported from.")] = None
    run: Annotated[Number | None, Field(description="The run that brought it into the catalogue.")] = None
    run_at: Annotated[datetime | None, Field(description="When that run was applied.")] = None
    requested_by: Annotated[str | None, Field(description="The resource that requested that run.")] = None
    asked_by: Annotated[
        str | None,
        Field(
            description="The field manager that set the approval of that run, if approval was needed. Whoever writes "
            "chooses this name; the API server's audit log has the user."
        ),
    ] = None
    inherited: Annotated[Value, Field(description="The distributor's value.")] = None
    own: Annotated[Override | None, Field(description="The reseller's override, if there is one.")] = None


class Explanation(Shown):
    """The chain behind what a tenant's customers see of an offer."""

    offer: CatalogueOffer
    below_cost: Annotated[bool, Field(description="Its sell price is below its cost.")] = False
    margin_percent: Annotated[
        Exact | None, Field(description="The margin of the sell price over the cost, in percent of the cost.")
    ] = None
    columns: tuple[ColumnExplanation, ...]


class PricePoint(Shown):
    """What an offer cost and sold for, from a run that changed either."""

    run: Number
    applied_at: datetime
    price_list: str
    revision: Number
    cost: Exact | None = None
    sell_price: Exact | None = None
    discontinued: bool = False


class PriceHistory(Shown):
    """What an offer cost and sold for, at each run that changed it and was not undone, from its arrival."""

    points: tuple[PricePoint, ...]


class OwnProduct(Shown):
    """An own product of the reseller, which no update touches, in one of its units."""

    sku: str
    unit: Annotated[str | None, Field(description="Term and billing cycle; absent while it has no unit.")] = None
    name: str
    description: str | None = None
    image: str | None = None
    category: str | None = None
    product_type: Annotated[str, Field(description="An own product type of the reseller.")]
    charge_type: Annotated[str, Field(description="recurring, one-off or usage.")]
    cost: Annotated[Exact | None, Field(description="What the reseller pays for it, if known.")] = None
    sell_price: Exact | None = None
    published: Annotated[bool, Field(description="It is shown in the storefront.")]


class TenantValue(Shown):
    """An override: a value that the reseller set on an inherited product or offer, and has not removed."""

    sku: str
    unit: Annotated[str | None, Field(description="Of a price; absent for values of the product.")] = None
    property: Annotated[str, Field(description="sellPrice, margin, name, description, image, category or publication.")]
    value: Annotated[str, Field(description="A margin is in percent; a category is given by name.")]
    set_at: datetime
    displaced_by: Annotated[
        Number | None, Field(description="The run whose option overwrote it; absent while it is in effect.")
    ] = None
