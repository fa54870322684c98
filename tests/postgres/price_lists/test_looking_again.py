"""The same files are read again only when they say something else, or are judged by something else."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from tests.postgres.price_lists.source import START, Source

from twotier.bss.price_lists.guarding.guards import Guards
from twotier.bss.price_lists.guarding.vendor_flags import WrongFlag
from twotier.bss.price_lists.importing import ImportResult
from twotier.bss.price_lists.revisions import Differences
from twotier.bss.sheets.format import Property, mapping

HOUR = timedelta(hours=1)
SHEET = mapping(
    {
        Property.SKU: "{Sku}",
        Property.UNIT: "month",
        Property.PRICE: "{Price}",
        Property.VALID_FROM: "{From}",
        Property.VALID_UNTIL: "{Until}",
        Property.CHANGE_FLAG: "{Flag}",
    }
)


def sheet(*rows: tuple[str, str, datetime | None, datetime | None, str]) -> bytes:
    """SKU, price, the moments from and until which it is valid, and the publisher's flag."""
    written = [",".join((sku, price, _written(start), _written(end), flag)) for sku, price, start, end, flag in rows]
    return "\n".join(["Sku,Price,From,Until,Flag", *written]).encode()


def _written(moment: datetime | None) -> str:
    return "" if moment is None else moment.isoformat()


AT = START + 5 * HOUR
NEW_PRICE_LATER = sheet(
    ("MAIL", "10", None, AT, ""),
    ("MAIL", "20", AT, None, ""),
    ("DISK", "1", None, None, ""),
    ("SET", "5", None, AT, ""),
)


@pytest.fixture
def source(source: Source) -> Source:
    source.format_ = SHEET
    return source


def test_the_same_file_is_imported_again_when_other_rows_of_it_become_valid(source: Source) -> None:
    first = source.says(NEW_PRICE_LATER, guards=Guards(max_removed_percent=50))
    assert first.next_boundary == AT
    assert source.says(NEW_PRICE_LATER) == _unchanged(first)

    source.now = AT
    second = source.says(NEW_PRICE_LATER)
    assert second.head is not None
    assert (second.head.revision, second.head.differences) == (2, Differences(0, 1, 1, 0))
    assert second.next_boundary is None


def test_the_same_file_is_judged_when_other_rows_of_it_become_valid(source: Source) -> None:
    source.says(NEW_PRICE_LATER)
    source.now = AT
    held = source.says(NEW_PRICE_LATER)
    assert held.held is not None
    assert held.held.reasons[0].message.startswith("offers are missing: 1 of 3")


def test_a_boundary_and_a_suspect_are_looked_at_at_whichever_comes_first(source: Source) -> None:
    later = START + 9 * HOUR
    rows = [
        ("DISK", "1", None, later, ""),
        *((f"SKU-{number}", "1", None, None, "") for number in range(9)),
    ]
    whole, cut = sheet(*rows), sheet(*rows[:-1])
    assert source.says(whole, guards=Guards(discontinue_after=5 * HOUR)).next_boundary == later
    vanished = source.says(cut)
    assert vanished.next_boundary == source.now + 5 * HOUR
    source.now = vanished.next_boundary
    assert source.says(cut).next_boundary == later


def test_how_the_flags_fit_is_known_although_the_same_file_is_not_read_again(source: Source) -> None:
    source.says(sheet(("MAIL", "10", None, None, "Add"), ("DISK", "1", None, None, "Add")))
    wrong = sheet(("MAIL", "11", None, None, "Unchanged"), ("DISK", "1", None, None, "Unchanged"))
    audited = source.says(wrong).flags
    assert audited is not None
    assert (audited.flagged, audited.count) == (2, 1)
    assert audited.examples == (WrongFlag("MAIL", "month", "Unchanged", "changed"),)
    assert source.says(wrong).flags == audited


def test_flags_are_of_the_sheet_before_however_often_the_same_file_is_judged(source: Source) -> None:
    source.says(sheet(("MAIL", "10", None, None, "Add"), ("DISK", "1", None, None, "Add")))
    changed = sheet(("MAIL", "11", None, None, "Change"), ("DISK", "1", None, None, "Unchanged"))
    audited = source.says(changed).flags
    assert audited is not None
    assert (audited.flagged, audited.count) == (2, 0)
    assert source.says(changed, guards=Guards(min_rows=2)).flags == audited


def _unchanged(result: ImportResult) -> ImportResult:
    return replace(result, changed=False)
