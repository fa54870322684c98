"""Sequences of what happens to lists and to a tenant, as data; and those that caught a mistake once."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from hypothesis import strategies as st
from tests.postgres.catalogue.plain_model import Content, Offer, OfferKey, OwnPrice, Product, RelationKey

SKUS: Final = ("a", "b", "c")
UNITS: Final = ("month", "year")
LISTS: Final = (0, 1)


@dataclass(frozen=True)
class Import:
    """A list gets its next revision."""

    price_list: int
    content: Content


@dataclass(frozen=True)
class Apply:
    """An update to the revision at this place of the list's history, counted from its head and round and round."""

    price_list: int = 0
    back: int = 0
    full: bool = True
    sell_prices: bool = False
    names: bool = False
    edits_since_planned: int = 0
    """The reseller's last so many values came after the plan, so its watermark is as much lower."""


@dataclass(frozen=True)
class SetPrice:
    key: OfferKey
    price: OwnPrice


@dataclass(frozen=True)
class SetText:
    sku: str
    field: str
    text: str | None


@dataclass(frozen=True)
class NameCategory:
    """A category, by the name it is known by, is called something else; or without a name, what it was called first."""

    category: str
    name: str | None


@dataclass(frozen=True)
class Undo:
    """Back over this many runs that count, round and round."""

    runs: int = 1


Step = Import | Apply | SetPrice | SetText | NameCategory | Undo
Sequence = tuple[Content, tuple[Step, ...]]
"""The first revision of the first list, which the tenant begins with, and what follows."""


def listed(**skus: Mapping[str, tuple[int, int | None]] | tuple[int, int | None]) -> Content:
    """A revision by SKU: cost and recommended sell price, by unit or for the month alone."""
    units = {sku: prices if isinstance(prices, Mapping) else {"month": prices} for sku, prices in skus.items()}
    return Content(
        products={sku: Product(name=sku) for sku in units},
        offers={
            OfferKey(sku, unit): Offer(Decimal(cost), None if sell is None else Decimal(sell))
            for sku, prices in units.items()
            for unit, (cost, sell) in prices.items()
        },
    )


FIRST: Final = listed(a=(1, 2), b=(3, 4))
SECOND: Final = listed(a=(2, 3), c=(5, None))


def described(sku: str, product: Product, *units: str) -> Content:
    """A revision of one product."""
    return Content(
        products={sku: product}, offers={OfferKey(sku, unit): Offer(Decimal(1), Decimal(2)) for unit in units}
    )


IMAGE: Final = "https://shop.test/mine.png"
OWN_CATEGORY: Final = "mine"
"""An own category of the reseller, created before anything else happens."""
OWN_TEXTS: Final[Mapping[str, tuple[str, ...]]] = {
    "name": ("mine",),
    "description": ("mine",),
    "image": (IMAGE,),
    "category": (OWN_CATEGORY,),
    "publication": ("published", "hidden"),
}
B_MONTH: Final = OfferKey("b", "month")

C_MONTH: Final = OfferKey("c", "month")
IN_BUNDLE: Final = RelationKey("component", "a", "b")
BUNDLED: Final = Content(
    products={"a": Product(kind="bundle"), "b": Product(kind="bundle"), "c": Product()},
    offers={OfferKey(sku, unit): Offer(Decimal(1), Decimal(2)) for sku in SKUS for unit in UNITS},
    relations={IN_BUNDLE: Decimal(2), RelationKey("component", "b", "c"): Decimal(1)},
)
"""A bundle in a bundle."""

