"""What a PriceList declares: the source of the prices, how it is read, and what may be published without review."""

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
            "May be left out if the ConfigMap has only one."
        ),
    ] = None
    sha256: Annotated[
        Sha256 | None,
        Field(
            description="SHA-256 of the entry's bytes. If a list has several ConfigMaps, each must be immutable "
            "or have this, so that files of two versions are never mixed."
        ),
    ] = None


class ArtifactSource(Declared):
    """One or more files in an artifact that Flux keeps."""

    rules = (
        Rule(
            r"!self.path.matches(r'^/|(^|/)[.][.](/|$)')",
            "write the path inside the artifact, such as lists/prices.csv, without a leading '/' or any '..'",
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
            description="Path of the file inside the artifact, or a glob such as lists/*.csv, where * and ? stand "
            "for characters of one name. Several files form one list; each is complete, with its header.",
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
            description="ConfigMaps that each hold one complete file, with its header; together they "
            "form the list. A change to a ConfigMap with the label twotier.dev/price-list is read at once, to others "
            "at the next sweep. Messages quote only files of ConfigMaps with that label.",
            json_schema_extra={"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"]},
        ),
    ] = None
    artifact: Annotated[
        ArtifactSource | None, Field(description="One or more files in an artifact that Flux keeps.")
    ] = None


class Guards(Declared):
    """What holds a revision until a person accepts it."""

    max_removed_percent: Annotated[
        int | None,
        Field(ge=0, le=100, description="Percentage of the offers that may be missing; 25 when left out."),
    ] = None
    min_rows: Annotated[
        int | None, Field(ge=0, le=10_000_000, description="Minimum number of rows in the list; 1 when left out.")
    ] = None
    max_price_change_percent: Annotated[
        Percent | None,
        Field(
            description="Largest change of a single price, up or down, that is not held; no limit when left out. "
            "A price that was zero before is always held; one that becomes zero is a change of 100."
        ),
    ] = None
    zero_prices: Annotated[
        Literal["Allow", "Hold"] | None,
        Field(description="Whether a price that becomes zero is allowed (Allow, the default) or held (Hold)."),
    ] = None
    discontinue_after: Annotated[
        Duration | None,
        Field(
            description="How long an offer must be missing before it is discontinued, such as 24h; until then it is "
            "suspect and still sold. Discontinued at once when left out."
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
    active: Annotated[bool, Field(description="Whether the list may be assigned to tenants.")] = True
    valid_from: Annotated[
        date | None, Field(description="First day of validity, in the distributor's time zone; no limit when left out.")
    ] = None
    valid_until: Annotated[
        date | None, Field(description="Last day of validity, in the distributor's time zone; no limit when left out.")
    ] = None
    source: Annotated[Source, Field(description="Where the prices come from: exactly one of the three.")]
    format: Annotated[Format, Field(description="How the source is read.")] = Format()
    guards: Annotated[
        Guards | None, Field(description="What holds a suspicious revision until a person accepts it.")
    ] = None
    accepted_digest: Annotated[
        ContentDigest | None,
        Field(
            description="Digest of a held revision (see status) that a person has reviewed and accepts; "
            "valid for exactly this content, until another revision is published."
        ),
    ] = None
    max_age: Annotated[
        Duration | None,
        Field(
            description="Age of the last good import above which the list is reported as not fresh, such as 36h. "
            "Reading the same bytes again does not count as an import."
        ),
    ] = None


class Differences(Declared):
    """How many offers differ between two revisions."""

    added: Annotated[Count, Field(description="Offers that are new.")] = 0
    removed: Annotated[Count, Field(description="Offers that were removed.")] = 0
    price_changed: Annotated[Count, Field(description="Offers with a changed price.")] = 0
    other_changed: Annotated[Count, Field(description="Offers of which something other than the price changed.")] = 0


class HeldRevision(Declared):
    """Content that the guards hold."""

    digest: Annotated[Digest, Field(description="The value of spec.acceptedDigest that accepts it.")]
    offers: Annotated[Count, Field(description="Offers in it.")] = 0
    products: Annotated[Count, Field(description="Products in it.")] = 0
    differences: Annotated[Differences, Field(description="What it would change.")] = Differences()


class WrongFlag(Declared):
    """An offer whose publisher's flag is wrong."""

    sku: Annotated[str, Field(max_length=200, description="SKU of its product.")]
    unit: Annotated[str, Field(max_length=100, description="Term and billing cycle.")]
    flag: Annotated[str, Field(max_length=100, description="What the sheet says.")]
    found: Annotated[str, Field(max_length=100, description="What actually changed.")]


class VendorFlags(Declared):
    """The flags of a sheet, such as Unchanged, compared with what really changed. They have no effect."""

    flagged: Annotated[Count, Field(description="Offers with a known flag.")] = 0
    wrong: Annotated[Count, Field(description="Those whose flag is wrong.")] = 0
    examples: Annotated[
        tuple[WrongFlag, ...], Field(max_length=20, description="The first of these, by SKU and unit.")
    ] = ()


class PriceListStatus(Status):
    """The observed state of a PriceList."""

    revision: Annotated[Count | None, Field(description="Number of the newest accepted revision.")] = None
    digest: Annotated[
        Digest | None,
        Field(
            description="Digest of its content; independent of row order and notation. Left out if it came from a "
            "ConfigMap without the label twotier.dev/price-list."
        ),
    ] = None
    offers: Annotated[Count | None, Field(description="Offers in it.")] = None
    products: Annotated[Count | None, Field(description="Products in it.")] = None
    last_imported_at: Annotated[datetime | None, Field(description="When it was imported.")] = None
    differences: Annotated[
        Differences | None, Field(description="What it changed, compared with the revision before.")
    ] = None
    suspects: Annotated[
        Count | None, Field(description="Offers that are missing from the source but still sold; see discontinueAfter.")
    ] = None
    held: Annotated[HeldRevision | None, Field(description="Content that the guards hold.")] = None
    last_good_import_at: Annotated[
        datetime | None,
        Field(
            description="When a new file was last accepted, even if its content was unchanged; maxAge counts from it."
        ),
    ] = None
    vendor_flags: Annotated[
        VendorFlags | None,
        Field(description="How accurate the publisher's own flags are; absent if the format has none."),
    ] = None


DEFINITION: Final = Definition(
    kind="PriceList",
    plural="pricelists",
    short_name="pl",
    description="Prices of a distributor, imported from a source and kept as revisions.",
    spec=PriceListSpec,
    status=PriceListStatus,
    conditions={
        ACCEPTED: "The source, as last read, is imported; otherwise the last accepted revision stays in force.",
        FRESH: "A new file was accepted within maxAge; shown only if maxAge is declared.",
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
