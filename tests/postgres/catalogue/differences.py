"""What changed between two plain copies, counted as a plan counts it."""

from typing import Final

from tests.postgres.catalogue.plain_model import Copy, OfferKey


def differences(before: Copy, after: Copy) -> dict[str, int]:
    """What changed between two copies, counted as a plan counts it."""
    common = [key for key in after.offers if key in before.offers]
    fields = {key: changed_fields(key, before, after) for key in common}
    left = {key for key in common if after.offers[key].discontinued and not before.offers[key].discontinued}
    back = {key for key in common if before.offers[key].discontinued and not after.offers[key].discontinued}
    relations = before.relations.keys() | after.relations.keys()
    return {
        "added": len(after.offers) - len(common),
        "removed": len(before.offers) - len(common),
        "returned": len(back),
        "discontinued": len(left),
        "changed": sum(bool(fields[key]) for key in common if key not in left | back),
        **{name: sum(name in changed for changed in fields.values()) for name in COUNTED},
        "relations": sum(before.relations.get(key, "none") != after.relations.get(key, "none") for key in relations),
    }


COUNTED: Final = ("cost", "tiers", "sell_price", "name", "description", "activity", "other")


def changed_fields(key: OfferKey, before: Copy, after: Copy) -> set[str]:
    """The fields of an offer that differ, among those that a plan counts."""

    def counted(copy: Copy) -> dict[str, object]:
        offer, product = copy.offers[key], copy.products[key.sku].now
        return {
            "cost": offer.cost,
            "tiers": offer.tiers,
            "sell_price": offer.sell_price,
            "name": product.name,
            "description": product.description,
            "activity": offer.active and product.active,
            "other": (product.product_type, product.charge_type, product.kind),
        }

    old, new = counted(before), counted(after)
    return {name for name in COUNTED if old[name] != new[name]}


def is_touched(key: OfferKey, before: Copy, after: Copy) -> bool:
    """Whether the offer changes: it comes, goes, or is another in a field that a plan counts."""
    if key not in before.offers or key not in after.offers:
        return True
    moved = before.offers[key].discontinued != after.offers[key].discontinued
    return moved or bool(changed_fields(key, before, after))
