"""What each outcome shows, to the byte; the table is the contract with kstatus, Flux and Argo CD."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from twotier.runtime.outcome import Condition, Done, Stalled, Waiting
from twotier.runtime.resource import Key, Observed
from twotier.runtime.status import Outcome, Suspended, compose, differs, headline, settled

TYPES = ("Accepted", "Fresh")
THEN, NOW = "2026-11-01T08:00:00Z", "2026-11-02T09:30:00Z"
ACCEPTED = Condition("Accepted", "True", "Imported", "Revision 3 is accepted")
FRESH = Condition("Fresh", "True", "Fresh", "It is new")


FIELDS = ("type", "status", "reason", "message", "observedGeneration", "lastTransitionTime")


def shown(*facts: str | int) -> dict[str, Any]:
    """Make a condition as the API server shows it, from its fields in order."""
    return dict(zip(FIELDS, facts, strict=True))


NEW: dict[str, Any] = {"observedGeneration": -1}
READY: dict[str, Any] = {
    "observedGeneration": 1,
    "rows": 3,
    "conditions": [
        shown("Accepted", "True", "Imported", "Revision 3 is accepted", 1, THEN),
        shown("Ready", "True", "Applied", "It is in force", 1, THEN),
    ],
}
STALLED_ONE: dict[str, Any] = {
    "observedGeneration": 1,
    "conditions": [
        shown("Stalled", "True", "SourceRefused", "Correct line 7", 1, THEN),
        shown("Ready", "False", "SourceRefused", "Correct line 7", 1, THEN),
    ],
}


@dataclass(frozen=True)
class Case:
    """A resource of generation 2 that shows `before`, and what it shows after the outcome."""

    before: dict[str, Any]
    outcome: Outcome
    after: dict[str, Any]
    requested_at: str | None = None
    deleting: bool = False


CASES = {
    "a first success shows the kind's fields, its conditions in their order, and Ready last": Case(
        NEW,
        Done("Applied", "It is in force", {"rows": 3}, (FRESH, ACCEPTED)),
        {
            "rows": 3,
            "observedGeneration": 2,
            "conditions": [
                shown("Accepted", "True", "Imported", "Revision 3 is accepted", 2, NOW),
                shown("Fresh", "True", "Fresh", "It is new", 2, NOW),
                shown("Ready", "True", "Applied", "It is in force", 2, NOW),
            ],
        },
    ),
    "a success keeps the time of what was true already, and drops what the kind no longer says": Case(
        {**READY, "rows": 1, "more": "yes"},
        Done("Applied", "It is in force, again", {"rows": 4}),
        {
            "rows": 4,
            "observedGeneration": 2,
            "conditions": [shown("Ready", "True", "Applied", "It is in force, again", 2, THEN)],
        },
    ),
    "a success takes Stalled away": Case(
        STALLED_ONE,
        Done("Applied", "It is in force"),
        {"observedGeneration": 2, "conditions": [shown("Ready", "True", "Applied", "It is in force", 2, NOW)]},
    ),
    "waiting keeps fields and own conditions, and does not count as observed": Case(
        READY,
        Waiting("DependencyNotFound", "Create it"),
        {
            "rows": 3,
            "observedGeneration": 1,
            "conditions": [
                shown("Accepted", "True", "Imported", "Revision 3 is accepted", 1, THEN),
                shown("Reconciling", "True", "ProgressingWithRetry", "Create it", 2, NOW),
                shown("Ready", "False", "DependencyNotFound", "Create it", 2, NOW),
            ],
        },
    ),
    "waiting from the start leaves observedGeneration at -1": Case(
        NEW,
        Waiting("DependencyNotFound", "Create it"),
        {
            "observedGeneration": -1,
            "conditions": [
                shown("Reconciling", "True", "ProgressingWithRetry", "Create it", 2, NOW),
                shown("Ready", "False", "DependencyNotFound", "Create it", 2, NOW),
            ],
        },
    ),
    "stalling counts as observed and says so twice": Case(
        READY,
        Stalled("SourceRefused", "Correct line 7"),
        {
            "rows": 3,
            "observedGeneration": 2,
            "conditions": [
                shown("Accepted", "True", "Imported", "Revision 3 is accepted", 1, THEN),
                shown("Stalled", "True", "SourceRefused", "Correct line 7", 2, NOW),
                shown("Ready", "False", "SourceRefused", "Correct line 7", 2, NOW),
            ],
        },
    ),
    "stalling may give fields and some conditions of its own": Case(
        READY,
        Stalled(
            "SourceRefused",
            "Correct line 7",
            status={"faults": 1},
            conditions=(Condition("Accepted", "False", "SourceRefused", "Line 7 is wrong"), FRESH),
        ),
        {
            "faults": 1,
            "observedGeneration": 2,
            "conditions": [
                shown("Accepted", "False", "SourceRefused", "Line 7 is wrong", 2, NOW),
                shown("Fresh", "True", "Fresh", "It is new", 2, NOW),
                shown("Stalled", "True", "SourceRefused", "Correct line 7", 2, NOW),
                shown("Ready", "False", "SourceRefused", "Correct line 7", 2, NOW),
            ],
        },
    ),
    "what waited and stalls is not reconciling any more": Case(
        {
            "observedGeneration": -1,
            "conditions": [
                shown("Reconciling", "True", "ProgressingWithRetry", "Create it", 2, THEN),
                shown("Ready", "False", "DependencyNotFound", "Create it", 2, THEN),
            ],
        },
        Stalled("SourceRefused", "Correct line 7"),
        {
            "observedGeneration": 2,
            "conditions": [
                shown("Stalled", "True", "SourceRefused", "Correct line 7", 2, NOW),
                shown("Ready", "False", "SourceRefused", "Correct line 7", 2, THEN),
            ],
        },
    ),
    "suspending keeps all, counts as observed, and gives Ready its reason": Case(
        READY,
        Suspended(),
        {
            "rows": 3,
            "observedGeneration": 2,
            "conditions": [
                shown("Accepted", "True", "Imported", "Revision 3 is accepted", 1, THEN),
                shown(
                    "Ready",
                    "True",
                    "Suspended",
                    "Reconciling is suspended; set spec.suspend to false to resume it",
                    2,
                    THEN,
                ),
            ],
        },
        requested_at="not handled while suspended",
    ),
    "suspending from the start does not claim readiness": Case(
        NEW,
        Suspended(),
        {
            "observedGeneration": 2,
            "conditions": [
                shown(
                    "Ready",
                    "Unknown",
                    "Suspended",
                    "Reconciling is suspended; set spec.suspend to false to resume it",
                    2,
                    NOW,
                )
            ],
        },
    ),
    "a requested reconcile is acknowledged with the very value": Case(
        NEW,
        Done("Applied", "It is in force"),
        {
            "observedGeneration": 2,
            "lastHandledReconcileAt": "noon",
            "conditions": [shown("Ready", "True", "Applied", "It is in force", 2, NOW)],
        },
        requested_at="noon",
    ),
    "an acknowledgement stays when the annotation goes": Case(
        {**NEW, "lastHandledReconcileAt": "noon"},
        Done("Applied", "It is in force"),
        {
            "observedGeneration": 2,
            "lastHandledReconcileAt": "noon",
            "conditions": [shown("Ready", "True", "Applied", "It is in force", 2, NOW)],
        },
    ),
    "a deletion that waits leaves Ready and observedGeneration alone": Case(
        READY,
        Waiting("DeletionRefused", "Stop 3 subscriptions first"),
        {
            "rows": 3,
            "observedGeneration": 1,
            "conditions": [
                shown("Accepted", "True", "Imported", "Revision 3 is accepted", 1, THEN),
                shown("Reconciling", "True", "Terminating", "Stop 3 subscriptions first", 2, NOW),
                shown("Ready", "True", "Applied", "It is in force", 1, THEN),
            ],
        },
        deleting=True,
    ),
    "a deletion that stalls does so too": Case(
        NEW,
        Stalled("InvalidSpec", "Correct the spec"),
        {
            "observedGeneration": -1,
            "conditions": [shown("Stalled", "True", "InvalidSpec", "Correct the spec", 2, NOW)],
        },
        deleting=True,
    ),
}


def resource(case: Case) -> Observed:
    return Observed(
        key=Key("Toy", "north", "a"),
        uid="uid",
        generation=2,
        created_at=datetime(2026, 11, 1, tzinfo=UTC),
        deleting=case.deleting,
        finalizers=frozenset(),
        status=case.before,
        requested_at=case.requested_at,
    )


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_status(case: Case) -> None:
    now = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)

    after = compose(resource(case), case.outcome, TYPES, now)

    assert after == case.after


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_the_same_outcome_again_changes_nothing(case: Case) -> None:
    repeated = Case(case.after, case.outcome, case.after, case.requested_at, case.deleting)

    again = compose(resource(repeated), case.outcome, TYPES, datetime(2027, 1, 1, tzinfo=UTC))

    settled = {**again, "conditions": {condition["type"]: condition for condition in again["conditions"]}}
    assert settled == {**case.after, "conditions": {item["type"]: item for item in case.after["conditions"]}}
    assert not differs(case.after, again, TYPES)


def test_a_condition_that_the_kind_does_not_declare_is_a_mistake() -> None:
    case = Case(NEW, Done("Applied", "", conditions=(Condition("Unheard", "True", "Applied", ""),)), {})

    with pytest.raises(ValueError, match="Unheard"):
        compose(resource(case), case.outcome, TYPES, datetime(2026, 11, 2, tzinfo=UTC))


FOREIGN = shown("Audited", "True", "Fine", "Another controller wrote this", 1, THEN)


@pytest.mark.parametrize(
    ("status", "differing"),
    [
        pytest.param(READY, False, id="the same status is not written"),
        pytest.param(
            {**READY, "conditions": list(reversed(READY["conditions"]))}, False, id="nor is one in another order"
        ),
        pytest.param(
            {**READY, "conditions": [FOREIGN, *READY["conditions"]]},
            False,
            id="nor is one to which another controller added a condition",
        ),
        pytest.param({**READY, "rows": 4}, True, id="another field is written"),
        pytest.param({**READY, "more": 1}, True, id="a field too many is taken away"),
        pytest.param({**READY, "conditions": READY["conditions"][1:]}, True, id="a missing condition is written"),
        pytest.param(
            {**READY, "conditions": [*READY["conditions"], *STALLED_ONE["conditions"][:1]]},
            True,
            id="a condition of ours too many is taken away",
        ),
        pytest.param(NEW, True, id="a first status is written"),
    ],
)
def test_writing_only_what_is_new(status: dict[str, Any], *, differing: bool) -> None:
    assert differs(status, READY, TYPES) is differing


@pytest.mark.parametrize(
    ("status", "deleting", "told"),
    [
        pytest.param(NEW, False, None, id="nothing is told of a new resource"),
        pytest.param(READY, False, ("Ready", "True", "Applied", "It is in force"), id="Ready is what is told"),
        pytest.param(
            STALLED_ONE, True, ("Stalled", "True", "SourceRefused", "Correct line 7"), id="but not of a deletion"
        ),
        pytest.param(READY, True, None, id="and of a deletion that waits for nothing, nothing"),
    ],
)
def test_what_people_are_told_of(status: dict[str, Any], *, deleting: bool, told: tuple[str, ...] | None) -> None:
    assert headline(status, deleting=deleting) == told


@pytest.mark.parametrize(
    ("before", "deleting", "expected"),
    [
        pytest.param({"observedGeneration": 2}, False, True, id="a generation that was observed is settled"),
        pytest.param({"observedGeneration": 1}, False, False, id="a newer one is not"),
        pytest.param({"observedGeneration": 2}, True, False, id="nor is a deletion"),
    ],
)
def test_settled(before: dict[str, Any], *, deleting: bool, expected: bool) -> None:
    assert settled(resource(Case(before, Suspended(), {}, deleting=deleting))) is expected


@pytest.mark.parametrize(
    ("status", "deleting", "expected"),
    [
        pytest.param({"observedGeneration": 2}, False, True, id="what is shown of this generation is settled"),
        pytest.param({"observedGeneration": 1}, False, False, id="what is shown of an earlier generation is not"),
        pytest.param({"observedGeneration": 2}, True, False, id="a resource that is being deleted is not"),
    ],
)
def test_an_outage_leaves_alone_what_is_settled(status: dict[str, Any], *, deleting: bool, expected: bool) -> None:
    shown = Case(status, Done("Applied", ""), {}, deleting=deleting)
    assert settled(resource(shown)) is expected
