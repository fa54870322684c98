"""Public Google Cloud list prices as YAML: an offer is the path under a `cost` node with a number as its value."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import yaml

from twotier.bss.price_lists.format import twotier
from twotier.dev.datasets.numbers import plain

HEADER: Final = ("sku", "unit", "price", "currency", "name", "category", "productType")

FORMAT: Final = twotier()


def rows(original: bytes) -> Iterator[Sequence[str]]:
    """Give one row a price: the last part of its path is the unit, the others are the SKU."""
    tree = yaml.load(original, Loader=yaml.CBaseLoader)  # noqa: S506 -- it makes strings and nothing else
    for path, price in _prices(tree, (), under_cost=False):
        *product, unit = path
        service, kind, *name = product
        yield "/".join(product), unit, plain(price), "USD", ", ".join(name), f"{service} {kind}", service


def _prices(node: Any, path: tuple[str, ...], *, under_cost: bool) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(node, dict):
        for key, child in node.items():
            further = path if key == "cost" else (*path, key)
            yield from _prices(child, further, under_cost=under_cost or key == "cost")
    elif under_cost:
        yield path, node
