"""How a Distributor is described to people."""

from collections.abc import Iterator
from typing import Final

from twotier.kinds.describing import Description, Pair
from twotier.kinds.distributor.declaration import DistributorSpec, DistributorStatus


def _declared(spec: DistributorSpec) -> Iterator[Pair]:
    yield "Name", spec.display_name
    yield "Country", f"{spec.country}, {spec.time_zone}"
    yield "Currency", spec.currency
    yield "Storefronts", f"below {spec.base_domain}" if spec.base_domain else ""


def _became(status: DistributorStatus) -> Iterator[Pair]:
    yield "Organization", str(status.organization_id or "not created yet")


DESCRIPTION: Final = Description(declared=_declared, became=_became)
