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
    """What each property of an offer is made of: text in which {Column} stands for a column of the file."""

    rules = (
        Rule(
            "!has(self.tiers) || !(has(self.tierMinimum) || has(self.tierMaximum))",
            "name tiers, or tierMinimum and tierMaximum, not both: tiers are in one cell or in rows of their own",
        ),
        Rule(
            "has(self.tierMinimum) || !has(self.tierMaximum)",
            "tierMaximum goes with tierMinimum: name both, or neither",
        ),
        Rule(
            "has(self.changeFlag) || !has(self.previousValues)",
            "previousValues go with changeFlag: name both, or neither",
        ),
    )

    sku: Annotated[Template, Field(description="Key of the product, such as '{ProductId}:{SkuId}'.")]
    unit: Annotated[
        Template,
        Field(description="Term and billing cycle, such as '{TermDuration}/{BillingPlan}', or text such as month."),
    ]
    price: Annotated[Template, Field(description="The distributor's retail price, which is the tenant's cost.")]
    name: Annotated[Template | None, Field(description="Name of the product; its SKU when left out.")] = None
    recommended_sell_price: Annotated[
        Template | None, Field(description="Price that the reseller is recommended to sell at.")
    ] = None
    currency: Annotated[
        Template | None, Field(description="Currency of the row, which must be the list's; not checked when left out.")
    ] = None
    description: Annotated[Template | None, Field(description="Description of the product.")] = None
    category: Annotated[Template | None, Field(description="Category that the product arrives in.")] = None
    product_type: Annotated[Template | None, Field(description="Service that provisions the product.")] = None
    charge_type: Annotated[
        Template | None, Field(description="recurring, one-off or usage; recurring when left out.")
    ] = None
    kind: Annotated[Template | None, Field(description="product, add-on or bundle; product when left out.")] = None
    active: Annotated[Template | None, Field(description="true or false; true when left out.")] = None
    tiers: Annotated[
        Template | None,
        Field(description="Prices from a quantity on, with ';' between them, such as 10=9.50;100=8.75."),
    ] = None
    tier_minimum: Annotated[
        Template | None,
        Field(
            description="Quantity that the row's price begins at, where several rows of one offer are its tiers, such "
            "as '{PricingTierRangeMin}'; the row with the lowest one is the offer."
        ),
    ] = None
    tier_maximum: Annotated[
        Template | None,
        Field(description="Quantity that the row's price ends at; checked against the next row of the offer."),
    ] = None
    add_on_of: Annotated[
        Template | None, Field(description="SKUs of products that it is an add-on of, with ';' between them.")
    ] = None
    upgrade_to: Annotated[
        Template | None, Field(description="SKUs of products that it can be upgraded to, with ';' between them.")
    ] = None
    components: Annotated[
        Template | None, Field(description="What a bundle consists of, such as OFFICE*1;BACKUP*5.")
    ] = None
    valid_from: Annotated[
        Template | None,
        Field(
            description="Moment from which the row is valid, such as 2026-09-01 or 2026-09-01T00:00:00Z, in UTC where "
            "it names no zone; always when empty. Rows that are not valid at the time of the import are left out, and "
            "the list is imported again when others become valid."
        ),
    ] = None
    valid_until: Annotated[
        Template | None,
        Field(
            description="Moment at which the row's validity ends. A day without a time, and the time 23:59:59, are "
            "meant to the end of the day. Never when empty, or in the year 9999."
        ),
    ] = None
    change_flag: Annotated[
        Template | None,
        Field(
            description="What the publisher says of the row: Add, Change or Unchanged. It decides nothing; where it "
            "does not fit what changed, status says so."
        ),
    ] = None
    previous_values: Annotated[
        Template | None,
        Field(description="What the publisher says it was before, as a dictionary by column; audited like the flag."),
    ] = None


class Format(Declared):
    """How a file is read."""

    rules = (
        Rule(
            "!(has(self.preset) && has(self.columns))",
            "name a preset or columns, not both: a preset says itself which columns there are",
        ),
        Rule(
            "has(self.columns) || !(has(self.delimiter) || has(self.quote) || has(self.fixedWidths) || "
            "has(self.defaults))",
            "delimiter, quote, fixedWidths and defaults go with columns: name the columns, or remove them",
        ),
        Rule(
            "self.type == 'CSV' || !(has(self.delimiter) || has(self.quote))",
            "delimiter and quote are of CSV: remove them, or set type to CSV",
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
        Field(description=f"A format known by name. {_PRESETS}. {DEFAULT} when neither preset nor columns are given."),
    ] = None
    columns: Annotated[
        Columns | None,
        Field(
            description="What each property of an offer is made of: text in which {Column} stands for a column of the "
            "file."
        ),
    ] = None
    delimiter: Annotated[Character | None, Field(description="What stands between cells; a comma when left out.")] = (
        None
    )
    quote: Annotated[Character | None, Field(description="What stands around cells; '\"' when left out.")] = None
    fixed_widths: Annotated[
        dict[ColumnName, Annotated[int, Field(ge=1, le=64)]],
        Field(
            max_length=20,
            description="Columns whose values always have so many characters, such as SkuId: 4. A shorter value has "
            "lost leading zeros, and the file is refused.",
        ),
    ] = Field(default_factory=dict)
    defaults: Annotated[
        dict[ColumnName, Annotated[str, Field(max_length=256)]],
        Field(
            max_length=20,
            description="What an empty value of a column stands for, such as BillingPlan: None.",
        ),
    ] = Field(default_factory=dict)
    row_filter: Annotated[
        dict[
            ColumnName, Annotated[frozenset[Annotated[str, Field(max_length=256)]], Field(min_length=1, max_length=50)]
        ],
        Field(
            max_length=10,
            description="Values that a column must have for a row to be read, such as Market: [GR]; what the others "
            "say is not looked at. All rows when left out.",
        ),
    ] = Field(default_factory=dict)
    markup_percent: Annotated[
        Percent | None,
        Field(
            description="Added to the price for a recommended sell price where the source has none, in percent, "
            "as a quoted number, such as '15'."
        ),
    ] = None
