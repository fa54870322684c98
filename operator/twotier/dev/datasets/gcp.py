"""Public Google Cloud list prices as YAML: an offer is the path under a `cost` node with a number as its value."""

from collections.abc import Iterator, Sequence
from typing import Final

import yaml

from twotier.bss.sheets.presets.twotier import twotier
from twotier.dev.datasets.numbers import plain

HEADER: Final = ("sku", "unit", "price", "currency", "name", "category", "productType")

FORMAT: Final = twotier()


def rows(original: bytes) -> Iterator[Sequence[str]]:
    """Give one row per price: the last part of its path is the unit, the others are the SKU."""
    # As events: building the tree of all nodes takes five times as long.
    for path, price in _values(iter(yaml.parse(original, Loader=yaml.CBaseLoader)), ()):
        if "cost" in path:
            *product, unit = (key for key in path if key != "cost")
            service, kind, *name = product
            yield "/".join(product), unit, plain(price), "USD", ", ".join(name), f"{service} {kind}", service


def _values(events: Iterator[yaml.Event], path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Give each single value of the nested mappings with the keys that lead to it; sequences are skipped.

    Reads the events of one mapping, its end included.
    """
    key: str | None = None
    for event in events:
        match event:
            case yaml.MappingStartEvent():
                yield from _values(events, path if key is None else (*path, key))
                key = None
            case yaml.MappingEndEvent():
                return
            case yaml.SequenceStartEvent():
                _pass_over(events)
                key = None
            case yaml.ScalarEvent():
                if key is None:
                    key = event.value
                else:
                    yield (*path, key), event.value
                    key = None


def _pass_over(events: Iterator[yaml.Event]) -> None:
    depth = 1
    while depth:
        event = next(events)
        depth += isinstance(event, yaml.SequenceStartEvent) - isinstance(event, yaml.SequenceEndEvent)
