"""How the file of a price list is read: what each property of an offer is made of.

A text such as "{ProductId}:{SkuId}" stands for the values of two columns of the file with a colon between them,
"{UnitPrice}" for one column, and "month" for itself in every row. `{{` and `}}` are braces.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from string import Formatter
from typing import Final

LARGEST_MARKUP: Final = 1000


class FormatError(ValueError):
    """A format that no file can be read with; the message says what to change."""


class Property(StrEnum):
    """What a row of a file may say of an offer, in the order in which faults of one row are told."""

    SKU = "sku"
    UNIT = "unit"
    PRICE = "price"
    RECOMMENDED_SELL_PRICE = "recommendedSellPrice"
    CURRENCY = "currency"
    NAME = "name"
    DESCRIPTION = "description"
    CATEGORY = "category"
    PRODUCT_TYPE = "productType"
    CHARGE_TYPE = "chargeType"
    KIND = "kind"
    ACTIVE = "active"
    TIERS = "tiers"
    TIER_MINIMUM = "tierMinimum"
    TIER_MAXIMUM = "tierMaximum"
    ADD_ON_OF = "addOnOf"
    UPGRADE_TO = "upgradeTo"
    COMPONENTS = "components"
    VALID_FROM = "validFrom"
    VALID_UNTIL = "validUntil"
    CHANGE_FLAG = "changeFlag"
    PREVIOUS_VALUES = "previousValues"

    @property
    def column(self) -> str:
        """Its name in the database."""
        return self.name.lower()


REQUIRED: Final = (Property.SKU, Property.UNIT, Property.PRICE)


@dataclass(frozen=True, slots=True)
class Template:
    """Text in which {Column} stands for a column of the file.

    Attributes:
        text: as it was written.
        parts: pairs of literal text and the column that follows it, or None at the end.
    """

    text: str
    parts: tuple[tuple[str, str | None], ...]

    @classmethod
    def parse(cls, text: str) -> "Template":
        """Read a template.

        Raises:
            FormatError: braces do not match, or hold anything but the name of a column.
        """
        try:
            parts = tuple((literal, column) for literal, column, _, _ in Formatter().parse(text))
        except ValueError as error:
            raise FormatError(f"{text!r} is not a template ({error}): write {{Column}} for a column") from None
        if any(column == "" for _, column in parts):
            raise FormatError(f"{text!r} has braces without the name of a column between them")
        return cls(text, parts)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it needs, in the order of the text."""
        return tuple(column for _, column in self.parts if column is not None)

    @property
    def constant(self) -> str:
        """The text without its columns, with braces as they are meant."""
        return "".join(literal for literal, _ in self.parts)

    def pattern(self, index: Mapping[str, int]) -> str:
        """Return a format of the cells of a row, by the positions of the columns."""
        return "".join(
            literal.replace("{", "{{").replace("}", "}}") + ("" if column is None else f"{{{index[column]}}}")
            for literal, column in self.parts
        )

    @property
    def only_column(self) -> str | None:
        """The column that it is, if it is nothing else."""
        match self.parts:
            case (("", str(column)),):
                return column
            case _:
                return None


@dataclass(frozen=True, slots=True)
class Csv:
    """How the cells of a row are told apart."""

    delimiter: str = ","
    quote: str = '"'

    def __post_init__(self) -> None:
        if len(self.delimiter) != 1 or len(self.quote) != 1 or self.delimiter == self.quote:
            raise FormatError("delimiter and quote are two different characters, each a single one")


@dataclass(frozen=True, slots=True)
class JsonLines:
    """One JSON object a line; its keys are the columns."""


Notation = Csv | JsonLines


