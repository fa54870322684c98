"""What people are told of a price list after its source was read."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from twotier.bss.price_lists.guarding.guards import HoldReason, Suspicion
from twotier.bss.price_lists.guarding.held import Held
from twotier.bss.price_lists.guarding.vendor_flags import FlagAudit, WrongFlag
from twotier.bss.price_lists.importing import ImportResult
from twotier.bss.price_lists.revisions import Differences, Revision
from twotier.kinds.price_list.decide import decide
from twotier.kinds.price_list.declaration import PriceListSpec
from twotier.kinds.price_list.report import report
from twotier.runtime.outcome import Done, Stalled

NOW = datetime(2026, 8, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DIGEST, HELD_DIGEST = "a" * 64, "b" * 64
HEAD = Revision(3, DIGEST, NOW - 5 * HOUR, "list.csv", 1200, 800, Differences(1, 2, 3, 4))
HELD = Held(
    digest=HELD_DIGEST,
    base=3,
    held_at=NOW,
    source="list.csv",
    reasons=(
        Suspicion(HoldReason.TOO_FEW_ROWS, "it has fewer offers than minRows asks for: 2 of 5"),
        Suspicion(HoldReason.TOO_MANY_REMOVED, "offers are missing: 1,198 of 1,200"),
    ),
    offers=2,
    products=1,
    differences=Differences(0, 1198, 1, 0),
)
IMPORTED = ImportResult(HEAD, changed=True, good_import_at=NOW - 5 * HOUR)
HOLDING = replace(IMPORTED, changed=False, held=HELD)
SHOWN = {
    "revision": 3,
    "digest": DIGEST,
    "offers": 1200,
    "products": 800,
    "lastImportedAt": "2026-08-01T07:00:00Z",
    "lastGoodImportAt": "2026-08-01T07:00:00Z",
    "differences": {"added": 1, "removed": 2, "priceChanged": 3, "otherChanged": 4},
    "suspects": 0,
}
SHOWN_HELD = {
    "digest": HELD_DIGEST,
    "offers": 2,
    "products": 1,
    "differences": {"added": 0, "removed": 1198, "priceChanged": 1, "otherChanged": 0},
}


def spec(**fields: Any) -> PriceListSpec:
    return PriceListSpec.model_validate({"distributor": "d", "currency": "EUR", "source": {"inline": "x"}} | fields)


def reported(spec: PriceListSpec, imported: ImportResult) -> Done | Stalled:
    return report(imported, decide(spec, imported, now=NOW))


def conditions(outcome: Done | Stalled) -> dict[str, tuple[str, str]]:
    return {condition.type: (condition.status, condition.reason) for condition in outcome.conditions}


def test_an_accepted_list_is_imported() -> None:
    outcome = reported(spec(), IMPORTED)
    assert isinstance(outcome, Done)
    assert (outcome.reason, outcome.message) == ("Imported", "Revision 3 has 1,200 offers of 800 products")
    assert conditions(outcome) == {"Accepted": ("True", "Imported")}
    assert (outcome.status, outcome.again_at) == (SHOWN, None)


def test_a_single_offer_is_not_told_as_several() -> None:
    outcome = reported(spec(), replace(IMPORTED, head=replace(HEAD, offers=1, products=1)))
    assert outcome.message == "Revision 3 has 1 offer of 1 product"


def test_suspects_are_counted_and_told() -> None:
    outcome = reported(spec(), replace(IMPORTED, suspects=136, next_boundary=NOW + HOUR))
    assert isinstance(outcome, Done)
    assert outcome.message == (
        "Revision 3 has 1,200 offers of 800 products; the source lacks 136 of them, which are still sold"
    )
    assert (outcome.status["suspects"], outcome.again_at) == (136, NOW + HOUR)


def test_a_held_source_leaves_the_list_ready() -> None:
    outcome = reported(spec(), HOLDING)
    assert isinstance(outcome, Done)
    assert (outcome.reason, outcome.message) == (
        "Held",
        "Revision 3 has 1,200 offers of 800 products and remains in force; the source's present content is held, see "
        "condition Accepted",
    )
    assert conditions(outcome) == {"Accepted": ("False", "TooFewRows")}
    assert outcome.conditions[0].message == (
        "The content of the source is held: it has fewer offers than minRows asks for: 2 of 5; offers are missing: "
        "1,198 of 1,200. Correct the source, or "
        f"set spec.acceptedDigest to {HELD_DIGEST} to accept exactly this content"
    )
    assert outcome.status == SHOWN | {"held": SHOWN_HELD}


def test_a_held_source_stalls_a_list_that_never_had_a_revision() -> None:
    held = ImportResult(None, changed=False, held=HELD, next_boundary=NOW + HOUR)
    outcome = reported(spec(maxAge="1h"), held)
    assert isinstance(outcome, Stalled)
    assert (outcome.reason, outcome.message) == ("Held", outcome.conditions[0].message)
    assert outcome.status == {"suspects": 0, "held": SHOWN_HELD}
    assert conditions(outcome) == {"Accepted": ("False", "TooFewRows"), "Fresh": ("False", "NeverImported")}
    assert outcome.again_at == NOW + HOUR


def test_an_acceptance_that_is_used_up_is_told() -> None:
    outcome = reported(spec(acceptedDigest=HELD_DIGEST), HOLDING)
    assert outcome.conditions[0].message.endswith(
        "Correct the source, or remove spec.acceptedDigest and set it again to accept exactly this content: it names "
        f"{HELD_DIGEST}, but another revision has been published since"
    )


def test_flags_that_do_not_fit_are_counted_and_the_first_are_shown() -> None:
    wrong = tuple(WrongFlag(f"SKU-{number}", "P1Y", "Unchanged", "changed") for number in range(20))
    outcome = reported(spec(), replace(IMPORTED, flags=FlagAudit(1000, 42, wrong)))
    assert outcome.status is not None
    shown = outcome.status["vendorFlags"]
    assert (shown["flagged"], shown["wrong"], len(shown["examples"])) == (1000, 42, 5)
    assert shown["examples"][0] == {"sku": "SKU-0", "unit": "P1Y", "flag": "Unchanged", "found": "changed"}


@pytest.mark.parametrize(
    ("boundary", "again_at"),
    [
        pytest.param(None, NOW + 3 * HOUR, id="when it is no longer fresh"),
        pytest.param(NOW + HOUR, NOW + HOUR, id="when the same files say something else, if that is sooner"),
        pytest.param(NOW + 4 * HOUR, NOW + 3 * HOUR, id="when it is no longer fresh, if that is sooner"),
    ],
)
def test_a_list_is_looked_at_again(boundary: datetime | None, again_at: datetime) -> None:
    outcome = reported(spec(maxAge="8h"), replace(IMPORTED, next_boundary=boundary))
    assert outcome.again_at == again_at
    assert conditions(outcome) == {"Accepted": ("True", "Imported"), "Fresh": ("True", "WithinMaxAge")}
