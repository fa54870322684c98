"""Which faults strike when."""

from collections import Counter
from itertools import pairwise
from random import Random

import pytest
from tests.chaos.faults import FAULTS, strikes


def test_the_same_seed_gives_the_same_faults_at_the_same_places() -> None:
    assert strikes(Random(1), 100, 20) == strikes(Random(1), 100, 20)


@pytest.mark.parametrize("seed", range(20))
def test_each_fault_strikes_once_before_one_strikes_again(seed: int) -> None:
    times = Counter(each.fault.name for each in strikes(Random(seed), 200, 2 * len(FAULTS)))
    assert times == {fault.name: 2 for fault in FAULTS}


@pytest.mark.parametrize("seed", range(20))
def test_of_one_place_a_fault_is_mended_before_the_next_strikes(seed: int) -> None:
    for place in ("database", "cluster"):
        here = [each for each in strikes(Random(seed), 120, len(FAULTS)) if each.fault.place == place]
        assert all(before.at < before.until <= after.at for before, after in pairwise(here))
