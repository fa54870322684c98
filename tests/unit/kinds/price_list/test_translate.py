"""The files of a price list: which belong together, and how they are read."""

import base64
import gzip
import hashlib
from typing import Any

import pytest

from twotier.bss.sheets.format import Csv, JsonLines, Property, mapping, twotier
from twotier.bss.sheets.parsing import Part
from twotier.bss.sheets.presets.microsoft_nce import microsoft_nce
from twotier.kinds.price_list.declaration import ConfigMapSource, PriceListSpec
from twotier.kinds.price_list.declaration_format import Columns
from twotier.kinds.price_list.reasons import Reason
from twotier.kinds.price_list.source.files import part_of
from twotier.kinds.price_list.translate import format_of
from twotier.runtime.outcome import Stalled, Unfinished, Waiting
from twotier.runtime.reasons import CommonReason

CSV = b"sku,price\nMAIL,4.20\n"
DIGEST = hashlib.sha256(CSV).hexdigest()
ZIPPED = gzip.compress(CSV)


def price_list(**fields: Any) -> PriceListSpec:
    return PriceListSpec.model_validate({"distributor": "d", "currency": "EUR", "source": {"inline": "x"}} | fields)


def config_map(content: bytes = CSV, key: str = "prices.csv", **fields: Any) -> dict[str, Any]:
    return {"data": {key: content.decode()}, **fields}


def binary(content: bytes, key: str = "prices.csv.gz") -> dict[str, Any]:
    return {"binaryData": {key: base64.b64encode(content).decode()}}


@pytest.mark.parametrize(
    ("wanted", "body", "part"),
    [
        pytest.param({}, config_map(), Part("ConfigMap a, entry prices.csv", CSV), id="the only entry"),
        pytest.param(
            {"key": "b.csv"},
            {"data": {"a.csv": "other", "b.csv": CSV.decode()}},
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
            "entry prices.csv of ConfigMap a is not the one that spec.source.configMaps names by its sha256: "
            "apply the ConfigMap that fits, or correct the sha256",
            id="waits for the content that is named",
        ),
        pytest.param(
            {},
            {"data": {"a.csv": "1", "b.csv": "2"}},
            Stalled,
            Reason.SOURCE_NOT_FOUND,
            "ConfigMap a has 2 entries (a.csv, b.csv): say with key in spec.source.configMaps which one is the file",
            id="does not guess which entry is meant",
        ),
        pytest.param(
            {},
            {},
            Waiting,
            Reason.SOURCE_NOT_FOUND,
            "ConfigMap a is empty: put the file into it",
            id="waits for content in an empty one",
        ),
        pytest.param(
            {},
            config_map(),
            Stalled,
            Reason.SOURCE_INCOMPLETE,
            "ConfigMap a is one of several and could change before the others do: make it immutable, or give its "
            "sha256 in spec.source.configMaps; if it does not belong there any more, look with --show-managed-fields "
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


COLUMNS = {"sku": "{Id}:{Sku}", "unit": "{Term}", "price": "{Price}", "recommendedSellPrice": "{Rrp}"}
DECLARED = {
    Property.SKU: "{Id}:{Sku}",
    Property.UNIT: "{Term}",
    Property.PRICE: "{Price}",
    Property.RECOMMENDED_SELL_PRICE: "{Rrp}",
}


def test_a_list_without_format_is_in_our_own() -> None:
    assert format_of(price_list()) == twotier()


def test_a_markup_goes_with_our_own_format() -> None:
    declared = price_list(format={"preset": "twotier", "markupPercent": "15"}).format.markup_percent
    assert declared is not None
    found = format_of(price_list(format={"preset": "twotier", "markupPercent": "15"}))
    assert found == twotier(markup_percent=declared)
    assert found != twotier()


def test_columns_are_read_as_they_are_declared() -> None:
    declared = price_list(
        format={
            "columns": COLUMNS,
            "defaults": {"Term": "P1M"},
            "fixedWidths": {"Sku": 4},
            "delimiter": ";",
            "quote": "'",
        }
    )
    expected = mapping(DECLARED, defaults={"Term": "P1M"}, fixed_widths={"Sku": 4}, notation=Csv(";", "'"))
    assert format_of(declared) == expected


def test_a_filter_and_the_type_go_with_every_format() -> None:
    german = {"Market": frozenset({"DE"})}
    declared = {"type": "JSONLines", "rowFilter": {"Market": ["DE"]}}
    assert format_of(price_list(format=declared)) == twotier(row_filter=german, notation=JsonLines())
    preset = format_of(price_list(format=declared | {"preset": "microsoft-nce"}))
    assert preset == microsoft_nce(row_filter=german, notation=JsonLines())
    columns = format_of(price_list(format=declared | {"columns": COLUMNS}))
    assert columns == mapping(DECLARED, row_filter=german, notation=JsonLines())


def test_every_column_that_can_be_declared_is_a_property() -> None:
    every = {field.alias or name: f"{{{name}}}" for name, field in Columns.model_fields.items() if name != "tiers"}
    assert set(format_of(price_list(format={"columns": every})).templates) == set(Property) - {Property.TIERS}


@pytest.mark.parametrize(
    ("format_", "message"),
    [
        pytest.param(
            {"columns": COLUMNS | {"sku": "{Id"}},
            "Correct spec.format: ",
            id="a template that does not end",
        ),
        pytest.param({"columns": COLUMNS | {"unit": "{}"}}, "{}", id="a template that names no column"),
        pytest.param({"columns": COLUMNS, "delimiter": '"'}, "delimiter", id="a delimiter that is the quote"),
    ],
)
def test_a_format_that_cannot_be_read_is_a_persons_matter(format_: dict[str, Any], message: str) -> None:
    with pytest.raises(Stalled) as stalled:
        format_of(price_list(format=format_))
    assert stalled.value.reason == CommonReason.INVALID_SPEC
    assert message in stalled.value.message
    assert stalled.value.message.startswith("Correct spec.format: ")
