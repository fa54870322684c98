"""Who owns what of an inherited product: the one place that says what a reseller may change, and what not.

The use cases for resellers ask here, the database's grants agree with it (a test compares both), and people read it.
"""

from collections.abc import Collection
from dataclasses import replace
from typing import Final

from twotier.bss.reseller.rules import Area, Basis, Owner, Property, Rule, Verdict


class LockedFieldError(Exception):
    """The reseller may not change this: the message names the owner, and says what to do instead."""

    def __init__(self, rule: Rule, what: str) -> None:
        self.rule = rule
        super().__init__(f"{rule.title} of {what}: the owner is the {rule.owner}. {rule.comment} {rule.instead}")


class UnknownPropertyError(Exception):
    """What is to be changed has no such property."""

    def __init__(self, name: str, what: str, possible: Collection[Property]) -> None:
        super().__init__(f"{what} has no property {name!r}: what can be changed is {', '.join(sorted(possible))}")


def require_reseller(name: str, what: str) -> Rule:
    """Refuse a change that is not the reseller's to make.

    Args:
        name: of a property or action, as programs name it.
        what: it is to be changed of, in words: "product X-1".

    Returns:
        The rule that allows it.

    Raises:
        LockedFieldError: it belongs to the distributor.
        UnknownPropertyError: the matrix has no such property.
    """
    for rule in MATRIX:
        if rule.key == name:
            if rule.owner is Owner.DISTRIBUTOR:
                raise LockedFieldError(rule, what)
            return rule
    raise UnknownPropertyError(name, what, [rule.key for rule in MATRIX if rule.own])


ALLOWED_ACTIONS: Final = "What Actions are Allowed to Reseller"
BUNDLES: Final = "Bundles and Tenant Resellers"
TRAINING: Final = "Training your Tenant Resellers"


def _locked(
    key: Property,
    title: str,
    basis: Basis,
    comment: str,
    instead: str,
    *,
    source: str = ALLOWED_ACTIONS,
    inherited: tuple[str, ...] = (),
) -> Rule:
    return Rule(key, title, Owner.DISTRIBUTOR, Verdict.NOT_ALLOWED, comment, instead, basis, source, inherited)


def _partly(key: Property, title: str, basis: Basis, comment: str, instead: str) -> Rule:
    return Rule(key, title, Owner.DISTRIBUTOR, Verdict.PARTLY, comment, instead, basis, ALLOWED_ACTIONS)


def _own(
    key: Property,
    title: str,
    basis: Basis,
    comment: str,
    instead: str,
    *,
    source: str = ALLOWED_ACTIONS,
    inherited: tuple[str, ...] = (),
    own: tuple[str, ...] = (),
) -> Rule:
    return Rule(key, title, Owner.RESELLER, Verdict.ALLOWED, comment, instead, basis, source, inherited, own)


def _in(area: Area, *rules: Rule) -> tuple[Rule, ...]:
    return tuple(replace(rule, area=area) for rule in rules)


