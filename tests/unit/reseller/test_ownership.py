"""Who may change what of an inherited product."""

import pytest

from twotier.bss.reseller.overrides import ProductField
from twotier.bss.reseller.ownership import MATRIX, LockedFieldError, UnknownPropertyError, require_reseller
from twotier.bss.reseller.rules import Area, Owner, Property, Rule, Verdict

LOCKED = [rule for rule in MATRIX if rule.owner is Owner.DISTRIBUTOR]
ALLOWED = [rule for rule in MATRIX if rule.owner is Owner.RESELLER]


def name(rule: Rule) -> str:
    return rule.key


def test_every_property_has_one_rule() -> None:
    assert sorted(rule.key for rule in MATRIX) == sorted(Property)


def test_every_area_has_rules() -> None:
    assert [area for area in Area if not any(rule.area is area for rule in MATRIX)] == []


@pytest.mark.parametrize("rule", LOCKED, ids=name)
def test_a_property_of_the_distributors_is_refused_with_its_owner_and_a_way_out(rule: Rule) -> None:
    with pytest.raises(LockedFieldError) as refused:
        require_reseller(rule.key, "product X-1")
    assert str(refused.value) == (
        f"{rule.title} of product X-1: the owner is the distributor. {rule.comment} {rule.instead}"
    )


@pytest.mark.parametrize("rule", ALLOWED, ids=name)
def test_a_property_of_the_resellers_is_his_to_change(rule: Rule) -> None:
    assert require_reseller(rule.key, "product X-1") is rule


def test_a_property_that_there_is_not_is_answered_with_those_that_there_are() -> None:
    with pytest.raises(UnknownPropertyError, match=r"product X-1 has no property 'colour': .* category, description"):
        require_reseller("colour", "product X-1")


def test_what_is_locked_is_written_by_nobody_but_the_distributor() -> None:
    assert [rule.key for rule in LOCKED if rule.own] == []


def test_the_distributor_owns_what_is_partly_allowed_or_not_at_all_and_the_reseller_the_rest() -> None:
    assert {rule.verdict for rule in ALLOWED} == {Verdict.ALLOWED}
    assert {rule.verdict for rule in LOCKED} == {Verdict.PARTLY, Verdict.NOT_ALLOWED}


def test_every_field_that_a_reseller_may_set_is_his_by_the_matrix() -> None:
    own = {rule.key for rule in ALLOWED if "product_override.value" in rule.own}
    assert own == {Property(field) for field in ProductField}


@pytest.mark.parametrize("rule", MATRIX, ids=name)
def test_every_rule_says_what_it_means_what_to_do_and_what_enforces_it_in_sentences(rule: Rule) -> None:
    assert rule.comment.endswith(".")
    assert rule.instead.endswith(".")
    assert rule.enforced_by
    assert rule.source
