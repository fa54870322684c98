"""ConfigMaps that hold the files of a price list, and which of them are watched."""

import base64
import hashlib
from collections.abc import Mapping
from typing import Any, Final

from twotier.bss.sheets.parsing import Part
from twotier.kinds.price_list.declaration import ConfigMapSource
from twotier.kinds.price_list.reasons import Reason
from twotier.runtime.api_resource import CONFIG_MAPS
from twotier.runtime.foreign import Foreign
from twotier.runtime.outcome import Stalled, Waiting
from twotier.runtime.resource import GROUP, Body


def _files(body: Body) -> object:
    return [body.get("data"), body.get("binaryData")]


LABEL: Final = f"{GROUP}/price-list"
LABELLED: Final = Foreign(CONFIG_MAPS, _files, label=LABEL)
"""There are too many other ConfigMaps to watch: they are read at the next sweep."""


def part_of(wanted: ConfigMapSource, body: Mapping[str, Any] | None, *, alone: bool) -> Part:
    """Return the file that a ConfigMap holds.

    Who declares a price list may name any ConfigMap, and perhaps read none: only the label says that what is in it is
    a price list, and may be quoted in messages.

    Args:
        wanted: the ConfigMap, as the source names it.
        body: the ConfigMap, or None if none has that name.
        alone: the list has only this file. Several are applied one by one: each must be pinned, or a mixture of two
            versions could be imported.

    Raises:
        Waiting: the file does not exist yet, or is not the named one.
        Stalled: the entry is ambiguous, or the file may be of a different version than the others.
    """
    if body is None:
        raise Waiting(
            Reason.SOURCE_NOT_FOUND,
            f"ConfigMap {wanted.name} does not exist: apply it, or correct its name in spec.source.configMaps",
        )
    key, content = _entry(wanted, body)
    # What an entry is called is in the ConfigMap as well; the spec may have named it already.
    entry = f"entry {key} of " if wanted.key or is_labelled(body) else ""
    if wanted.sha256 is None:
        if not alone and body.get("immutable") is not True:
            raise Stalled(
                Reason.SOURCE_INCOMPLETE,
                f"ConfigMap {wanted.name} is one of several and could change before the others do: "
                "make it immutable, or give its sha256 in spec.source.configMaps; if it no longer belongs there, "
                "find out with --show-managed-fields who still applies it",
            )
    elif hashlib.sha256(content).hexdigest() != wanted.sha256:
        raise Waiting(
            Reason.SOURCE_INCOMPLETE,
            f"{entry}ConfigMap {wanted.name} does not have the sha256 in spec.source.configMaps: "
            "apply the matching ConfigMap, or correct the sha256",
        )
    name = f"ConfigMap {wanted.name}" + (f", entry {key}" if entry else "")
    return Part(name, content, confidential=not is_labelled(body))


def is_labelled(body: Mapping[str, Any]) -> bool:
    """Return whether the label of a ConfigMap says that it is a price list."""
    return LABEL in (body.get("metadata", {}).get("labels") or {})


def _entry(wanted: ConfigMapSource, body: Mapping[str, Any]) -> tuple[str, bytes]:
    text: Mapping[str, str] = body.get("data") or {}
    binary: Mapping[str, str] = body.get("binaryData") or {}
    keys = sorted({*text, *binary})
    if not keys:
        raise Waiting(Reason.SOURCE_NOT_FOUND, f"ConfigMap {wanted.name} is empty: add the file")
    if wanted.key is None and len(keys) > 1:
        named = f" ({', '.join(keys[:5])})" if is_labelled(body) else ""
        raise Stalled(
            Reason.SOURCE_NOT_FOUND,
            f"ConfigMap {wanted.name} has several entries{named}: "
            "name the one that is the file with key in spec.source.configMaps",
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