MATRIX: Final[tuple[Rule, ...]] = (
    *_in(
        Area.CONFIGURATION,
        _locked(
            Property.UNIT_GROUPS,
            "Unit groups",
            Basis.DOCUMENTED,
            "Inherited unit groups are locked.",
            "Ask the distributor to change them.",
        ),
        _locked(
            Property.TIERS,
            "Volume discounts",
            Basis.DOCUMENTED,
            "Inherited volume discounts are locked; each update writes them with the cost.",
            "Set a sell price or a margin.",
            inherited=("offer.tiers",),
        ),
        _own(
            Property.CATEGORY,
            "Category",
            Basis.DOCUMENTED,
            "The reseller rearranges the copied ones; an update sets a product's category only when it arrives.",
            "Rename a copied category, create one, or move a product to another one.",
            inherited=("product.category",),
            own=("product_override.value", "category_override.name"),
        ),
        _own(
            Property.PRICE_GROUPS,
            "Price groups",
            Basis.DOCUMENTED,
            "The reseller may change all of them.",
            "Change them in your own system.",
        ),
        _own(
            Property.INDUSTRIES,
            "Industries",
            Basis.DOCUMENTED,
            "The reseller may change all of them.",
            "Change them in your own system.",
        ),
        _own(
            Property.UNITS_OF_MEASURE,
            "Units of measure",
            Basis.DOCUMENTED,
            "The reseller may change all of them.",
            "Change them in your own system.",
        ),
    ),
    *_in(
        Area.PRODUCT_TYPES,
        _locked(
            Property.SERVICES_DEFINITION,
            "Services definition",
            Basis.DOCUMENTED,
            "The distributor reads the vendor's services, and adds them to its price list.",
            "Wait for the next update, or ask the distributor for one.",
        ),
        _locked(
            Property.PRODUCT_TYPE_DELETION,
            "Deletion",
            Basis.DOCUMENTED,
            "An inherited product type stays.",
            "Hide its products: set their publication to hidden.",
        ),
        _locked(
            Property.PRODUCT_TYPE_OPTIONS,
            "Options",
            Basis.DOCUMENTED,
            "Automatic cancellation and downgrade, the quantity limit and one subscription per product are locked.",
            "Ask the distributor to change them.",
        ),
        _own(
            Property.PRODUCT_TYPE_IMAGE,
            "Image",
            Basis.INFERRED,
            "It is part of how the reseller presents itself.",
            "Set the image of the products.",
        ),
        _partly(
            Property.PRODUCT_TYPE_RULES,
            "Rules",
            Basis.DOCUMENTED,
            "Inherited rules cannot be edited; the reseller can add rules.",
            "Ask the distributor to change an inherited rule.",
        ),
        _own(
            Property.STOREFRONT_OPTIONS,
            "Storefront options",
            Basis.DOCUMENTED,
            "The reseller decides which properties its storefront shows.",
            "Change them in your own storefront.",
        ),
        _partly(
            Property.CHARACTERISTICS,
            "Characteristics",
            Basis.DOCUMENTED,
            "They may be renamed, and the reseller may add its own; everything else of an inherited one is locked.",
            "Ask the distributor to change an inherited one.",
        ),
        _locked(
            Property.CHARACTERISTIC_VALUES,
            "Drop-down values",
            Basis.DECIDED,
            "Multiple-selection values too: everything of an inherited characteristic but its name is locked.",
            "Ask the distributor to change them.",
        ),
    ),
    *_in(
        Area.PRODUCTS,
        _locked(
            Property.NEW_PLAN,
            "New products",
            Basis.DOCUMENTED,
            "A reseller sells only what the distributor offers of an inherited product type.",
            "Ask the distributor to offer it, or make a product of a product type of your own.",
        ),
        _own(
            Property.OWN_PRODUCTS,
            "Own products",
            Basis.DOCUMENTED,
            "With the Premium edition, of the reseller's own product types; no update changes them.",
            "Make a product type of your own, and products of it.",
            source=TRAINING,
            own=(
                "own_product_type.name",
                "own_product.name",
                "own_product.description",
                "own_product.image",
                "own_product.category",
                "own_product.product_type",
                "own_product.charge_type",
                "own_product.published",
                "own_offer.cost",
                "own_offer.sell_price",
            ),
        ),
        _own(
            Property.SELL_PRICE,
            "Sell price",
            Basis.INFERRED,
            "An update leaves it alone unless it includes sell prices.",
            "Set a price for the unit, or a margin.",
            inherited=("offer.recommended_sell_price",),
            own=("offer_override.sell_price",),
        ),
        _own(
            Property.MARGIN,
            "Margin",
            Basis.INFERRED,
            "A percentage of the sell price, over the current cost; used in place of a sell price.",
            "Set a margin below 100 per cent, or a sell price.",
            own=("offer_override.margin_percent",),
        ),
        _own(
            Property.NAME,
            "Name",
            Basis.INFERRED,
            "An update leaves it alone unless it includes names.",
            "Set a name for the product.",
            inherited=("product.name",),
            own=("product_override.value",),
        ),
        _own(
            Property.DESCRIPTION,
            "Description",
            Basis.DOCUMENTED,
            "Resellers may rebrand and enrich the marketing content.",
            "Set a description for the product.",
            source=TRAINING,
            inherited=("product.description",),
            own=("product_override.value",),
        ),
        _own(
            Property.IMAGE,
            "Image",
            Basis.INFERRED,
            "It is part of the marketing content.",
            "Set an image for the product.",
            own=("product_override.value",),
        ),
        _own(
            Property.PUBLICATION,
            "Publication",
            Basis.INFERRED,
            "The reseller may hide what the distributor offers, but cannot show what the distributor does not.",
            "Set the publication to published or hidden.",
            own=("product_override.value",),
        ),
        _locked(
            Property.COST,
            "Purchase price",
            Basis.INFERRED,
            "Each update writes it: it is the price in the distributor's list.",
            "Set a sell price or a margin of your own, or ask the distributor for another price.",
            inherited=("offer.price",),
        ),
        _locked(
            Property.SKU,
            "Code",
            Basis.INFERRED,
            "It identifies the distributor's product.",
            "Set another name for the product.",
            inherited=(
                "product.sku",
                "offer.sku",
            ),
        ),
        _locked(
            Property.PRODUCT_TYPE,
            "Product type",
            Basis.INFERRED,
            "It determines which service provisions the product.",
            "Make a product of a product type of your own.",
            inherited=("product.product_type",),
        ),
        _locked(
            Property.CHARGE_TYPE,
            "Charge type",
            Basis.INFERRED,
            "It says how the distributor charges for the product.",
            "Ask the distributor to change it.",
            inherited=("product.charge_type",),
        ),
        _locked(
            Property.KIND,
            "Kind",
            Basis.INFERRED,
            "The distributor's list says whether it is a product, an add-on or a bundle.",
            "Ask the distributor to change it.",
            inherited=("product.kind",),
        ),
        _locked(
            Property.UNIT,
            "Units",
            Basis.INFERRED,
            "A product is sold in the units that the distributor's list has for it.",
            "Ask the distributor to offer the unit.",
            inherited=("offer.unit",),
        ),
        _locked(
            Property.ORIGIN,
            "Origin link",
            Basis.INFERRED,
            "It leads to the distributor's product, and is how updates find this one.",
            "Make a product of your own.",
        ),
        _locked(
            Property.ACTIVE,
            "Activation",
            Basis.INFERRED,
            "What the distributor activates or de-activates is so here as well.",
            "Set the publication of the product to published or hidden.",
            inherited=(
                "product.active",
                "offer.active",
            ),
        ),
        _locked(
            Property.RELATIONS,
            "Add-ons and upgrade paths",
            Basis.DECIDED,
            "Each full update writes the relations of inherited products.",
            "Ask the distributor to relate the products in its list.",
            inherited=(
                "product_relation.kind",
                "product_relation.sku",
                "product_relation.related_sku",
            ),
        ),
        _locked(
            Property.BUNDLE_STRUCTURE,
            "Price structure",
            Basis.DOCUMENTED,
            "The prices of a bundle's components follow from their ratio in the distributor's bundle.",
            "Set the sell price of the bundle.",
            source=BUNDLES,
            inherited=("product_relation.quantity",),
        ),
        _locked(
            Property.DELETION,
            "Deletion",
            Basis.INFERRED,
            "An inherited product stays as long as the distributor offers it.",
            "Hide it: set its publication to hidden.",
        ),
        _locked(
            Property.TERMS,
            "Other terms",
            Basis.DECIDED,
            "Trial, billing day, price protection: what no rule gives to the reseller belongs to the distributor.",
            "Ask the distributor to change them.",
        ),
    ),
)
"""Who owns what of inherited products (domain.md section 10, and section 18.8 for bundles), area by area."""
