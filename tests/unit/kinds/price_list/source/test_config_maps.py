"""ConfigMaps of a price list: which entry is the file, which belong together, and when one has something new."""

import base64
import gzip
import hashlib
from typing import Any

import pytest

from twotier.bss.sheets.parsing import Part
from twotier.kinds.price_list.declaration import ConfigMapSource
from twotier.kinds.price_list.reasons import Reason
from twotier.kinds.price_list.source.config_maps import LABELLED, part_of
from twotier.runtime.caches import Caches
from twotier.runtime.outcome import Stalled, Unfinished, Waiting
from twotier.runtime.resource import Key

CSV = b"sku,price\nMAIL,4.20\n"
DIGEST = hashlib.sha256(CSV).hexdigest()
ZIPPED = gzip.compress(CSV)
SHOWN = {"labels": {"twotier.dev/price-list": "standard"}}


def config_map(content: bytes = CSV, key: str = "prices.csv", **fields: Any) -> dict[str, Any]:
    return {"metadata": SHOWN, "data": {key: content.decode()}, **fields}


def binary(content: bytes, key: str = "prices.csv.gz") -> dict[str, Any]:
    return {"metadata": SHOWN, "binaryData": {key: base64.b64encode(content).decode()}}


@pytest.mark.parametrize(
    ("wanted", "body", "part"),
    [
        pytest.param({}, config_map(), Part("ConfigMap a, entry prices.csv", CSV), id="the only entry"),
        pytest.param(
            {"key": "b.csv"},
            {"metadata": SHOWN, "data": {"a.csv": "other", "b.csv": CSV.decode()}},
            Part("ConfigMap a, entry b.csv", CSV),
            id="the entry that is named",
        ),
        pytest.param(
            {}, binary(ZIPPED), Part("ConfigMap a, entry prices.csv.gz", ZIPPED), id="a compressed entry as it is"
        ),
        pytest.param(
            {"sha256": DIGEST},
            config_map(),
            Part("ConfigMap a, entry prices.csv", CSV),
            id="an entry with the digest that is named",
        ),
        pytest.param(
            {"sha256": hashlib.sha256(ZIPPED).hexdigest()},
            binary(ZIPPED),
            Part("ConfigMap a, entry prices.csv.gz", ZIPPED),
            id="a compressed entry by the digest of its own bytes",
        ),
    ],
)
def test_a_config_map_gives(wanted: dict[str, str], body: dict[str, Any], part: Part) -> None:
    assert part_of(ConfigMapSource(name="a", **wanted), body, alone=True) == part


@pytest.mark.parametrize("labels", [None, {}, {"app": "shop"}], ids=["none", "no more", "others"])
def test_what_is_in_a_config_map_without_the_label_is_confidential(labels: dict[str, str] | None) -> None:
    metadata = {} if labels is None else {"labels": labels}
    part = part_of(ConfigMapSource(name="a"), config_map() | {"metadata": metadata}, alone=True)
    assert part == Part("ConfigMap a", CSV, confidential=True)


@pytest.mark.parametrize(
    ("wanted", "body"),
    [
        pytest.param({}, config_map(immutable=True), id="an immutable one"),
        pytest.param({"sha256": DIGEST}, config_map(), id="one whose digest is named"),
    ],
)
def test_several_config_maps_are_read_when_each_is(wanted: dict[str, str], body: dict[str, Any]) -> None:
    assert part_of(ConfigMapSource(name="a", **wanted), body, alone=False).content == CSV


@pytest.mark.parametrize(
    ("wanted", "body", "kind", "reason", "message"),
    [
        pytest.param(
            {},
            None,
            Waiting,
            Reason.SOURCE_NOT_FOUND,
            "ConfigMap a does not exist: apply it, or correct its name in spec.source.configMaps",
            id="waits for one that does not exist",
        ),
        pytest.param(
            {"key": "b.csv"},
            config_map(),
            Waiting,
            Reason.SOURCE_NOT_FOUND,
            "ConfigMap a has no entry b.csv: add it, or correct the key in spec.source.configMaps",
            id="waits for an entry that is not there",
        ),
        pytest.param(
            {"sha256": DIGEST},
            config_map(b"other"),
            Waiting,
            Reason.SOURCE_INCOMPLETE,
            "entry prices.csv of ConfigMap a does not have the sha256 in spec.source.configMaps: "
            "apply the matching ConfigMap, or correct the sha256",
            id="waits for the content that is named",
        ),
        pytest.param(
            {},
            {"metadata": SHOWN, "data": {"a.csv": "1", "b.csv": "2"}},
            Stalled,
            Reason.SOURCE_NOT_FOUND,
            "ConfigMap a has several entries (a.csv, b.csv): name the one that is the file with key in "
            "spec.source.configMaps",
            id="does not guess which entry is meant",
        ),
        pytest.param(
            {},
            {},
            Waiting,
            Reason.SOURCE_NOT_FOUND,
            "ConfigMap a is empty: add the file",
            id="waits for content in an empty one",
        ),
        pytest.param(
            {},
            config_map(),
            Stalled,
            Reason.SOURCE_INCOMPLETE,
            "ConfigMap a is one of several and could change before the others do: make it immutable, or give its "
            "sha256 in spec.source.configMaps; if it no longer belongs there, find out with --show-managed-fields "
            "who still applies it",
            id="does not read one of several that could be of another version",
        ),
    ],
)
def test_a_price_list(
    wanted: dict[str, str], body: dict[str, Any] | None, kind: type[Unfinished], reason: Reason, message: str
) -> None:
    with pytest.raises(kind) as ended:
        part_of(ConfigMapSource(name="a", **wanted), body, alone=False)
    assert (ended.value.reason, ended.value.message) == (reason, message)


@pytest.mark.parametrize(
    ("later", "changed"),
    [
        pytest.param(config_map(), False, id="the same again"),
        pytest.param(config_map(immutable=True), False, id="the same, immutable"),
        pytest.param(config_map(b"sku,price"), True, id="another text"),
        pytest.param(binary(CSV), True, id="the same text as bytes"),
    ],
)
def test_a_config_map_is_new_when_its_content_is(later: dict[str, Any], *, changed: bool) -> None:
    caches, metadata = Caches(), {"metadata": {"namespace": "shop", "name": "a"}}
    caches.remember_foreign(LABELLED, config_map() | metadata)
    assert caches.remember_foreign(LABELLED, later | metadata) == (Key("ConfigMap", "shop", "a"), changed)
