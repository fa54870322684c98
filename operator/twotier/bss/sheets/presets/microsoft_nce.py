"""Microsoft's license-based price sheet for partners (new commerce)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from twotier.bss.sheets.format import Csv, Format, Notation, Property, Template

_COLUMNS: Final = {
    Property.SKU: "{ProductId}:{SkuId}",
    Property.UNIT: "{TermDuration}/{BillingPlan}",
    Property.PRICE: "{UnitPrice}",
    Property.RECOMMENDED_SELL_PRICE: "{ERP Price}",
    Property.CURRENCY: "{Currency}",
    Property.NAME: "{SkuTitle}",
    Property.DESCRIPTION: "{SkuDescription}",
    Property.CATEGORY: "{ProductTitle}",
    Property.PRODUCT_TYPE: "Microsoft NCE",
    Property.TIER_MINIMUM: "{PricingTierRangeMin}",
    Property.TIER_MAXIMUM: "{PricingTierRangeMax}",
    Property.VALID_FROM: "{EffectiveStartDate}",
    Property.VALID_UNTIL: "{EffectiveEndDate}",
    Property.CHANGE_FLAG: "{ChangeIndicator}",
    Property.PREVIOUS_VALUES: "{PreviousValues}",
}


def microsoft_nce(
    *,
    row_filter: Mapping[str, frozenset[str]] | None = None,
    markup_percent: Decimal | None = None,
    notation: Notation | None = None,
) -> Format:
    """Return the format of the sheet.

    ProductId and SkuId are the key of a product only together, and its offers differ by term and billing plan. The unit
    price is the partner's cost, the ERP price the recommended one. UnitOfMeasure is empty in every row and not read.
    A sheet of several markets has the same keys in each of them, so one must be chosen.
    """
    return Format(
        templates={wanted: Template.parse(text) for wanted, text in _COLUMNS.items()},
        defaults={"BillingPlan": "None"},
        fixed_widths={"SkuId": 4},
        row_filter=row_filter or {},
        markup_percent=markup_percent,
        notation=notation or Csv(),
        filled=frozenset({"TermDuration"}),
        single=frozenset({"Market"}),
    )
