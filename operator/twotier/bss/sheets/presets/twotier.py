"""TwoTier's own format."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from twotier.bss.sheets.format import REQUIRED, Csv, Format, Notation, Property, Template

# Only sheets of others have these: our own has all tiers in one cell, and no flags.
_FOREIGN: Final = frozenset(
    {Property.TIER_MINIMUM, Property.TIER_MAXIMUM, Property.CHANGE_FLAG, Property.PREVIOUS_VALUES}
)
_OWN: Final = tuple(wanted for wanted in Property if wanted not in _FOREIGN)


def twotier(
    *,
    row_filter: Mapping[str, frozenset[str]] | None = None,
    markup_percent: Decimal | None = None,
    notation: Notation | None = None,
) -> Format:
    """Return the format: a column for each property, named like it; sku, unit and price are required.

    Cells may hold several entries with `;` between them: addOnOf and upgradeTo name SKUs ("OFFICE;OFFICE-PLUS"),
    components SKUs with a quantity ("OFFICE*1;BACKUP*5"), tiers prices from a quantity on ("10=9.50;100=8.75").
    """
    return Format(
        templates={wanted: Template.parse(f"{{{wanted}}}") for wanted in _OWN},
        row_filter=row_filter or {},
        markup_percent=markup_percent,
        notation=notation or Csv(),
        optional=frozenset(_OWN) - frozenset(REQUIRED),
        exclusive=True,
    )
