"""A tenant's catalogue the plain way: every update copies into the tenant, every undo brings a whole copy back.

It shares nothing with what it is compared with: no import of ours, no pins, no history that is looked up later.
"""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple


class OfferKey(NamedTuple):
    sku: str
    unit: str


class RelationKey(NamedTuple):
    kind: str
    sku: str
    related_sku: str


@dataclass(frozen=True)
class Product:
    """A product of a list."""

    name: str = "name"
    description: str | None = None
    category: str | None = None
    product_type: str | None = None
    charge_type: str = "recurring"
    kind: str = "product"
    active: bool = True


@dataclass(frozen=True)
class Offer:
    """A product in one unit, with the prices of a list."""

    price: Decimal
    recommended_sell_price: Decimal | None = None
    tiers: tuple[tuple[Decimal, Decimal], ...] = ()
    active: bool = True


@dataclass(frozen=True)
class Content:
    """All of one revision. A product is in it exactly if an offer of it is."""

    products: Mapping[str, Product]
    offers: Mapping[OfferKey, Offer]
    relations: Mapping[RelationKey, Decimal | None] = field(default_factory=dict)


@dataclass
class CopiedOffer:
    cost: Decimal
    tiers: tuple[tuple[Decimal, Decimal], ...]
    sell_price: Decimal | None
    active: bool
    discontinued: bool = False


@dataclass
class CopiedProduct:
    now: Product
    """As of the last full update, but with the name and the category that were copied."""
    list_name: str


@dataclass
class Copy:
    """What an undo brings back."""

    offers: dict[OfferKey, CopiedOffer] = field(default_factory=dict)
    products: dict[str, CopiedProduct] = field(default_factory=dict)
    relations: dict[RelationKey, Decimal | None] = field(default_factory=dict)
    categories: set[str] = field(default_factory=set)
    """Of all that full updates brought."""
    displaced: set[int] = field(default_factory=set)
    """Versions of the tenant's overrides that an option overwrote."""


@dataclass(frozen=True)
class OwnPrice:
    """What the reseller sets: one of both, or neither to remove its value."""

    amount: Decimal | None = None
    margin: Decimal | None = None


@dataclass(frozen=True)
class Override:
    version: int
    price: OwnPrice | None = None
    text: str | None = None


