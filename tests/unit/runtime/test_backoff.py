"""Pauses grow, end at a limit, and are spread."""

import pytest

from twotier.runtime.backoff import Backoff


@pytest.mark.parametrize(
    ("failures", "random", "seconds"),
    [
        pytest.param(0, 1.0, 1.0, id="the first pause is the first"),
        pytest.param(1, 1.0, 2.0, id="the second is twice as long"),
        pytest.param(5, 1.0, 32.0, id="each is twice as long as the one before"),
        pytest.param(9, 1.0, 300.0, id="none is longer than the longest"),
        pytest.param(10_000, 1.0, 300.0, id="however often it failed"),
        pytest.param(1, 0.0, 1.0, id="jitter takes away half at most"),
        pytest.param(1, 0.5, 1.5, id="and something in between otherwise"),
    ],
)
def test_pause(failures: int, random: float, seconds: float) -> None:
    backoff = Backoff(lambda: random, first=1.0, longest=300.0)

    assert backoff.seconds(failures) == seconds
