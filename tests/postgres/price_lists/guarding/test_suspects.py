"""Offers that the source lacks are sold on until they are missing for too long."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from tests.postgres.price_lists.conftest import Read
from tests.postgres.price_lists.source import Source, content, offers

from twotier.bss.price_lists.guarding.guards import Guards
from twotier.bss.price_lists.guarding.suspects import Suspect, listed
from twotier.bss.price_lists.importing import ImportResult
from twotier.bss.price_lists.revisions import Differences, compare
from twotier.dev.datasets import DATASETS

DATA = Path(__file__).parents[3] / "data"
DAY = timedelta(days=1)
PATIENT = Guards(discontinue_after=DAY)


@pytest.fixture
def source(source: Source) -> Source:
    """A source whose offers are discontinued after a day."""
    source.guards = PATIENT
    return source


def suspects(source: Source) -> Sequence[Suspect]:
    with source.database.transaction() as connection:
        return listed(connection, source.price_list, limit=1000)


def summary(result: ImportResult) -> tuple[int, int, int]:
    """Revision, offers in it, suspects among them."""
    assert result.head is not None
    return result.head.revision, result.head.offers, result.suspects


def test_what_vanishes_is_suspect_and_stays_in_the_list(source: Source) -> None:
    before = source.says(offers(10))
    result = source.says(offers(8))
    vanished = source.now

    assert (result.head, result.changed, result.suspects) == (before.head, False, 2)
    assert result.next_boundary == vanished + DAY
    assert suspects(source) == [
        Suspect(f"SKU-00{number}", "month", f"SKU-00{number}", vanished, vanished + DAY) for number in (8, 9)
    ]
    assert len(source.offers()) == 10


def test_what_comes_back_is_suspect_no_more(source: Source) -> None:
    before = source.says(offers(10))
    source.says(offers(8))
    source.passes(hours=23)
    back = source.says(offers(10))
    assert (back.head, back.suspects, back.next_boundary) == (before.head, 0, None)


def test_what_is_missing_for_too_long_is_discontinued_although_the_file_is_the_same(source: Source) -> None:
    source.says(offers(10))
    result = source.says(offers(8))
    assert result.next_boundary is not None

    source.passes(hours=12)
    assert summary(source.says(offers(8))) == (1, 10, 2)
    source.now = result.next_boundary - timedelta(minutes=1)
    discontinued = source.says(offers(8))
    assert source.now == result.next_boundary
    assert (summary(discontinued), discontinued.changed, discontinued.next_boundary) == ((2, 8, 0), True, None)
    assert discontinued.head is not None
    assert discontinued.head.differences == Differences(0, 2, 0, 0)


def test_each_offer_has_a_time_of_its_own(source: Source) -> None:
    source.says(offers(10))
    first = source.says(offers(9))
    source.passes(hours=20)
    both = source.says(offers(8))
    assert (both.suspects, both.next_boundary) == (2, first.next_boundary)
    source.passes(hours=4)
    assert summary(source.says(offers(8))) == (2, 9, 1)
    source.passes(hours=20)
    assert summary(source.says(offers(8))) == (3, 8, 0)


def test_one_that_comes_back_and_vanishes_again_is_given_its_time_anew(source: Source) -> None:
    source.says(offers(10))
    source.says(offers(9))
    source.passes(hours=20)
    source.says(offers(10))
    again = source.says(offers(9))
    assert again.next_boundary == source.now + DAY


def test_other_changes_are_published_while_some_are_suspect(source: Source, read_back: Read) -> None:
    source.says(offers(4))
    result = source.says(offers(3, price=2))
    assert summary(result) == (2, 4, 1)
    assert result.head is not None
    assert result.head.differences == Differences(0, 0, 3, 0)
    assert [row.price for row in read_back(2)] == [2, 2, 2, 1]


def test_suspects_are_no_part_of_the_digest(source: Source) -> None:
    before = source.says(offers(10)).head
    assert before is not None
    after = source.says(offers(8)).head
    assert after is not None
    assert after.digest == before.digest


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        pytest.param(timedelta(0), (2, 8, 0), id="at once where nothing is waited for any more"),
        pytest.param(timedelta(hours=12), (2, 8, 0), id="when the shorter time is over already"),
        pytest.param(timedelta(hours=48), (1, 10, 2), id="later with the longer time"),
    ],
)
def test_another_time_holds_for_suspects_that_are_there(
    source: Source, after: timedelta, expected: tuple[int, int, int]
) -> None:
    source.says(offers(10))
    source.says(offers(8))
    vanished = source.now
    source.passes(hours=13)
    result = source.says(offers(8), guards=Guards(discontinue_after=after))
    assert summary(result) == expected
    if result.suspects:
        assert result.next_boundary == vanished + after


def test_suspects_count_as_removed_when_more_vanish(source: Source) -> None:
    source.says(offers(10))
    assert source.says(offers(8)).held is None
    held = source.says(offers(7)).held
    assert held is not None
    assert held.reasons[0].message.startswith("offers are missing: 3 of 10")
    assert held.differences == Differences(0, 3, 0, 0)


def test_suspects_are_not_counted_again_when_they_are_discontinued(source: Source) -> None:
    source.says(offers(10))
    source.says(offers(8))
    source.passes(days=1)
    result = source.says(offers(6))
    assert (result.held, summary(result)) == (None, (2, 8, 2))


def test_nothing_is_discontinued_while_the_source_is_held(source: Source) -> None:
    source.says(offers(10))
    source.says(offers(8))
    held = source.says(offers(8, price=0), guards=Guards(discontinue_after=DAY, hold_zero_prices=True))
    assert (held.held is not None, held.suspects) == (True, 2)
    source.passes(days=2)
    later = source.says(offers(8, price=0))
    assert (later.held is not None, summary(later), later.next_boundary) == (True, (1, 10, 2), None)
    assert summary(source.says(offers(8))) == (2, 8, 0)


def test_what_is_held_for_its_suspects_is_published_when_they_are_discontinued(source: Source) -> None:
    source.says(offers(10))
    first = source.says(offers(8))
    source.passes(hours=12)
    held = source.says(offers(7))
    assert (held.held is not None, held.next_boundary) == (True, first.next_boundary)
    source.passes(hours=12)
    assert summary(source.says(offers(7))) == (2, 8, 1)


def test_what_is_accepted_is_discontinued_at_once(source: Source) -> None:
    source.says(offers(10))
    source.says(offers(8))
    held = source.says(offers(2)).held
    assert held is not None
    assert summary(source.says(offers(2), accepted=held.digest)) == (2, 2, 0)


RELATED = content(
    "OFFICE,month,10,Office (monthly),,",
    "OFFICE,year,100,Office (yearly),,",
    "BACKUP,month,3,Backup,OFFICE,",
    "SET,month,12,Set,,OFFICE*1;BACKUP*5",
    "MAIL,month,1,Mail,,",
)
ANYTHING = Guards(max_removed_percent=100, discontinue_after=DAY)


def test_a_suspect_keeps_its_product_and_its_relations(source: Source) -> None:
    before = source.says(RELATED, guards=ANYTHING)
    result = source.says(content("OFFICE,year,100,Office (yearly),,", "MAIL,month,1,Mail,,"))
    assert (result.head, result.suspects) == (before.head, 3)


def test_a_suspect_is_not_related_to_what_is_discontinued(source: Source) -> None:
    source.says(RELATED, guards=ANYTHING)
    source.says(RELATED.replace(b"BACKUP,month,3,Backup,OFFICE,\n", b"").replace(b";BACKUP*5", b""))
    source.passes(hours=12)
    source.says(content("MAIL,month,1,Mail,,"))
    source.passes(hours=12)
    assert summary(source.says(content("MAIL,month,1,Mail,,"))) == (3, 4, 3)
    assert source.column("select kind || ' ' || sku || ' ' || related_sku from open_product_relation") == [
        "component SET OFFICE"
    ]


def test_136_machines_that_vanish_by_accident_are_sold_all_the_time(source: Source) -> None:
    azure = DATASETS["azure-retail"]
    source.format_ = azure.format
    before, accident, recovered = (
        _after_six_hours(
            source, azure.to_csv((DATA / "azure-retail" / f"vm-eu-west.2026-08-20{time}.json.gz").read_bytes())
        )
        for time in ("T0917Z.6d33a65", "T1516Z.6d96f2f", "T2104Z.1b7f554")
    )
    assert (before.suspects, accident.suspects, recovered.suspects) == (0, 136, 0)
    assert before.head is not None
    assert recovered.head is not None
    with source.database.transaction() as connection:
        for other in (accident, recovered):
            assert other.head is not None
            counts = compare(connection, source.price_list, before.head.revision, other.head.revision).counts
            assert (counts.added, counts.removed) == (0, 0)


def _after_six_hours(source: Source, version: bytes) -> ImportResult:
    source.passes(hours=6)
    return source.says(version)


def test_a_real_drop_of_an_eighth_is_discontinued_after_its_time_and_never_held(source: Source) -> None:
    registrar = DATASETS["registrar"]
    source.format_ = registrar.format
    old, new = (
        registrar.to_csv((DATA / "registrar" / f"openprovider-prices.2025-11-07.{version}.json.gz").read_bytes())
        for version in ("609bfac", "e27ce82")
    )
    source.says(old)
    dropped = source.says(new)
    assert (dropped.held, dropped.suspects) == (None, 2808)
    source.passes(days=1)
    discontinued = source.says(new)
    assert (discontinued.held, discontinued.suspects) == (None, 0)
    assert discontinued.head is not None
    assert discontinued.head.differences.removed == 2808
