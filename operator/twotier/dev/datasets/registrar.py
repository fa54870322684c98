"""A domain registrar's sheet for resellers: JSON with two price tiers and six operations per top-level domain."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

from twotier.bss.sheets.format import Property, mapping
from twotier.dev.datasets.numbers import plain

# The oldest sheet has another name for the second tier; it counts as a different offer and is left out.
TIERS: Final = ("member-price", "regular-price")

HEADER: Final = ("tld", "tier", "operation", "price", "maxYears")

FORMAT: Final = mapping(
    {
        Property.SKU: "{tld}",
        Property.UNIT: "{operation}/{tier}",
        Property.PRICE: "{price}",
        Property.NAME: "Domain .{tld}",
        Property.DESCRIPTION: "At most {maxYears} years",
        Property.CATEGORY: "Domains",
        Property.PRODUCT_TYPE: "Domain registration",
    }
)


def rows(original: bytes) -> Iterator[Sequence[str]]:
    """Give one row per top-level domain, tier and operation."""
    domains: dict[str, Any] = json.loads(original, parse_float=str, parse_int=str)["data"]
    for tld, sheet in domains.items():
        for tier in TIERS:
            for operation, price in sheet.get(tier, {}).items():
                yield tld, tier, operation, plain(price), sheet["maxYears"]