@dataclass
class PlainTenant:
    """A tenant that has a copy of everything."""

    copy: Copy = field(default_factory=Copy)
    own_prices: dict[OfferKey, list[Override]] = field(default_factory=dict)
    own_texts: dict[tuple[str, str], list[Override]] = field(default_factory=dict)
    own_categories: dict[str, list[Override]] = field(default_factory=dict)
    newest_version: int = 0
    newest_run: int = 0
    after_run: dict[int, Copy] = field(default_factory=dict)
    """Runs that count, oldest first."""
    version_at_run: dict[int, int] = field(default_factory=dict)
    """The reseller's newest override when a run was written."""

    def apply(self, content: Content, *, full: bool, sell_prices: bool, names: bool, watermark: int) -> None:
        if full:
            self._take_structure(content)
        for key, offer in content.offers.items():
            if key in self.copy.offers:
                self._write_offer(self.copy.offers[key], offer, full=full, sell_prices=sell_prices)
        for sku, product in content.products.items():
            if sku in self.copy.products:
                self._write_product(self.copy.products[sku], product, full=full, names=names)
        if sell_prices:
            self._displace([value for values in self.own_prices.values() for value in values], watermark)
        if names:
            named = [value for (_, name), values in self.own_texts.items() if name == "name" for value in values]
            self._displace(named, watermark)
        self._count_run()
        self.after_run[self.newest_run] = deepcopy(self.copy)

    def undo(self, run: int) -> None:
        self.after_run = {number: copy for number, copy in self.after_run.items() if number <= run}
        self.copy = deepcopy(self.after_run[run])
        self._count_run()

    def set_price(self, key: OfferKey, price: OwnPrice) -> bool:
        if key not in self.copy.offers:
            return False
        self.newest_version += 1
        self.own_prices.setdefault(key, []).append(Override(self.newest_version, price=price))
        return True

    def set_text(self, sku: str, name: str, text: str | None) -> bool:
        if sku not in self.copy.products:
            return False
        self.newest_version += 1
        self.own_texts.setdefault((sku, name), []).append(Override(self.newest_version, text=text))
        return True

    def make_category(self, name: str) -> None:
        self.newest_version += 1
        self.own_categories[name] = [Override(self.newest_version, text=name)]

    def name_category(self, category: str, name: str | None) -> bool:
        """Call a category something else, unless it is called so already or there is none such."""
        if category not in self.copy.categories | set(self.own_categories):
            return False
        if (name or category) == self.category_name(category):
            return False
        self.newest_version += 1
        self.own_categories.setdefault(category, []).append(Override(self.newest_version, text=name or category))
        return True

    def category_name(self, category: str) -> str:
        """What the reseller calls a category."""
        values = self.own_categories.get(category)
        return values[-1].text or category if values else category

    def rows(self) -> dict[OfferKey, dict[str, object]]:
        """The catalogue as its users see it."""
        rows = {key: self._row(key, offer) for key, offer in self.copy.offers.items()}
        incomplete = [
            key for key, row in rows.items() if row["kind"] == "bundle" and not self._all_inside_published(key, rows)
        ]
        return {key: row | {"published": False} if key in incomplete else row for key, row in rows.items()}

    def displaced_by(self, *, sell_prices: bool, names: bool, watermark: int) -> tuple[int, int]:
        """How many own sell prices and names in force such an update would displace."""
        prices = [self._in_force(values) for values in self.own_prices.values()]
        texts = [self._in_force(values) for (_, name), values in self.own_texts.items() if name == "name"]
        return (
            sum(value is not None and value.version <= watermark for value in prices) if sell_prices else 0,
            sum(value is not None and value.version <= watermark for value in texts) if names else 0,
        )

    def own_in_force(self) -> tuple[int, int]:
        """How many own sell prices and names are in force."""
        prices = [self._in_force(values) for values in self.own_prices.values()]
        texts = [self._in_force(values) for (_, name), values in self.own_texts.items() if name == "name"]
        return sum(value is not None for value in prices), sum(value is not None for value in texts)

    def overrides(self, copy: Copy) -> dict[OfferKey, dict[str, Decimal | str | None]]:
        """The own prices, margins and names in force with what a copy has, by offer."""
        return {key: self._overrides(key, copy.displaced) for key in copy.offers}

    def own_fields_since(self, run: int) -> int:
        """How many fields the reseller set, or cleared, since a run."""
        histories = [*self.own_prices.values(), *self.own_texts.values(), *self.own_categories.values()]
        return sum(values[-1].version > self.version_at_run[run] for values in histories)

    def _count_run(self) -> None:
        self.newest_run += 1
        self.version_at_run[self.newest_run] = self.newest_version

    def _all_inside_published(self, bundle: OfferKey, alone: dict[OfferKey, dict[str, object]]) -> bool:
        inside, waiting = set[str](), [bundle.sku]
        while waiting:
            sku = waiting.pop()
            new = {key.related_sku for key in self.copy.relations if (key.kind, key.sku) == ("component", sku)} - inside
            inside |= new
            waiting += new
        return all(self._component_published(sku, bundle.unit, alone) for sku in inside)

    @staticmethod
    def _component_published(sku: str, unit: str, alone: dict[OfferKey, dict[str, object]]) -> bool:
        offered = [key for key, row in alone.items() if key.sku == sku and not row["discontinued"]]
        alike = [key for key in offered if key.unit == unit] or offered
        return any(alone[key]["published"] for key in alike)

    def _take_structure(self, content: Content) -> None:
        self.copy.categories |= {product.category for product in content.products.values() if product.category}
        for key, offer in content.offers.items():
            if key not in self.copy.offers:
                self._arrive(key, offer, content.products[key.sku])
        for key, copied in self.copy.offers.items():
            copied.discontinued = key not in content.offers
        self.copy.relations = dict(content.relations)

    def _arrive(self, key: OfferKey, offer: Offer, product: Product) -> None:
        self.copy.offers[key] = CopiedOffer(offer.price, offer.tiers, offer.recommended_sell_price, offer.active)
        if key.sku not in self.copy.products:
            self.copy.products[key.sku] = CopiedProduct(product, product.name)

    @staticmethod
    def _write_offer(copied: CopiedOffer, offer: Offer, *, full: bool, sell_prices: bool) -> None:
        copied.cost = offer.price
        copied.tiers = offer.tiers
        if sell_prices:
            copied.sell_price = offer.recommended_sell_price
        if full:
            copied.active = offer.active

    @staticmethod
    def _write_product(copied: CopiedProduct, product: Product, *, full: bool, names: bool) -> None:
        name = product.name if names else copied.now.name
        if full:
            copied.now = replace(product, category=copied.now.category)
            copied.list_name = product.name
        copied.now = replace(copied.now, name=name)

    def _displace(self, values: list[Override], watermark: int) -> None:
        self.copy.displaced |= {value.version for value in values if value.version <= watermark}

    def _overrides(self, key: OfferKey, displaced: set[int]) -> dict[str, Decimal | str | None]:
        price = self._in_force(self.own_prices.get(key, []), displaced)
        name = self._in_force(self.own_texts.get((key.sku, "name"), []), displaced)
        return {
            "sell_price": price.price.amount if price and price.price else None,
            "margin": price.price.margin if price and price.price else None,
            "name": name.text if name else None,
        }

    def _in_force(self, values: list[Override], displaced: set[int] | None = None) -> Override | None:
        if not values:
            return None
        newest = values[-1]
        empty = newest.text is None and newest.price in (None, OwnPrice())
        overwritten = newest.version in (self.copy.displaced if displaced is None else displaced)
        return None if empty or overwritten else newest

    def _own_text(self, sku: str, name: str) -> str | None:
        value = self._in_force(self.own_texts.get((sku, name), []))
        return value.text if value else None

    def _own_price(self, key: OfferKey) -> OwnPrice | None:
        value = self._in_force(self.own_prices.get(key, []))
        return value.price if value else None

    def _row(self, key: OfferKey, offer: CopiedOffer) -> dict[str, object]:
        product = self.copy.products[key.sku]
        category = self._own_text(key.sku, "category") or product.now.category
        own = self._own_price(key)
        needs_review = own is None and not offer.sell_price
        active = offer.active and product.now.active
        hidden = self._own_text(key.sku, "publication") == "hidden"
        return {
            "name": self._own_text(key.sku, "name") or product.now.name,
            "description": self._own_text(key.sku, "description") or product.now.description,
            "image": self._own_text(key.sku, "image"),
            "category": self.category_name(category) if category else None,
            "product_type": product.now.product_type,
            "charge_type": product.now.charge_type,
            "kind": product.now.kind,
            "cost": offer.cost,
            "tiers": offer.tiers,
            "sell_price": sell_price(offer, own),
            "active": active,
            "discontinued": offer.discontinued,
            "published": active and not offer.discontinued and not hidden and not needs_review,
            "needs_review": needs_review,
            "inherited_name": product.now.name,
            "inherited_description": product.now.description,
            "inherited_category": product.now.category,
            "inherited_sell_price": offer.sell_price,
            "list_name": product.list_name,
        }


def sell_price(offer: CopiedOffer, own: OwnPrice | None) -> Decimal | None:
    """What the reseller's customers pay."""
    if own is None:
        return offer.sell_price
    if own.margin is None:
        return own.amount
    exponent = offer.cost.normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    return (offer.cost / (1 - own.margin / 100)).quantize(Decimal(1).scaleb(min(-2, exponent)), ROUND_HALF_UP)
