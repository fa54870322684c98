"""What several routes show, made from values of the BSS."""

from decimal import Decimal
from typing import Final

from twotier.bss.catalogue.reads import entries
from twotier.bss.catalogue.reads.pages import Tier
from twotier.bss.obstacle import Obstacle
from twotier.web.api import models

CHANGE_COLUMNS: Final = tuple(models.Changes().as_json())
"""Counts of changes, as columns of CSV."""


def sentence(obstacle: Obstacle | None) -> str | None:
    """Return an obstacle as a sentence; None if there is none."""
    return None if obstacle is None else f"{str(obstacle)[0].upper()}{str(obstacle)[1:]}."


def tiers(found: tuple[Tier, ...]) -> tuple[models.Tier, ...]:
    """Return tiers as the API shows them."""
    return tuple(models.Tier(minimum_quantity=tier.minimum_quantity, price=tier.price) for tier in found)


def flat_tiers(shown: tuple[models.Tier, ...]) -> str:
    """Return tiers as a cell of CSV, as price lists have them: 10=9.50;100=8.75."""
    return ";".join(f"{tier.minimum_quantity:f}={tier.price:f}" for tier in shown)


def flat(item: models.Shown) -> dict[str, object]:
    """Return the simple values of what is shown, by their names in JSON."""
    return {
        (field.alias or name): getattr(item, name)
        for name, field in type(item).model_fields.items()
        if not isinstance(getattr(item, name), tuple | models.Shown)
    }


def columns(shown: type[models.Shown], *without: str) -> tuple[str, ...]:
    """Return the names of fields in JSON, in their order, as columns of CSV."""
    return tuple(field.alias or name for name, field in shown.model_fields.items() if name not in without)


def value(found: entries.Value | None) -> models.Value:
    """Return a value of any field as the API shows it."""
    match found:
        case Decimal():
            return format(found, "f")
        case tuple():
            return tiers(found)
        case _:
            return found


def cell(shown: models.Value) -> object:
    """Return a value of any field as a cell of CSV."""
    return flat_tiers(shown) if isinstance(shown, tuple) else shown