FOUND: Final[Mapping[str, Sequence]] = {
    "a partial update with sell prices sees an offer that arrives only later": (
        listed(a=(1, 2)),
        (
            Import(0, listed(a=(1, 2), b=(1, 5))),
            Apply(full=False, sell_prices=True),
            Import(0, listed(a=(1, 2), b=(1, 7))),
            Apply(),
        ),
    ),
    "an offer that arrived without the option keeps the price of its arrival": (
        listed(a=(1, 2)),
        (
            Import(0, listed(a=(1, 2), b=(1, 5))),
            Apply(),
            Import(0, listed(a=(1, 2), b=(1, 7))),
            Apply(),
        ),
    ),
    "an offer that vanished keeps the cost of the last update that contained it": (
        listed(a=(1, 2), b=(1, 2)),
        (
            Import(0, listed(a=(1, 2), b=(3, 2))),
            Apply(full=False),
            Import(0, listed(a=(1, 2))),
            Apply(full=False),
        ),
    ),
    "an offer is gone and back, with its earlier price": (
        listed(a=(1, 2), b=(1, 5)),
        (
            Import(0, listed(a=(1, 2))),
            Apply(sell_prices=True),
            Import(0, listed(a=(1, 2), b=(1, 7))),
            Apply(),
        ),
    ),
    "a partial update writes the cost of a discontinued offer": (
        listed(a=(1, 2), b=(1, 5)),
        (
            Import(0, listed(a=(1, 2))),
            Apply(),
            Import(0, listed(a=(1, 2), b=(4, 7))),
            Apply(full=False, sell_prices=True),
        ),
    ),
    "a switch and back": (
        listed(a=(1, 2), b=(1, 5)),
        (Import(1, listed(a=(8, 9), c=(8, 9))), Apply(1), Apply(0), Apply(1, sell_prices=True)),
    ),
    "a switch discontinues what the other list has not": (
        listed(a=(1, 2), b=(1, 5)),
        (Import(1, listed(a=(1, 2))), Apply(1)),
    ),
    "an undo takes back an option as well": (
        listed(a=(1, 2)),
        (Import(0, listed(a=(1, 4))), Apply(sell_prices=True), Undo()),
    ),
    "an undone arrival is none": (
        listed(a=(1, 2)),
        (
            Import(0, listed(a=(1, 2), b=(1, 5))),
            Apply(),
            Undo(),
            Import(0, listed(a=(1, 2), b=(1, 7))),
            Apply(),
        ),
    ),
    "an own price is displaced, and back after an undo": (
        listed(b=(1, 5)),
        (SetPrice(B_MONTH, OwnPrice(Decimal(9))), Apply(sell_prices=True), SetText("b", "image", IMAGE), Undo()),
    ),
    "an own price set since the plan survives": (
        listed(b=(1, 5)),
        (
            SetPrice(B_MONTH, OwnPrice(Decimal(8))),
            SetPrice(B_MONTH, OwnPrice(Decimal(9))),
            Apply(sell_prices=True, edits_since_planned=1),
        ),
    ),
    "an own price that was taken away does not come back": (
        listed(b=(1, 5)),
        (SetPrice(B_MONTH, OwnPrice(Decimal(9))), SetPrice(B_MONTH, OwnPrice())),
    ),
    "a name is displaced by the option for names alone": (
        described("a", Product(name="one"), "month"),
        (
            SetText("a", "name", "mine"),
            Apply(sell_prices=True),
            Import(0, described("a", Product(name="two"), "month")),
            Apply(),
            Apply(full=False, names=True),
        ),
    ),
    "a product that arrived without the option keeps the name of its arrival": (
        listed(a=(1, 2)),
        (
            Import(0, described("b", Product(name="one"), "month")),
            Apply(),
            Import(0, described("b", Product(name="two"), "month")),
            Apply(),
        ),
    ),
    "the category is the reseller's after the arrival": (
        described("a", Product(category="one"), "month"),
        (Import(0, described("a", Product(category="two"), "month")), Apply(names=True, sell_prices=True)),
    ),
    "a category that was renamed takes along what arrives in it": (
        described("a", Product(category="one"), "month"),
        (NameCategory("one", "not one"), Import(0, described("b", Product(category="one"), "month")), Apply(), Undo()),
    ),
    "an own price does not count before it was set": (
        listed(b=(1, 5)),
        (SetText("b", "description", "mine"), Apply(names=True), SetPrice(B_MONTH, OwnPrice(Decimal(9))), Apply()),
    ),
    "an own name that was displaced is back after an undo and not before": (
        listed(b=(1, 5)),
        (SetText("b", "name", "mine"), Apply(names=True), SetText("b", "image", IMAGE), Undo(), Apply(full=False)),
    ),
    "what was undone counts in the past": (
        listed(b=(1, 5)),
        (
            Import(0, listed(b=(2, 6))),
            Apply(full=False, sell_prices=True),
            Import(0, listed(a=(1, 1))),
            Apply(),
            Undo(),
        ),
    ),
    "a new unit takes the name and the category of its product": (
        described("a", Product("one", category="one"), "month"),
        (Import(0, described("a", Product("two", category="two"), "month", "year")), Apply(), Apply(names=True)),
    ),
    "a bundle is shown with all that is in it in its unit": (
        BUNDLED,
        (
            SetText("b", "publication", "hidden"),
            SetText("b", "publication", "published"),
            SetText("c", "publication", "hidden"),
            SetText("c", "publication", None),
            Import(0, replace(BUNDLED, offers={**BUNDLED.offers, C_MONTH: Offer(Decimal(1), None)})),
            Apply(sell_prices=True),
        ),
    ),
    "a relation changes in its quantity": (
        BUNDLED,
        (Import(0, replace(BUNDLED, relations={IN_BUNDLE: Decimal(3)})), Apply(), Undo()),
    ),
    "a product lives on in another unit and goes on changing": (
        described("a", Product(description="one"), "month", "year"),
        (
            Import(0, described("a", Product(description="one"), "month")),
            Apply(),
            Import(0, described("a", Product(description="two"), "month")),
            Apply(),
        ),
    ),
}

