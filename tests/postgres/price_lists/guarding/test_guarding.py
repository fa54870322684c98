"""Suspicious content is held instead of published, and let through when a person names its digest."""

from decimal import Decimal

import pytest
from tests.postgres.price_lists.source import START, Source, content, offers

from twotier.bss.database import Database
from twotier.bss.price_lists.guarding import held as holding
from twotier.bss.price_lists.guarding.guards import UNGUARDED, Guards, HoldReason
from twotier.bss.price_lists.guarding.held import accept_held
from twotier.bss.price_lists.importing import ImportResult, import_price_list
from twotier.bss.price_lists.revisions import Change, Differences
from twotier.bss.sheets.faults import PriceListRefused
from twotier.bss.sheets.parsing import Part
from twotier.bss.sheets.presets.twotier import twotier

WHOLE, HALF, OTHER_HALF = offers(10), offers(5), offers(5, price=2)


def digest_of(result: ImportResult) -> str:
    assert result.held is not None
    return result.held.digest


def revision_of(result: ImportResult) -> int:
    return 0 if result.head is None else result.head.revision


def test_what_vanishes_in_part_is_held_and_the_head_still_serves(source: Source) -> None:
    before = source.says(WHOLE)
    held = source.says(HALF)

    assert (held.head, held.changed) == (before.head, False)
    assert held.held is not None
    assert [each.reason for each in held.held.reasons] == [HoldReason.TOO_MANY_REMOVED]
    assert (held.held.offers, held.held.products, held.held.base) == (5, 5, 1)
    assert held.held.differences == Differences(0, 5, 0, 0)
    assert (held.held.source, held.held.held_at) == ("list.csv", source.now)
    assert len(source.offers()) == 10


def test_a_first_list_is_held_when_it_is_too_small(source: Source) -> None:
    held = source.says(HALF, guards=Guards(min_rows=6))
    assert (held.head, held.changed) == (None, False)
    accepted = source.says(HALF, accepted=digest_of(held))
    assert accepted.head is not None
    assert (accepted.head.revision, accepted.head.digest, accepted.head.differences.added) == (1, digest_of(held), 5)
    assert accepted.held is None


@pytest.mark.parametrize(
    ("guards", "old", "new", "reasons"),
    [
        pytest.param(Guards(max_removed_percent=50), WHOLE, HALF, [], id="as many offers as are believed are missing"),
        pytest.param(Guards(min_rows=6, max_removed_percent=50), WHOLE, HALF, ["TooFewRows"], id="too few are left"),
        pytest.param(Guards(min_rows=11), WHOLE, WHOLE + b"\n", [], id="nothing changes, so nothing is held"),
        pytest.param(Guards(), WHOLE, offers(10, 0), [], id="zeros are believed by default"),
        pytest.param(
            Guards(hold_zero_prices=True), WHOLE, offers(10, 0), ["PriceBecameZero"], id="zeros are not believed"
        ),
        pytest.param(Guards(hold_zero_prices=True), offers(10, 0), offers(12, 0), [], id="offers that come with zero"),
        pytest.param(
            Guards(max_price_change_percent=Decimal(50)),
            WHOLE,
            offers(10, "1.5"),
            [],
            id="a rise that is just believed",
        ),
        pytest.param(
            Guards(max_price_change_percent=Decimal(50)),
            WHOLE,
            offers(10, "1.51"),
            ["PriceChangedTooMuch"],
            id="a rise by more",
        ),
        pytest.param(
            Guards(max_price_change_percent=Decimal(50)),
            WHOLE,
            offers(10, "0.5"),
            [],
            id="a fall that is just believed",
        ),
        pytest.param(
            Guards(max_price_change_percent=Decimal(50)),
            WHOLE,
            offers(10, "0.49"),
            ["PriceChangedTooMuch"],
            id="a fall by more",
        ),
        pytest.param(
            Guards(max_price_change_percent=Decimal(9999)),
            offers(10, 0),
            offers(10, "0.01"),
            ["PriceChangedTooMuch"],
            id="any price of what cost nothing",
        ),
        pytest.param(
            Guards(max_price_change_percent=Decimal(99), hold_zero_prices=True),
            WHOLE,
            offers(10, 0),
            ["PriceBecameZero", "PriceChangedTooMuch"],
            id="a price that becomes zero, by both guards",
        ),
    ],
)
def test_what_is_held(source: Source, guards: Guards, old: bytes, new: bytes, reasons: list[str]) -> None:
    source.says(old, guards=UNGUARDED)
    result = source.says(new, guards=guards)
    assert ([] if result.held is None else [each.reason for each in result.held.reasons]) == reasons