@dataclass(frozen=True)
class Format:
    """How a file is read.

    Attributes:
        templates: what each property is made of; a property without one is left out of the list.
        defaults: what an empty cell of a column of the file stands for.
        fixed_widths: columns whose values always have so many characters; a shorter one has lost leading zeros.
        row_filter: values that a column must have for a row to be taken; all others are skipped.
        markup_percent: added to the price for a recommended sell price where the file has none.
        notation: how rows and cells are told apart.
        filled: columns that have a value in every row that is taken, once the defaults are in.
        single: columns that have the same value in all rows that are taken, such as the market.
        optional: properties whose columns may be absent from a file.
        exclusive: whether a column that nothing here names is refused, as a misspelt one would be.

    Raises:
        FormatError: sku, unit or price is missing, properties exclude each other, or a number is out of its range.
    """

    templates: Mapping[Property, Template]
    defaults: Mapping[str, str] = field(default_factory=dict)
    fixed_widths: Mapping[str, int] = field(default_factory=dict)
    row_filter: Mapping[str, frozenset[str]] = field(default_factory=dict)
    markup_percent: Decimal | None = None
    notation: Notation = field(default_factory=Csv)
    filled: frozenset[str] = frozenset()
    single: frozenset[str] = frozenset()
    optional: frozenset[Property] = frozenset()
    exclusive: bool = False

    def __post_init__(self) -> None:
        missing = [wanted for wanted in REQUIRED if wanted not in self.templates]
        if missing:
            raise FormatError(f"the format does not say what {' and '.join(missing)} of an offer are made of")
        if self.markup_percent is not None and not 0 <= self.markup_percent <= LARGEST_MARKUP:
            raise FormatError(f"markupPercent is between 0 and {LARGEST_MARKUP}, not {self.markup_percent}")
        if Property.TIERS in self.templates and self.tiers_are_rows:
            raise FormatError("name tiers, or tierMinimum and tierMaximum, not both: tiers are in one cell or in rows")

    @property
    def tiers_are_rows(self) -> bool:
        """Whether several rows with the key of one offer are its prices from different quantities on."""
        return Property.TIER_MINIMUM in self.templates

    @property
    def columns(self) -> Mapping[str, bool]:
        """All columns of a file that it needs, and whether a file without that column is refused."""
        named = (*self.row_filter, *self.fixed_widths, *self.defaults, *sorted(self.filled), *sorted(self.single))
        wanted = dict.fromkeys(named, True)
        for made, template in self.templates.items():
            for column in template.columns:
                wanted[column] = wanted.get(column, False) or made not in self.optional
        return wanted

    @property
    def names(self) -> frozenset[str]:
        """What columns and properties are called in messages, known without any file."""
        return frozenset({*self.columns, *map(self.label, Property)})

    def label(self, wanted: Property) -> str:
        """What a person would call a property in this file: its column, else the template that it is made of."""
        template = self.templates.get(wanted)
        return wanted if template is None else template.only_column or template.text

    def fingerprint(self) -> str:
        """Everything that the result of reading a file depends on, apart from the file and the time, as text."""
        return json.dumps(
            [
                {wanted: template.text for wanted, template in self.templates.items()},
                dict(self.defaults),
                dict(self.fixed_widths),
                {column: sorted(values) for column, values in self.row_filter.items()},
                str(self.markup_percent),
                repr(self.notation),
                *(sorted(names) for names in (self.filled, self.single, self.optional)),
                self.exclusive,
            ],
            sort_keys=True,
        )


def mapping(
    columns: Mapping[Property, str],
    *,
    defaults: Mapping[str, str] | None = None,
    fixed_widths: Mapping[str, int] | None = None,
    row_filter: Mapping[str, frozenset[str]] | None = None,
    markup_percent: Decimal | None = None,
    notation: Notation | None = None,
) -> Format:
    """Return the format of a file made by others, from the texts that a person wrote for its columns."""
    return Format(
        templates={wanted: Template.parse(text) for wanted, text in columns.items()},
        defaults=defaults or {},
        fixed_widths=fixed_widths or {},
        row_filter=row_filter or {},
        markup_percent=markup_percent,
        notation=notation or Csv(),
    )
