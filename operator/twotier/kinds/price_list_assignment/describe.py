"""How people are told of a PriceListAssignment."""

from collections.abc import Iterator
from typing import Final

from twotier.kinds.describing import Description, Pair
from twotier.kinds.price_list_assignment.declaration import PriceListAssignmentSpec, PriceListAssignmentStatus
from twotier.words import short, with_options


def _declared(spec: PriceListAssignmentSpec) -> Iterator[Pair]:
    yield "Tenant", spec.tenant
    at = "its newest revision" if spec.revision is None else f"revision {spec.revision}"
    yield "Price list", f"{spec.price_list}, {at}"
    yield "Updates", with_options(spec.mode, sell_prices=spec.sell_prices, names=spec.names)
    yield "Approval", spec.approval
    yield "Approved plan", short(spec.approved_plan) if spec.approved_plan else ""
    yield "Restore run", "" if spec.restore_run is None else f"{spec.restore_run}: nothing newer is applied meanwhile"


def _became(status: PriceListAssignmentStatus) -> Iterator[Pair]:
    if status.run is None:
        yield "Catalogue", "none yet"
        return
    yield "Catalogue", f"{status.price_list}, revision {status.revision}"
    yield "Run", str(status.run)


DESCRIPTION: Final = Description(declared=_declared, became=_became)