def test_the_first_prices_that_are_not_believed_are_named(source: Source) -> None:
    source.says(WHOLE, guards=Guards(max_price_change_percent=Decimal(50)))
    held = source.says(offers(10, 2)).held
    assert held is not None
    assert held.reasons[0].message == (
        "10 prices change by more than the 50 % of maxPriceChangePercent: "
        "SKU-000 month from 1 to 2, SKU-001 month from 1 to 2, SKU-002 month from 1 to 2 and others"
    )


def test_the_good_file_that_follows_a_held_one_is_published(source: Source) -> None:
    source.says(WHOLE)
    assert source.says(HALF).held is not None
    good = source.says(offers(11))
    assert (revision_of(good), good.held) == (2, None)
    assert source.column("select count(*) from held_offer") == [0]


def test_the_file_from_before_that_comes_back_is_accepted_without_a_revision(source: Source) -> None:
    source.says(WHOLE)
    assert source.says(HALF).held is not None
    back = source.says(WHOLE)
    assert (revision_of(back), back.held, back.changed) == (1, None, False)


def test_what_is_accepted_is_published_as_it_was_held(source: Source) -> None:
    source.says(WHOLE)
    held = source.says(HALF)
    accepted = source.says(HALF, accepted=digest_of(held))
    assert accepted.head is not None
    assert held.held is not None
    assert (accepted.head.revision, accepted.head.digest, accepted.changed) == (2, digest_of(held), True)
    assert accepted.head.differences == held.held.differences
    assert accepted.held is None
    assert len(source.offers()) == 5


def test_the_digest_of_what_is_held_is_that_of_the_same_content_published(source: Source) -> None:
    source.says(WHOLE)
    held = source.says(OTHER_HALF)
    published = source.says(OTHER_HALF, guards=UNGUARDED)
    assert published.head is not None
    assert published.head.digest == digest_of(held)


def test_after_an_acceptance_the_source_is_judged_against_what_was_accepted(source: Source) -> None:
    source.says(WHOLE)
    held = source.says(HALF)
    moved_on = source.says(offers(4), accepted=digest_of(held))
    assert moved_on.head is not None
    assert moved_on.head.revision == 3
    assert moved_on.head.differences == Differences(0, 1, 0, 0)

    too_far = source.says(offers(2))
    assert too_far.held is not None
    assert too_far.held.reasons[0].message.startswith("offers are missing: 2 of 4")


def test_an_acceptance_needs_no_source(source: Source, operator_database: Database) -> None:
    source.says(WHOLE)
    held = source.says(HALF)
    with pytest.raises(PriceListRefused):
        source.says(b"nonsense\n")
    with operator_database.transaction() as connection:
        published = accept_held(connection, source.price_list, digest_of(held), now=source.now)
    assert published is not None
    assert published.digest == digest_of(held)
    with operator_database.transaction() as connection:
        assert accept_held(connection, source.price_list, digest_of(held), now=source.now) is None


def test_an_older_held_revision_can_be_accepted_while_the_head_is_the_same(source: Source) -> None:
    source.says(WHOLE)
    first, second = source.says(HALF), source.says(OTHER_HALF)
    result = source.says(WHOLE, accepted=digest_of(first))
    assert result.head is not None
    assert source.column("select digest from price_list_revision where revision = 2") == [digest_of(first)]
    assert digest_of(second) != digest_of(first)


def test_what_was_held_cannot_be_accepted_after_another_revision_was_published(source: Source) -> None:
    source.says(WHOLE)
    held = source.says(HALF)
    source.says(offers(11))
    late = source.says(offers(11), accepted=digest_of(held))
    assert (revision_of(late), late.held) == (2, None)

    again = source.says(HALF)
    assert digest_of(again) == digest_of(held)
    assert revision_of(again) == 2

    source.says(HALF, accepted=None)
    renewed = source.says(HALF, accepted=digest_of(held))
    assert (revision_of(renewed), renewed.held) == (3, None)


def test_what_was_held_is_not_published_late_over_a_source_that_was_corrected(source: Source) -> None:
    source.says(WHOLE)
    held = source.says(HALF)
    source.says(WHOLE)
    late = source.says(WHOLE, accepted=digest_of(held))
    assert (revision_of(late), late.held, late.changed) == (1, None, False)
    # The person has let that content through all the same, whenever it comes.
    assert revision_of(source.says(HALF)) == 2


