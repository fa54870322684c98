"""The files of a price list: read from where its source says, and only when they belong together."""

import asyncio
import base64
import hashlib
from collections.abc import Mapping
from typing import Any

from twotier.bss.price_lists.parsing import Part
from twotier.kinds.price_list.declaration import ConfigMapSource, PriceListSpec, Source
from twotier.runtime.api_resource import CONFIG_MAPS
from twotier.runtime.cluster import Cluster
from twotier.runtime.outcome import Stalled, Waiting
from twotier.runtime.reasons import Reason
from twotier.runtime.resource import Resource


async def read_parts(cluster: Cluster, resource: Resource[PriceListSpec]) -> tuple[Part, ...]:
    """Return the complete files that the source consists of.

    Raises:
        Waiting: a ConfigMap is missing, or not yet the one that the source names.
        Stalled: the source does not say which entry is meant, or cannot exclude a mixture of versions.
    """
    source = resource.spec.source
    if source.inline is not None:
        return (Part("spec.source.inline", source.inline.encode()),)
    wanted = source.config_maps or ()
    found = await asyncio.gather(*(cluster.api.get(CONFIG_MAPS, resource.key.namespace, each.name) for each in wanted))
    return tuple(_part(source, each, body) for each, body in zip(wanted, found, strict=True))


def _part(source: Source, wanted: ConfigMapSource, body: Mapping[str, Any] | None) -> Part:
    if body is None:
        raise Waiting(
            Reason.SOURCE_NOT_FOUND,
            f"ConfigMap {wanted.name} does not exist: apply it, or correct its name in spec.source.configMaps",
        )
    key, content = _entry(wanted, body)
    if wanted.sha256 is None:
        _refuse_what_could_be_a_mixture(source, wanted, body)
    elif hashlib.sha256(content).hexdigest() != wanted.sha256:
        raise Waiting(
            Reason.SOURCE_INCOMPLETE,
            f"entry {key} of ConfigMap {wanted.name} is not the one that spec.source.configMaps names by its sha256: "
            "apply the ConfigMap that fits, or correct the sha256",
        )
    return Part(f"ConfigMap {wanted.name}, entry {key}", content)


def _refuse_what_could_be_a_mixture(source: Source, wanted: ConfigMapSource, body: Mapping[str, Any]) -> None:
    """Several files are applied one by one: each must be pinned, or a mixture of two versions could be imported."""
    if len(source.config_maps or ()) > 1 and body.get("immutable") is not True:
        raise Stalled(
            Reason.SOURCE_INCOMPLETE,
            f"ConfigMap {wanted.name} is one of several and could change before the others do: "
            "make it immutable, or give its sha256 in spec.source.configMaps",
        )


def _entry(wanted: ConfigMapSource, body: Mapping[str, Any]) -> tuple[str, bytes]:
    text: Mapping[str, str] = body.get("data") or {}
    binary: Mapping[str, str] = body.get("binaryData") or {}
    keys = sorted({*text, *binary})
    if wanted.key is None and len(keys) != 1:
        raise Stalled(
            Reason.SOURCE_NOT_FOUND,
            f"ConfigMap {wanted.name} has {len(keys)} entries ({', '.join(keys[:5])}): "
            "say with key in spec.source.configMaps which one is the file",
        )
    key = wanted.key or keys[0]
    if key in text:
        return key, text[key].encode()
    if key in binary:
        return key, base64.b64decode(binary[key])
    raise Waiting(
        Reason.SOURCE_NOT_FOUND,
        f"ConfigMap {wanted.name} has no entry {key}: add it, or correct the key in spec.source.configMaps",
    )
