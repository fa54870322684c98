"""Several rows of one offer are its prices from a quantity on."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Row
from tests.postgres.price_lists.conftest import Imported

from twotier.bss.sheets.format import Property, mapping

SHEET = mapping(
    {
        Property.SKU: "{sku}",
        Property.UNIT: "month",
        Property.PRICE: "{price}",
        Property.RECOMMENDED_SELL_PRICE: "{retail}",
        Property.NAME: "{name}",
        Property.TIER_MINIMUM: "{min}",
        Property.TIER_MAXIMUM: "{max}",
    }
)
PLAIN = ("A,10,12,Mail,,",)
BESIDE = ("B,3,4,Disk,1,",)

Import = Callable[..., Imported]
Read = Callable[[int], Sequence[Row[Any]]]


def sheet(*rows: str) -> bytes:
    return "\n".join(("sku,price,retail,name,min,max", *rows)).encode()


@pytest.mark.parametrize(
    ("rows", "price", "tiers"),
    [
        pytest.param(("A,10,12,Mail,1,",), 10, "{}", id="one row is an offer without tiers"),
        pytest.param(("A,10,12,Mail,1,99", "A,9,11,Mail,100,"), 10, '{"(100,9)"}', id="the lowest range is the offer"),
        pytest.param(("A,9,11,Mail,100,", "A,10,12,Mail,,99"), 10, '{"(100,9)"}', id="in whatever order they stand"),
        pytest.param(
            ("A,10,12,Mail,1,100", "A,9,11,Mail,100,"), 10, '{"(100,9)"}', id="ends that the next one begins at"
        ),
        pytest.param(("A,10,12,Mail,1,99", "A,10,12,Mail,100,"), 10, '{"(100,10)"}', id="a tier at the same price"),
        pytest.param(
            ("A,10,12,Mail,0,9", "A,9,11,Mail,10,99", "A,8,10,Mail,100,"), 10, '{"(10,9)","(100,8)"}', id="three ranges"
        ),
        pytest.param(
            ("A,10,12,Mail,1,99", "A,9,11,Mail,100,", "A,9.0,11,Mail,100,"), 10, '{"(100,9)"}', id="a row given again"
        ),
        pytest.param(("A,9,11,Mail,5,",), 9, '{"(5,9)"}', id="an offer that is sold from five pieces on says so"),
    ],
)
@pytest.mark.parametrize("first", [True, False], ids=["in the first sheet", "in a later one"])
def test_the_rows_of_one_offer_make(
    *, first: bool, rows: tuple[str, ...], price: int, tiers: str, imported: Import, read_back: Read
) -> None:
    if not first:
        imported(sheet(*PLAIN, *BESIDE), format_=SHEET)
    revision = imported(sheet(*rows, *BESIDE), format_=SHEET).head.revision
    mail, disk = read_back(revision)
    assert (mail.price, mail.recommended_sell_price, mail.tiers) == (price, 12 if price == 10 else 11, tiers)
    assert (disk.price, disk.tiers) == (Decimal(3), "{}")
    assert not imported(sheet(*reversed(rows), *BESIDE), format_=SHEET).changed


def test_tiers_that_are_gone_from_a_sheet_are_gone(imported: Import, read_back: Read) -> None:
    imported(sheet("A,10,12,Mail,1,99", "A,10,12,Mail,100,"), format_=SHEET)
    assert imported(sheet("A,10,12,Mail,1,"), format_=SHEET).changed
    assert read_back(2)[0].tiers == "{}"