def test_an_acceptance_is_used_up(source: Source) -> None:
    source.says(WHOLE)
    accepted = digest_of(source.says(HALF))
    assert revision_of(source.says(HALF, accepted=accepted)) == 2
    assert revision_of(source.says(WHOLE)) == 3
    assert digest_of(source.says(HALF)) == accepted


def test_an_acceptance_can_come_with_the_content(source: Source, operator_database: Database) -> None:
    """As in one commit that holds both, after a look at what it would do."""
    source.says(WHOLE)
    with operator_database.engine.connect() as connection:
        tried = import_price_list(
            connection, source.price_list, [Part("list.csv", HALF)], twotier(), guards=Guards(), now=START
        )
        connection.rollback()
    result = source.says(HALF, accepted=digest_of(tried))
    assert (revision_of(result), result.held, result.changed) == (2, None, True)


def test_an_acceptance_of_something_else_lets_nothing_through(source: Source) -> None:
    source.says(WHOLE)
    assert source.says(HALF, accepted="0" * 64).held is not None


def test_the_same_file_is_judged_again_under_other_guards(source: Source) -> None:
    source.says(WHOLE)
    held = source.says(HALF)
    assert source.says(HALF) == held
    assert source.says(HALF, guards=Guards(max_removed_percent=40)).held is not None
    assert revision_of(source.says(HALF, guards=Guards(max_removed_percent=50))) == 2


def test_the_same_held_file_is_not_read_again(source: Source) -> None:
    source.says(WHOLE)
    held = source.says(HALF)
    source.column("update price_list_source set digest = digest || ' of another' returning digest")
    again = source.says(HALF)
    assert again.held == held.held


RELATED = content(
    "OFFICE,month,10,Office,,",
    "OFFICE,year,100,Office,,",
    "BACKUP,month,3,Backup,OFFICE,",
    "SET,month,12,Set,,OFFICE*1;BACKUP*5",
    "OTHER,month,1,Other,,",
)
CUT_DOWN = content(
    "OFFICE,month,11,Office,,", "OFFICE,year,100,Office,,", "BACKUP,month,3,Back-up,,", "NEW,month,1,New,,"
)


def test_a_held_revision_can_be_looked_at(source: Source, operator_database: Database) -> None:
    source.says(RELATED)
    held = source.says(CUT_DOWN).held
    assert held is not None
    assert held.differences == Differences(1, 2, 1, 1)
    with operator_database.transaction() as connection:
        page = list(holding.differences_of(connection, source.price_list, held, limit=3))
        rest = list(
            holding.differences_of(connection, source.price_list, held, after=(page[-1].sku, page[-1].unit), limit=10)
        )
        removed = list(holding.differences_of(connection, source.price_list, held, change=Change.REMOVED))
        assert holding.current(connection, source.price_list) == held
    assert [
        (each.sku, each.unit, each.name, each.change, each.old_price, each.new_price) for each in (*page, *rest)
    ] == [
        ("BACKUP", "month", "Back-up", "other", 3, 3),
        ("NEW", "month", "New", "added", None, 1),
        ("OFFICE", "month", "Office", "price", 10, 11),
        ("OTHER", "month", "Other", "removed", 1, None),
        ("SET", "month", "Set", "removed", 12, None),
    ]
    assert [each.sku for each in removed] == ["OTHER", "SET"]


def test_products_and_relations_are_held_and_accepted_too(source: Source) -> None:
    source.says(RELATED)
    held = source.says(CUT_DOWN)
    source.says(RELATED, accepted=digest_of(held))
    assert source.column("select digest from price_list_revision where revision = 2") == [digest_of(held)]
    assert source.column(
        "select kind || ' ' || sku || ' ' || related_sku from product_relation where to_revision = 2 order by 1"
    ) == ["add-on BACKUP OFFICE", "component SET BACKUP", "component SET OFFICE"]


def test_a_good_import_is_one_of_a_new_file(source: Source) -> None:
    times = []

    def good(result: ImportResult) -> ImportResult:
        times.append(result.good_import_at)
        return result

    good(source.says(WHOLE))
    first = source.now
    good(source.says(WHOLE))
    held = good(source.says(HALF))
    good(source.says(WHOLE + b"\n"))
    second = source.now
    good(source.says(HALF))
    good(source.says(HALF, accepted=digest_of(held)))
    assert times == [first, first, first, second, second, source.now]
