"""Who owns which property of an inherited product."""

from twotier.bss.reseller.ownership import MATRIX
from twotier.bss.reseller.rules import Rule
from twotier.web.api.models import OwnedProperty, Ownership
from twotier.web.api.routing import Router

router = Router(tags=["ownership"])


@router.get("/ownership")
def ownership() -> Ownership:
    """Return the ownership matrix: what a reseller may change in inherited products, and what it may not."""
    return Ownership(properties=tuple(_property(rule) for rule in MATRIX))


def _property(rule: Rule) -> OwnedProperty:
    return OwnedProperty(
        property=rule.key,
        title=rule.title,
        area=rule.area,
        owner=rule.owner.value,
        verdict=rule.verdict.value,
        comment=rule.comment,
        instead=rule.instead,
        basis=rule.basis,
        enforced_by=rule.enforced_by,
        source=rule.source,
    )
