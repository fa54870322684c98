"""What the guards believe, and how they say what they do not."""

from decimal import Decimal

import pytest

from twotier.bss.price_lists.guarding.guards import (
    UNGUARDED,
    Findings,
    Guards,
    HoldReason,
    PriceChange,
    PriceChanges,
    judge,
)

ZEROED = PriceChanges(1, (PriceChange("MAIL", "month", Decimal("4.2"), Decimal(0)),))
JUMPED = PriceChanges(
    700,
    (
        PriceChange("DISK", "month", Decimal(1), Decimal(10)),
        PriceChange("MAIL", "month", Decimal("4.2"), Decimal(42)),
    ),
)


@pytest.mark.parametrize(
    ("guards", "findings", "expected"),
    [
        pytest.param(Guards(), Findings(head=0, missing=0, offers=1), [], id="a first list of one offer is published"),
        pytest.param(
            Guards(),
            Findings(head=0, missing=0, offers=0),
            ["it has fewer offers than minRows asks for: 0 of 1"],
            id="an empty list is held",
        ),
        pytest.param(
            Guards(min_rows=0),
            Findings(head=0, missing=0, offers=0),
            [],
            id="an empty list is published if no row is asked for",
        ),
        pytest.param(
            Guards(min_rows=1000),
            Findings(head=1200, missing=201, offers=999),
            ["it has fewer offers than minRows asks for: 999 of 1,000"],
            id="a list with too few offers is held",
        ),
        pytest.param(Guards(), Findings(100, 25, 75), [], id="a quarter of the offers may be missing by default"),
        pytest.param(
            Guards(),
            Findings(100, 26, 74),
            ["offers are missing: 26 of 100, more than the 25 % of maxRemovedPercent"],
            id="more than a quarter may not",
        ),
        pytest.param(
            Guards(),
            Findings(100, 26, 1074),
            ["offers are missing: 26 of 100, more than the 25 % of maxRemovedPercent"],
            id="new offers do not make up for missing ones",
        ),
        pytest.param(
            Guards(max_removed_percent=0),
            Findings(10_000, 1, 9_999),
            ["offers are missing: 1 of 10,000, more than the 0 % of maxRemovedPercent"],
            id="no offer may be missing where that is declared",
        ),
        pytest.param(UNGUARDED, Findings(100, 100, 0), [], id="without guards everything may be missing"),
        pytest.param(
            Guards(hold_zero_prices=True),
            Findings(100, 0, 100, zeroed=ZEROED),
            ["1 price becomes zero, which zeroPrices holds: MAIL month from 4.2 to 0"],
            id="a price that becomes zero is held",
        ),
        pytest.param(
            Guards(max_price_change_percent=Decimal("12.5")),
            Findings(1000, 0, 1000, too_much=JUMPED),
            [
                "700 prices change by more than the 12.5 % of maxPriceChangePercent: "
                "DISK month from 1 to 10, MAIL month from 4.2 to 42 and others"
            ],
            id="prices that change too much are counted and the first of them named",
        ),
        pytest.param(
            Guards(min_rows=5, max_price_change_percent=Decimal(50)),
            Findings(8, 6, 2, too_much=JUMPED, zeroed=ZEROED),
            [
                "it has fewer offers than minRows asks for: 2 of 5",
                "offers are missing: 6 of 8, more than the 25 % of maxRemovedPercent",
                "1 price becomes zero, which zeroPrices holds: MAIL month from 4.2 to 0",
                "700 prices change by more than the 50 % of maxPriceChangePercent: "
                "DISK month from 1 to 10, MAIL month from 4.2 to 42 and others",
            ],
            id="everything that speaks against it is told, the gravest first",
        ),
    ],
)
def test_content_is_judged(guards: Guards, findings: Findings, expected: list[str]) -> None:
    assert [suspicion.message for suspicion in judge(guards, findings)] == expected


def test_each_guard_has_a_reason_of_its_own() -> None:
    suspicions = judge(Guards(min_rows=5), Findings(8, 6, 2, too_much=JUMPED, zeroed=ZEROED))
    assert [suspicion.reason for suspicion in suspicions] == list(HoldReason)


def test_guards_that_differ_have_another_fingerprint() -> None:
    different = [
        Guards(),
        Guards(max_removed_percent=0),
        Guards(min_rows=0),
        Guards(max_price_change_percent=Decimal(0)),
        Guards(hold_zero_prices=True),
        UNGUARDED,
    ]
    assert len({guards.fingerprint() for guards in different}) == len(different)
    assert Guards().fingerprint() == Guards(max_removed_percent=25).fingerprint()
