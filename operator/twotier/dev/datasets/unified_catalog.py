"""The registrar's catalogue as the flat CSV file that it publishes itself; it needs a mapping, but no conversion."""

import csv
from collections.abc import Iterator, Sequence
from typing import Final

from twotier.bss.sheets.format import Property, mapping

HEADER: Final = ("product_sku", "product_category", "product_variant", "currency", "price_amount", "product_features")

FORMAT: Final = mapping(
    {
        Property.SKU: "{product_sku}",
        Property.UNIT: "{product_variant}",
        Property.PRICE: "{price_amount}",
        Property.CURRENCY: "{currency}",
        Property.NAME: "Domain .{product_sku}",
        Property.CATEGORY: "{product_category}",
    }
)


def rows(original: bytes) -> Iterator[Sequence[str]]:
    """Give the rows as they are."""
    records = csv.DictReader(original.decode().splitlines())
    for record in records:
        yield [record[column] for column in HEADER]
