"""What a PriceList declares: where the prices come from, how they are read, and what may be published unseen."""

from datetime import date, datetime
from typing import Annotated, Final, Literal

from pydantic import Field

from twotier.kinds.price_list.declaration_format import Format
from twotier.kinds.schema.fields import (
    ConfigMapKey,
    ContentDigest,
    Currency,
    Digest,
    Duration,
    Percent,
    ResourceName,
    Sha256,
)
from twotier.kinds.schema.model import Declared, Rule, exactly_one, immutable
from twotier.kinds.schema.resource import Column, Definition
from twotier.kinds.schema.spec import Spec
from twotier.kinds.schema.status import Count, Status

ACCEPTED: Final = "Accepted"
FRESH: Final = "Fresh"


class ConfigMapSource(Declared):
    """A ConfigMap that holds one complete file."""

    name: Annotated[ResourceName, Field(description="The ConfigMap, in the namespace of the price list.")]
    key: Annotated[
        ConfigMapKey | None,
        Field(
            description="Entry of data or binaryData that is the file, plain or compressed with gzip. "
            "May be left out when the ConfigMap has only one."
        ),
    ] = None
    sha256: Annotated[
        Sha256 | None,
        Field(
            description="SHA-256 of the entry's bytes. Where a list has several ConfigMaps, each is either immutable "
            "or has this, so that files of two versions are never mixed."
        ),
    ] = None


class ArtifactSource(Declared):
    """A file, or several, in an artifact that Flux keeps."""

    rules = (
        Rule(
            r"!self.path.matches(r'^/|(^|/)[.][.](/|$)')",
            "write the path inside the artifact, such as lists/prices.csv, without a leading '/' and without ..",
            ".path",
        ),
    )

    kind: Annotated[Literal["GitRepository", "OCIRepository", "Bucket"], Field(description="Kind of the Flux source.")]
    name: Annotated[ResourceName, Field(description="The Flux source, in the namespace of the price list.")]
    path: Annotated[
        str,
        Field(
            min_length=1,
            max_length=1024,
            description="Path of the file inside the artifact, or a glob such as lists/*.csv, in which * and ? stand "
            "for characters of one name. Several files are one list; each is complete, with its header.",
        ),
    ]


class Source(Declared):
    """Where the prices come from: exactly one of the three."""

    rules = (
        exactly_one(
            "inline", "configMaps", "artifact", message="name exactly one source: inline, configMaps or artifact"
        ),
    )

    inline: Annotated[
        str | None,
        Field(
            min_length=1,
            max_length=131_072,
            description="The file itself. For small lists; larger ones belong in ConfigMaps or an artifact.",
        ),
    ] = None
    config_maps: Annotated[
        tuple[ConfigMapSource, ...] | None,
        Field(
            min_length=1,
            max_length=200,
            description="ConfigMaps that each hold one complete file, with its header; the list is all of them "
            "together. A ConfigMap with the label twotier.dev/price-list wakes its list at once, others are read at "
            "the next sweep.",
            json_schema_extra={"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"]},
        ),
    ] = None
    artifact: Annotated[
        ArtifactSource | None, Field(description="A file, or several, in an artifact that Flux keeps.")
    ] = None


class Guards(Declared):
    """What holds a revision back until a person accepts it."""

    max_removed_percent: Annotated[
        int | None,
        Field(ge=0, le=100, description="Share of the offers that may be missing; 25 when left out."),
    ] = None
    min_rows: Annotated[
        int | None, Field(ge=0, le=10_000_000, description="Rows that the list must have; 1 when left out.")
    ] = None
    max_price_change_percent: Annotated[
        Percent | None,
        Field(
            description="Change of a single price, up or down, that is still believed; any when left out. "
            "A price of something that cost nothing is never believed, and one that becomes zero is a change of 100."
        ),
    ] = None
    zero_prices: Annotated[
        Literal["Allow", "Hold"] | None,
        Field(description="Whether a price that becomes zero is believed (Allow, also when left out) or held."),
    ] = None
    discontinue_after: Annotated[
        Duration | None,
        Field(
            description="How long an offer must be missing before it is discontinued, such as 24h; until then it is "
            "suspect and still sold. At once when left out."
        ),
    ] = None