_prices = st.sampled_from([Decimal(0), Decimal(1), Decimal("2.5"), Decimal(10), Decimal("0.001")])
_texts = st.sampled_from(["one", "two"])
_tiers = st.sampled_from(
    [(), ((Decimal(5), Decimal("0.5")),), ((Decimal(5), Decimal("0.5")), (Decimal(9), Decimal("0.4")))]
)
_products = st.builds(
    Product,
    name=_texts,
    description=st.none() | _texts,
    category=st.none() | _texts,
    product_type=st.none() | _texts,
    charge_type=st.sampled_from(["recurring", "usage"]),
    kind=st.sampled_from(["product", "add-on", "bundle"]),
    active=st.sampled_from([True, True, False]),
)
_offers = st.builds(
    Offer,
    price=_prices,
    recommended_sell_price=st.none() | _prices,
    tiers=_tiers,
    active=st.sampled_from([True, True, False]),
)
_keys = st.builds(OfferKey, st.sampled_from(SKUS), st.sampled_from(UNITS))
_relations = st.dictionaries(
    st.builds(RelationKey, st.just("component"), st.sampled_from(SKUS), st.sampled_from(SKUS)),
    st.none() | st.just(Decimal(2)),
    max_size=2,
)


@st.composite
def _contents(draw: st.DrawFn) -> Content:
    offers = draw(st.dictionaries(_keys, _offers, min_size=1, max_size=5))
    products = {sku: draw(_products) for sku in sorted({key.sku for key in offers})}
    return Content(products=products, offers=offers, relations=draw(_relations))


_own_prices = st.one_of(
    st.just(OwnPrice()),
    st.builds(OwnPrice, amount=_prices),
    st.builds(OwnPrice, margin=st.sampled_from([Decimal(20), Decimal(-10)])),
)
_applies = st.builds(
    Apply,
    price_list=st.sampled_from([0, 0, 1]),
    back=st.sampled_from([0, 0, 1, 2]),
    full=st.booleans(),
    sell_prices=st.booleans(),
    names=st.booleans(),
    edits_since_planned=st.sampled_from([0, 0, 1]),
)
_steps = st.one_of(
    st.builds(Import, st.sampled_from([0, 0, 1]), _contents()),
    _applies,
    _applies,
    st.builds(SetPrice, _keys, _own_prices),
    st.builds(
        lambda sku, chosen: SetText(sku, *chosen),
        st.sampled_from(SKUS),
        st.sampled_from([(field, text) for field, texts in OWN_TEXTS.items() for text in (*texts, None)]),
    ),
    st.sampled_from([NameCategory(known, name) for known in ("one", OWN_CATEGORY) for name in (f"not {known}", None)]),
    st.builds(Undo, st.integers(1, 3)),
)

sequences: Final[st.SearchStrategy[Sequence]] = st.tuples(
    _contents(), st.lists(_steps, min_size=1, max_size=12).map(tuple)
)
