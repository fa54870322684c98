"""What the page on publishers' sheets declares can be declared, and reads what it says."""

import re
from typing import Any

import pytest
import yaml

from twotier.bss.sheets.format import JsonLines, Property
from twotier.bss.sheets.presets.microsoft_nce import microsoft_nce
from twotier.dev.installation import checkout
from twotier.kinds.price_list.declaration import PriceListSpec
from twotier.kinds.price_list.translate import format_of

PAGE = (checkout() / "docs" / "how-to" / "publishers-sheets.md").read_text(encoding="utf-8")
BLOCKS = [yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)]


def spec(declared: dict[str, Any]) -> PriceListSpec:
    return PriceListSpec.model_validate({"distributor": "d", "currency": "EUR", "source": {"inline": "x"}} | declared)


def test_the_page_shows_the_preset_and_a_format_of_ones_own() -> None:
    preset, own = (format_of(spec(block)) for block in BLOCKS)
    assert preset == microsoft_nce(row_filter={"Market": frozenset({"DE"})})
    assert own.notation == JsonLines()
    assert own.tiers_are_rows
    assert own.row_filter == {"Region": frozenset({"EU", "EEA"})}


@pytest.mark.parametrize("block", BLOCKS, ids=["the preset", "columns"])
def test_every_field_on_the_page_is_known(block: dict[str, Any]) -> None:
    declared = spec(block).format.model_dump(by_alias=True, exclude_unset=True)
    assert declared.keys() == block["format"].keys()
    if "columns" in block["format"]:
        assert declared["columns"].keys() == block["format"]["columns"].keys() <= set(Property)