class PriceListSpec(Spec):
    """A price list of a distributor."""

    rules = (
        immutable(
            "distributor",
            "a price list cannot move to another distributor: declare another PriceList for that distributor",
        ),
        immutable(
            "currency",
            "the currency of a price list cannot be changed: declare another PriceList and assign that one",
        ),
        Rule(
            "!has(self.validFrom) || !has(self.validUntil) || self.validFrom <= self.validUntil",
            "validUntil is before validFrom: the list would never be valid",
            ".validUntil",
        ),
    )

    distributor: Annotated[
        ResourceName, Field(description="The Distributor that sells at these prices. Cannot be changed.")
    ]
    currency: Annotated[Currency, Field(description="Currency of all prices, by ISO 4217. Cannot be changed.")]
    active: Annotated[bool, Field(description="Whether the list may be given to tenants.")] = True
    valid_from: Annotated[
        date | None, Field(description="First day of validity, in the distributor's time zone; no limit when left out.")
    ] = None
    valid_until: Annotated[
        date | None, Field(description="Last day of validity, in the distributor's time zone; no limit when left out.")
    ] = None
    source: Annotated[Source, Field(description="Where the prices come from: exactly one of the three.")]
    format: Annotated[Format, Field(description="How the source is read.")] = Format()
    guards: Annotated[
        Guards | None, Field(description="What holds a suspicious revision back until a person accepts it.")
    ] = None
    accepted_digest: Annotated[
        ContentDigest | None,
        Field(
            description="Digest of a held revision (status shows it) that a person has looked at and lets through; "
            "good for exactly that content, until another revision is published."
        ),
    ] = None
    max_age: Annotated[
        Duration | None,
        Field(
            description="Age of the last good import above which the list is shown as not fresh, such as 36h. The same "
            "bytes again are no new import."
        ),
    ] = None


class Differences(Declared):
    """How many offers differ between two revisions."""

    added: Annotated[Count, Field(description="Offers that are new.")] = 0
    removed: Annotated[Count, Field(description="Offers that are gone.")] = 0
    price_changed: Annotated[Count, Field(description="Offers with another price.")] = 0
    other_changed: Annotated[
        Count, Field(description="Offers with the same price of which something else changed.")
    ] = 0


class HeldRevision(Declared):
    """Content that the guards hold back."""

    digest: Annotated[Digest, Field(description="What to write into spec.acceptedDigest to let it through.")]
    offers: Annotated[Count, Field(description="Offers in it.")] = 0
    products: Annotated[Count, Field(description="Products in it.")] = 0
    differences: Annotated[Differences, Field(description="What it would change.")] = Differences()


class WrongFlag(Declared):
    """An offer that the publisher's flag does not fit."""

    sku: Annotated[str, Field(max_length=200, description="SKU of its product.")]
    unit: Annotated[str, Field(max_length=100, description="Term and billing cycle.")]
    flag: Annotated[str, Field(max_length=100, description="What the sheet says of it.")]
    found: Annotated[str, Field(max_length=100, description="What is so.")]


class VendorFlags(Declared):
    """The flags of a sheet, such as Unchanged, against what really changed. They decide nothing."""

    flagged: Annotated[Count, Field(description="Offers with a flag that is known.")] = 0
    wrong: Annotated[Count, Field(description="Those of them that the flag does not fit.")] = 0
    examples: Annotated[
        tuple[WrongFlag, ...], Field(max_length=20, description="The first of these, by SKU and unit.")
    ] = ()


class PriceListStatus(Status):
    """What became of a PriceList."""

    revision: Annotated[Count | None, Field(description="Number of the newest accepted revision.")] = None
    digest: Annotated[
        Digest | None, Field(description="Digest of its content; the order of rows and the notation do not matter.")
    ] = None
    offers: Annotated[Count | None, Field(description="Offers in it.")] = None
    products: Annotated[Count | None, Field(description="Products in it.")] = None
    last_imported_at: Annotated[datetime | None, Field(description="When it was imported.")] = None
    differences: Annotated[
        Differences | None, Field(description="What it changed, compared with the revision before.")
    ] = None
    suspects: Annotated[
        Count | None, Field(description="Offers that are missing from the source and still sold, see discontinueAfter.")
    ] = None
    held: Annotated[HeldRevision | None, Field(description="Content that the guards hold back.")] = None
    last_good_import_at: Annotated[
        datetime | None,
        Field(
            description="When a new file was let through last, be it without a change of content; maxAge counts from "
            "it."
        ),
    ] = None
    vendor_flags: Annotated[
        VendorFlags | None, Field(description="How the publisher's own flags fit; absent where the format has none.")
    ] = None


DEFINITION: Final = Definition(
    kind="PriceList",
    plural="pricelists",
    short_name="pl",
    description="Prices of a distributor, imported from a source and kept as revisions.",
    spec=PriceListSpec,
    status=PriceListStatus,
    conditions={
        ACCEPTED: "The source, as it was last read, is imported; what was accepted before still serves if not.",
        FRESH: "A new file was let through within maxAge; shown where that is declared.",
    },
    measured=(ACCEPTED, FRESH),
    columns=(
        Column("Revision", ".status.revision", "integer"),
        Column("Offers", ".status.offers", "integer"),
        Column("Currency", ".spec.currency"),
        Column("Distributor", ".spec.distributor", wide=True),
        Column("Products", ".status.products", "integer", wide=True),
        Column("Suspects", ".status.suspects", "integer", wide=True),
        Column("Imported", ".status.lastImportedAt", "date", wide=True),
        Column("Digest", ".status.digest", wide=True),
    ),
    selectable=(".spec.distributor", ".spec.currency"),
)
