"""Chains of edits: the same from the same seed, and ending where a fresh declaration could."""

from itertools import islice
from random import Random

import pytest
from tests.chaos.edits import RIVAL, Chain, Edit, chain_edits, target_of

EDITS = 500
OWED_TO_A_HISTORY = {"suspend", "restoreRun", "revision", "approvedPlan", "acceptedDigest", "maxAge"}


def made(seed: int) -> tuple[Chain, list[Edit]]:
    chain = Chain("shop.example.com")
    chain.begin()
    return chain, list(islice(chain_edits(chain, Random(seed)), EDITS))


def test_the_same_seed_gives_the_same_edits() -> None:
    assert made(1)[1] == made(1)[1]
    assert made(1)[0].ending() == made(1)[0].ending()


def test_another_seed_gives_other_edits() -> None:
    assert made(1)[1] != made(2)[1]


def test_a_long_chain_has_edits_of_every_kind_there_is() -> None:
    assert len({edit.what for edit in made(1)[1]}) >= 35


@pytest.mark.parametrize("seed", range(20))
def test_a_chain_ends_with_all_that_it_began_with_and_nothing_that_is_owed_to_its_history(seed: int) -> None:
    chain, _ = made(seed)
    ending = chain.ending()
    assert {target_of(each) for each in ending} == {target_of(each) for each in Chain("").begin()}
    assert RIVAL not in {target_of(each) for each in ending}
    assert not OWED_TO_A_HISTORY & {field for each in ending for field in each.get("spec", {})}


@pytest.mark.parametrize("seed", range(20))
def test_no_two_tenants_end_with_the_same_storefront(seed: int) -> None:
    aliases = [
        each["spec"]["storefront"]["alias"] for each in made(seed)[0].ending() if "storefront" in each.get("spec", {})
    ]
    assert len(aliases) == len(set(aliases))
