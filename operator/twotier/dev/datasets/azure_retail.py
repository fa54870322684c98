"""Microsoft's public Azure retail prices of a region and service: one JSON object, keyed skuId|meterId|type|term."""

import json
from collections.abc import Iterator, Sequence
from typing import Final

from twotier.bss.sheets.format import Property, mapping
from twotier.dev.datasets.numbers import plain

_KEY: Final = ("skuId", "meterId", "type", "term")
_TEXTS: Final = ("productName", "skuName", "meterName", "armRegionName", "unitOfMeasure")
_PRICES: Final = ("retailPrice", "unitPrice", "savingsPlanPrice")

HEADER: Final = (*_KEY, *_TEXTS, *_PRICES, "currency")

FORMAT: Final = mapping(
    {
        Property.SKU: "{skuId}:{meterId}",
        Property.UNIT: "{type} {term}",
        Property.PRICE: "{retailPrice}",
        Property.CURRENCY: "{currency}",
        Property.NAME: "{productName}, {meterName}",
        Property.DESCRIPTION: "{skuName} in {armRegionName}, per {unitOfMeasure}; savings plan: {savingsPlanPrice}",
        Property.CATEGORY: "{productName}",
        Property.PRODUCT_TYPE: "Azure",
        Property.CHARGE_TYPE: "usage",
    },
    defaults={"savingsPlanPrice": "not offered"},
)


def rows(original: bytes) -> Iterator[Sequence[str]]:
    """Give one row per price."""
    prices: dict[str, dict[str, str]] = json.loads(original, parse_float=str, parse_int=str)
    for key, price in prices.items():
        texts = (price[name] for name in _TEXTS)
        yield (*key.split("|"), *texts, *(plain(price.get(name, "")) for name in _PRICES), "USD")
