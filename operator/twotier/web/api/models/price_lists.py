"""Price lists, their revisions, and what is held back or missing."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from twotier.web.api.models.updates import Tier
from twotier.web.api.models.values import Count, Exact, Number, Shown


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
