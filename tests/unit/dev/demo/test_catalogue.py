"""The demo shows a few offers of each kind of difference."""

from dataclasses import replace
from decimal import Decimal

from twotier.bss.catalogue.reads.pages import CatalogueOffer
from twotier.dev.demo.catalogue import Catalogue, compare, examples

OFFER = CatalogueOffer(
    sku="a",
    unit="month",
    name="A",
    description=None,
    image=None,
    category=None,
    product_type=None,
    charge_type="recurring",
    kind="product",
    cost=Decimal(1),
    tiers=(),
    sell_price=None,
    active=True,
    discontinued=False,
    published=True,
    needs_review=False,
    inherited_name="A",
    inherited_description=None,
    inherited_category=None,
    inherited_sell_price=None,
    list_name="A",
)


def catalogue(**costs: int) -> Catalogue:
    return {(sku, "month"): replace(OFFER, sku=sku, cost=Decimal(cost)) for sku, cost in costs.items()}


def test_two_states_of_a_catalogue_differ_in_what_came_what_went_and_what_costs_something_else() -> None:
    found = compare(catalogue(same=1, gone=2, dearer=3), catalogue(same=1, dearer=4, new=5))
    assert (found.added, found.discontinued, found.cost_changed) == (
        [("new", "month")],
        [("gone", "month")],
        [("dearer", "month")],
    )


def test_examples_have_the_cost_of_both_sides_where_there_is_one() -> None:
    shown = examples(catalogue(gone=2, dearer=3), catalogue(dearer=4, new=5))
    assert [(item.what, item.sku, item.before, item.after) for item in shown] == [
        ("new", "new", None, 5),
        ("discontinued", "gone", 2, None),
        ("cost", "dearer", 3, 4),
    ]


def test_examples_of_one_kind_are_few_and_no_neighbours() -> None:
    shown = examples({}, catalogue(a=1, b=1, c=1, d=1, e=1, f=1))
    assert [item.sku for item in shown] == ["a", "d"]
