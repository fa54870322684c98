"""Price lists, their revisions, and what is held or missing."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from twotier.web.api.models.updates import Tier
from twotier.web.api.models.values import Count, Exact, Number, Shown


class ListDifferences(Shown):
    """How many offers differ between two revisions."""

    added: Annotated[Count, Field(description="Offers that are new.")] = 0
    removed: Annotated[Count, Field(description="Offers that were removed.")] = 0
    price_changed: Annotated[Count, Field(description="Offers with a new price.")] = 0
    other_changed: Annotated[Count, Field(description="Offers with the same price and other changes.")] = 0


class Revision(Shown):
    """A revision of a price list."""

    revision: Number
    digest: Annotated[str, Field(description="Digest of the normalised content.")]
    imported_at: datetime
    source: Annotated[str, Field(description="Names of the files that it came from.")]
    offers: Count
    products: Count
    differences: Annotated[ListDifferences, Field(description="Compared with the previous revision.")]


class HoldReason(Shown):
    """The finding of a guard."""

    reason: Annotated[str, Field(description="The guard, as a machine-readable word.")]
    message: Annotated[str, Field(description="What it found.")]


class Held(Shown):
    """Content that the guards hold."""

    digest: Annotated[
        str, Field(description="The value for spec.acceptedDigest of the price list to accept exactly this content.")
    ]
    base: Annotated[Count, Field(description="The accepted revision that it was compared with; 0 for none.")]
    held_at: datetime
    source: Annotated[str, Field(description="Names of the files that it came from.")]
    offers: Count
    products: Count
    reasons: Annotated[tuple[HoldReason, ...], Field(description="The finding of each guard that holds it.")]
    differences: Annotated[ListDifferences, Field(description="Compared with the base revision.")]


class PriceList(Shown):
    """A price list and its newest accepted revision."""

    name: str
    currency: str
    active: bool
    valid_from: date | None = None
    valid_until: date | None = None
    head: Annotated[Revision | None, Field(description="The newest accepted revision; absent before the first.")] = None
    held: Annotated[Held | None, Field(description="What the guards hold, if anything.")] = None
    suspects: Annotated[Count, Field(description="Offers that are missing from the source and still sold.")] = 0


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
    old_price: Annotated[Exact | None, Field(description="Absent if the offer did not exist.")] = None
    new_price: Annotated[Exact | None, Field(description="Absent if the offer no longer exists.")] = None


class Suspect(Shown):
    """An offer that is missing from the source and still sold."""

    sku: str
    unit: str
    name: str
    missing_since: datetime
    discontinued_at: Annotated[
        datetime | None, Field(description="When it will be discontinued if it stays missing.")
    ] = None
