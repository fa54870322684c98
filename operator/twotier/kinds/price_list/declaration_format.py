"""How the source of a price list is read: the part of its declaration that describes a file."""

from typing import Annotated, Final, Literal

from pydantic import Field

from twotier.bss.sheets.presets import DEFAULT, PRESETS
from twotier.kinds.schema.fields import OneOf, Percent, Written
from twotier.kinds.schema.model import Declared, Rule

Template = Annotated[str, Field(min_length=1, max_length=512)]
Character = Annotated[str, Field(max_length=8), Written(r"[^\r\n]", "write a single character, such as ';'")]
_PRESETS: Final = "; ".join(f"{name} is {preset.description}" for name, preset in PRESETS.items())
ColumnName = Annotated[str, Field(min_length=1, max_length=120)]


class Columns(Declared):
    """What each property of an offer consists of: text in which {Column} stands for a column of the file."""

    rules = (
        Rule(
            "!has(self.tiers) || !(has(self.tierMinimum) || has(self.tierMaximum))",
            "name tiers, or tierMinimum and tierMaximum, not both: tiers are either in one cell or in separate rows",
        ),
        Rule(
            "has(self.tierMinimum) || !has(self.tierMaximum)",
            "tierMaximum requires tierMinimum: name both, or neither",
        ),
        Rule(
            "has(self.changeFlag) || !has(self.previousValues)",
            "previousValues requires changeFlag: name both, or neither",
        ),
    )

    sku: Annotated[Template, Field(description="Key of the product, such as '{ProductId}:{SkuId}'.")]
    unit: Annotated[
        Template,
        Field(description="Term and billing cycle, such as '{TermDuration}/{BillingPlan}', or text such as month."),
    ]
    price: Annotated[Template, Field(description="The distributor's retail price, which is the tenant's cost.")]
    name: Annotated[Template | None, Field(description="Name of the product; its SKU when left out.")] = None
    recommended_sell_price: Annotated[Template | None, Field(description="Sell price recommended to the reseller.")] = (
        None
    )
    currency: Annotated[
        Template | None,
        Field(description="Currency of the row, which must be that of the list; not checked when left out."),
    ] = None
    description: Annotated[Template | None, Field(description="Description of the product.")] = None
    category: Annotated[Template | None, Field(description="Category that a new product is put into.")] = None
    product_type: Annotated[Template | None, Field(description="Service that provisions the product.")] = None
    charge_type: Annotated[
        Template | None, Field(description="recurring, one-off or usage; recurring when left out.")
    ] = None
    kind: Annotated[Template | None, Field(description="product, add-on or bundle; product when left out.")] = None
    active: Annotated[Template | None, Field(description="true or false; true when left out.")] = None
    tiers: Annotated[
        Template | None,
        Field(description="Prices from a quantity upwards, separated by ';', such as 10=9.50;100=8.75."),
    ] = None
    tier_minimum: Annotated[
        Template | None,
        Field(
            description="Quantity from which the row's price applies, if several rows of one offer are its tiers, such "
            "as '{PricingTierRangeMin}'; the row with the lowest one is the offer."
        ),
    ] = None
    tier_maximum: Annotated[
        Template | None,
        Field(description="Quantity up to which the row's price applies; checked against the next row of the offer."),
    ] = None
    add_on_of: Annotated[
        Template | None, Field(description="SKUs of the products that it is an add-on of, separated by ';'.")
    ] = None
    upgrade_to: Annotated[
        Template | None, Field(description="SKUs of the products that it can be upgraded to, separated by ';'.")
    ] = None
    components: Annotated[Template | None, Field(description="Components of a bundle, such as OFFICE*1;BACKUP*5.")] = (
        None
    )
    valid_from: Annotated[
        Template | None,
        Field(
            description="Moment from which the row is valid, such as 2026-09-01 or 2026-09-01T00:00:00Z, in UTC if "
            "it has no zone; no limit when empty. Rows that are not valid at the time of the import are left out, and "
            "the list is imported again when others become valid."
        ),
    ] = None
    valid_until: Annotated[
        Template | None,
        Field(
            description="Moment at which the row's validity ends. A day without a time, or with the time 23:59:59, "
            "lasts to the end of the day. No end when empty, or in the year 9999."
        ),
    ] = None
    change_flag: Annotated[
        Template | None,
        Field(
            description="The publisher's flag for the row: Add, Change or Unchanged. It has no effect; if it "
            "does not match what changed, status says so."
        ),
    ] = None
    previous_values: Annotated[
        Template | None,
        Field(description="The publisher's previous values, as a dictionary by column; audited like the flag."),
    ] = None


class Format(Declared):
    """How a file is read."""

    rules = (
        Rule(
            "!(has(self.preset) && has(self.columns))",
            "name a preset or columns, not both: a preset defines the columns itself",
        ),
        Rule(
            "has(self.columns) || !(has(self.delimiter) || has(self.quote) || has(self.fixedWidths) || "
            "has(self.defaults))",
            "delimiter, quote, fixedWidths and defaults require columns: name the columns, or remove them",
        ),
        Rule(
            "self.type == 'CSV' || !(has(self.delimiter) || has(self.quote))",
            "delimiter and quote apply to CSV only: remove them, or set type to CSV",
        ),
    )

    type: Annotated[
        Literal["CSV", "JSONLines"],
        Field(
            description="CSV with a header line, or JSON Lines, whose objects have the columns as keys; either may be "
            "compressed with gzip."
        ),
    ] = "CSV"
    preset: Annotated[
        Annotated[str, OneOf(tuple(PRESETS))] | None,
        Field(
            description=f"A format that has a name. {_PRESETS}. {DEFAULT} when neither preset nor columns are given."
        ),
    ] = None
    columns: Annotated[
        Columns | None,
        Field(
            description="What each property of an offer consists of: text in which {Column} stands for a column of the "
            "file."
        ),
    ] = None
    delimiter: Annotated[Character | None, Field(description="Character between cells; a comma when left out.")] = None
    quote: Annotated[Character | None, Field(description="Character around cells; '\"' when left out.")] = None
    fixed_widths: Annotated[
        dict[ColumnName, Annotated[int, Field(ge=1, le=64)]],
        Field(
            max_length=20,
            description="Columns whose values have a fixed number of characters, such as SkuId: 4. A shorter value has "
            "lost its leading zeros, and the file is refused.",
        ),
    ] = Field(default_factory=dict)
    defaults: Annotated[
        dict[ColumnName, Annotated[str, Field(max_length=256)]],
        Field(
            max_length=20,
            description="The meaning of an empty value in a column, such as BillingPlan: None.",
        ),
    ] = Field(default_factory=dict)
    row_filter: Annotated[
        dict[
            ColumnName, Annotated[frozenset[Annotated[str, Field(max_length=256)]], Field(min_length=1, max_length=50)]
        ],
        Field(
            max_length=10,
            description="Values that a column must have for a row to be read, such as Market: [GR]; all others "
            "are ignored. All rows when left out.",
        ),
    ] = Field(default_factory=dict)
    markup_percent: Annotated[
        Percent | None,
        Field(
            description="Markup on the price for a recommended sell price if the source has none, in percent, "
            "as a quoted number, such as '15'."
        ),
    ] = None
