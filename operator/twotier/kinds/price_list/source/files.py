"""The files of a price list: read from its source, and only if they belong together."""

import asyncio
from typing import Final

from twotier.bss.sheets.parsing import Part
from twotier.kinds.price_list.declaration import PriceListSpec, Source
from twotier.kinds.price_list.source.artifact import read_artifact
from twotier.kinds.price_list.source.config_maps import LABELLED, part_of
from twotier.kinds.price_list.source.flux import ARTIFACTS
from twotier.runtime.api_resource import CONFIG_MAPS
from twotier.runtime.cluster import Cluster
from twotier.runtime.resource import Key, Resource

FOLLOWED: Final = (LABELLED, *ARTIFACTS)
"""Objects that hold the files of price lists; a change to one wakes its list."""


def files_of(source: Source, price_list: Key) -> frozenset[Key]:
    """Return the objects that hold the files of a price list."""
    if source.artifact is not None:
        return frozenset([Key(source.artifact.kind, price_list.namespace, source.artifact.name)])
    return frozenset(Key(CONFIG_MAPS.kind, price_list.namespace, each.name) for each in source.config_maps or ())


async def read_parts(cluster: Cluster, resource: Resource[PriceListSpec]) -> tuple[Part, ...]:
    """Return the complete files that the source consists of.

    Raises:
        UnderWay, Waiting, Stalled: see `part_of` and `read_artifact`.
    """
    source = resource.spec.source
    if source.inline is not None:
        return (Part("spec.source.inline", source.inline.encode()),)
    if source.artifact is not None:
        return await read_artifact(cluster, resource, source.artifact)
    wanted = source.config_maps or ()
    found = await asyncio.gather(*(cluster.api.get(CONFIG_MAPS, resource.key.namespace, each.name) for each in wanted))
    return tuple(part_of(each, body, alone=len(wanted) == 1) for each, body in zip(wanted, found, strict=True))
