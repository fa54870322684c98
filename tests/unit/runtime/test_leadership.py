"""Who may take a Lease when; clocks of two machines are never compared."""

from typing import Any

import pytest

from twotier.runtime.leadership import LeaseSight, Step, look, next_step

FIFTEEN = 15.0


def sight(holder: str, since: float = 0.0) -> LeaseSight:
    return LeaseSight(holder, "2026-11-01T08:00:00.000000Z", FIFTEEN, since)


@pytest.mark.parametrize(
    ("seen", "now", "step"),
    [
        pytest.param(None, 0.0, Step.CREATE, id="where there is no lease it is created"),
        pytest.param(sight("me"), 100.0, Step.RENEW, id="our own is renewed, however old it is"),
        pytest.param(sight("other"), 14.9, Step.WAIT, id="another's is left alone while it may be alive"),
        pytest.param(sight("other"), 15.0, Step.TAKE, id="and taken when it was silent for its duration"),
        pytest.param(sight(""), 0.0, Step.TAKE, id="a released one is taken at once"),
    ],
)
def test_step(seen: LeaseSight | None, now: float, step: Step) -> None:
    assert next_step(seen, "me", now) is step


def lease(holder: str | None, renewed: str | None) -> dict[str, Any]:
    return {"spec": {"holderIdentity": holder, "renewTime": renewed, "leaseDurationSeconds": 15}}


@pytest.mark.parametrize(
    ("before", "found", "since"),
    [
        pytest.param(None, lease("other", "08:00"), 50.0, id="a first sight is new, whatever its renewal time says"),
        pytest.param(
            LeaseSight("other", "08:00", FIFTEEN, 7.0), lease("other", "08:00"), 7.0, id="silence keeps its beginning"
        ),
        pytest.param(
            LeaseSight("other", "08:00", FIFTEEN, 7.0), lease("other", "08:02"), 50.0, id="a renewal begins anew"
        ),
        pytest.param(
            LeaseSight("other", "08:00", FIFTEEN, 7.0), lease("third", "08:00"), 50.0, id="so does another holder"
        ),
        pytest.param(LeaseSight("", "", FIFTEEN, 7.0), {"metadata": {}}, 7.0, id="an empty lease is held by nobody"),
    ],
)
def test_look(before: LeaseSight | None, found: dict[str, Any], since: float) -> None:
    assert look(before, found, 50.0).since == since
