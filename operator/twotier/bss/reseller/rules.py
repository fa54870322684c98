"""What a rule of ownership is made of; the rules themselves stand in `ownership.MATRIX`."""

from dataclasses import dataclass
from enum import StrEnum


class Owner(StrEnum):
    """Whose decision a property is."""

    DISTRIBUTOR = "distributor"
    RESELLER = "reseller"


class Verdict(StrEnum):
    """Whether the reseller may change it."""

    ALLOWED = "allowed"
    PARTLY = "partly"
    NOT_ALLOWED = "not allowed"


class Basis(StrEnum):
    """How well a rule is known."""

    DOCUMENTED = "documented"
    INFERRED = "inferred"
    DECIDED = "decided"
    """The sources are silent: what no rule gives to the reseller stays the distributor's."""


class Area(StrEnum):
    """What part of the catalogue a rule is about."""

    CONFIGURATION = "Catalogue configuration"
    PRODUCT_TYPES = "Product types"
    PRODUCTS = "Products and add-ons"


class Property(StrEnum):
    """What a rule is about, as programs name it: a property of an inherited product, or an action on one."""

    UNIT_GROUPS = "unitGroups"
    TIERS = "tiers"
    CATEGORY = "category"
    PRICE_GROUPS = "priceGroups"
    INDUSTRIES = "industries"
    UNITS_OF_MEASURE = "unitsOfMeasure"
    SERVICES_DEFINITION = "servicesDefinition"
    PRODUCT_TYPE_DELETION = "productTypeDeletion"
    PRODUCT_TYPE_OPTIONS = "productTypeOptions"
    PRODUCT_TYPE_IMAGE = "productTypeImage"
    PRODUCT_TYPE_RULES = "productTypeRules"
    STOREFRONT_OPTIONS = "storefrontOptions"
    CHARACTERISTICS = "characteristics"
    CHARACTERISTIC_VALUES = "characteristicValues"
    NEW_PLAN = "newPlan"
    OWN_PRODUCTS = "ownProducts"
    SELL_PRICE = "sellPrice"
    MARGIN = "margin"
    NAME = "name"
    DESCRIPTION = "description"
    IMAGE = "image"
    PUBLICATION = "publication"
    COST = "cost"
    SKU = "sku"
    PRODUCT_TYPE = "productType"
    CHARGE_TYPE = "chargeType"
    KIND = "kind"
    UNIT = "unit"
    ORIGIN = "origin"
    ACTIVE = "active"
    RELATIONS = "relations"
    BUNDLE_STRUCTURE = "bundleStructure"
    DELETION = "deletion"
    TERMS = "terms"


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the matrix.

    Attributes:
        key: the property as programs name it.
        title: the property in words for people.
        comment: what the rule means, in a sentence.
        instead: what a reseller that is refused can do; for a property that it owns, how it changes it.
        source: title of the page that the rule is from (domain.md sections 10 and 18.8).
        inherited: columns of the list's tables that the distributor's value is kept in.
        own: columns that functions write for a tenant's session.
    """

    key: Property
    title: str
    owner: Owner
    verdict: Verdict
    comment: str
    instead: str
    basis: Basis
    source: str
    inherited: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    area: Area = Area.PRODUCTS

    @property
    def enforced_by(self) -> str:
        """What sees to it, in words for people."""
        if self.own:
            return f"functions write {', '.join(self.own)} for a tenant's session, and its use case checks the value"
        if self.inherited:
            return f"a tenant's session has no right to write {', '.join(self.inherited)}, and its use case refuses"
        if self.verdict is Verdict.NOT_ALLOWED:
            return "its use case refuses, and there is nothing that a tenant's session could write"
        return "nothing yet: there is no such setting"
