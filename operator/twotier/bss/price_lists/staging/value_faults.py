"""The database judges values in one word each; here the words become sentences."""

from typing import Any, Final

from sqlalchemy import Row

from twotier.bss.sheets.faults import Fault, RefusalReason, quoted
from twotier.bss.sheets.format import Format, Property

_VERDICTS: Final = {
    "missing": (RefusalReason.INVALID_VALUE, "{label} is empty"),
    "too-long": (RefusalReason.INVALID_VALUE, "{label} {given} is too long: it has {length} characters"),
    "not-a-number": (RefusalReason.INVALID_PRICE, "{label} {given} is not a number"),
    "negative": (RefusalReason.INVALID_PRICE, "{label} {given} is negative"),
    "out-of-range": (
        RefusalReason.INVALID_PRICE,
        "{label} {given} is out of range: a price has at most 12 digits before the decimal point",
    ),
    "too-many-decimals": (RefusalReason.INVALID_PRICE, "{label} {given} has more than 18 decimals"),
    "currency": (RefusalReason.WRONG_CURRENCY, "{label} {given} is not the currency of the price list"),
    "charge-type": (RefusalReason.INVALID_VALUE, "{label} {given} is not recurring, one-off or usage"),
    "kind": (RefusalReason.INVALID_VALUE, "{label} {given} is not product, add-on or bundle"),
    "active": (RefusalReason.INVALID_VALUE, "{label} {given} is not true or false"),
    "tiers": (
        RefusalReason.INVALID_VALUE,
        "{label} {given} is not a list of prices from a quantity on, such as 10=9.50;100=8.75",
    ),
    "tiers-twice": (RefusalReason.INVALID_VALUE, "{label} {given} has two prices for one quantity"),
    "quantity": (RefusalReason.INVALID_VALUE, "{label} {given} is not a quantity"),
    "tier-does-not-follow": (
        RefusalReason.INVALID_VALUE,
        "{label} {given} does not follow the range before it: {other}",
    ),
    "duplicate": (RefusalReason.DUPLICATE_KEY, "the offer {given} stands already on {other}"),
    "no-quantity": (RefusalReason.INVALID_RELATION, "{label} {given} has no quantity: write BACKUP*5 for five"),
    "two-quantities": (RefusalReason.INVALID_RELATION, "{label} {given} has another quantity in another row"),
    "itself": (RefusalReason.INVALID_RELATION, "{label} {given} is the product itself"),
    "unknown-sku": (RefusalReason.INVALID_RELATION, "{label} {given} is not a product of this price list"),
}


def value_fault(part: str, row: Row[Any], format_: Format) -> Fault:
    """Say what the database found wrong with a value.

    Args:
        part: name of the file.
        row: line, property, code (a word above), given (the value) and other (where the same key stood before).
        format_: how the file is read; it knows what the file calls the property.
    """
    reason, sentence = _VERDICTS[row.code]
    label = format_.label(Property(row.property))
    given = row.given or ""
    text = sentence.format(label=label, given=quoted(given), length=len(given), other=row.other)
    return Fault(part, row.line, label, reason, text)
