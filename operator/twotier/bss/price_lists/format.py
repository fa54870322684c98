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
OF_FOREIGN_SHEETS: Final = frozenset(
    {Property.TIER_MINIMUM, Property.TIER_MAXIMUM, Property.CHANGE_FLAG, Property.PREVIOUS_VALUES}
)
OWN: Final = tuple(wanted for wanted in Property if wanted not in OF_FOREIGN_SHEETS)


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
            FormatError: braces do not match, or hold something else than the name of a column.
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


@dataclass(frozen=True)
class Format:
    """How a file is read.

    Attributes:
        templates: what each property is made of; a property without one is left out of the list.
        defaults: what an empty cell of a column of the file stands for.
        fixed_widths: columns whose values always have so many characters; a shorter one has lost leading zeros.
        markup_percent: added to the price for a recommended sell price where the file has none.
        csv: how cells are told apart.
        optional: properties whose columns may be absent from a file.
        exclusive: whether a column that no template names is refused, as a misspelt one would be.

    Raises:
        FormatError: sku, unit or price is missing, or a number is out of its range.
    """

    templates: Mapping[Property, Template]
    defaults: Mapping[str, str] = field(default_factory=dict)
    fixed_widths: Mapping[str, int] = field(default_factory=dict)
    markup_percent: Decimal | None = None
    csv: Csv = field(default_factory=Csv)
    optional: frozenset[Property] = frozenset()
    exclusive: bool = False

    def __post_init__(self) -> None:
        missing = [wanted for wanted in REQUIRED if wanted not in self.templates]
        if missing:
            raise FormatError(f"the format does not say what {' and '.join(missing)} of an offer are made of")
        if self.markup_percent is not None and not 0 <= self.markup_percent <= LARGEST_MARKUP:
            raise FormatError(f"markupPercent is between 0 and {LARGEST_MARKUP}, not {self.markup_percent}")

    def label(self, wanted: Property) -> str:
        """What a person would call a property in this file: its column, else the template that it is made of."""
        template = self.templates.get(wanted)
        return wanted if template is None else template.only_column or template.text

    def fingerprint(self) -> str:
        """Everything that the result of reading a file depends on, apart from the file, as text."""
        return json.dumps(
            [
                {wanted: template.text for wanted, template in self.templates.items()},
                dict(self.defaults),
                dict(self.fixed_widths),
                str(self.markup_percent),
                [self.csv.delimiter, self.csv.quote],
                sorted(self.optional),
                self.exclusive,
            ],
            sort_keys=True,
        )


def mapping(
    columns: Mapping[Property, str],
    *,
    defaults: Mapping[str, str] | None = None,
    fixed_widths: Mapping[str, int] | None = None,
    markup_percent: Decimal | None = None,
    csv: Csv | None = None,
) -> Format:
    """Return the format of a file of somebody else's, from the texts that a person wrote for its columns."""
    return Format(
        templates={wanted: Template.parse(text) for wanted, text in columns.items()},
        defaults=defaults or {},
        fixed_widths=fixed_widths or {},
        markup_percent=markup_percent,
        csv=csv or Csv(),
    )


def twotier(*, markup_percent: Decimal | None = None) -> Format:
    """Return TwoTier's own format: a column for each property, named like it; sku, unit and price are required.

    Cells may hold several entries with `;` between them: addOnOf and upgradeTo name SKUs ("OFFICE;OFFICE-PLUS"),
    components SKUs with a quantity ("OFFICE*1;BACKUP*5"), tiers prices from a quantity on ("10=9.50;100=8.75").
    """
    return Format(
        templates={wanted: Template.parse(f"{{{wanted}}}") for wanted in OWN},
        markup_percent=markup_percent,
        optional=frozenset(OWN) - frozenset(REQUIRED),
        exclusive=True,
    )
