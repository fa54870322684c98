"""The one list of resource kinds, in the order in which a distributor meets them.

Everything that concerns all kinds is derived from it: what the operator reconciles and watches, the generated
definitions and reference, and what the CLI knows. The CLI reads it at startup, so it imports declarations and
no reconcile.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from twotier.kinds.backorder_policy.declaration import DEFINITION as BACKORDER_POLICY
from twotier.kinds.describing import PLAIN, Description
from twotier.kinds.distributor.declaration import DEFINITION as DISTRIBUTOR
from twotier.kinds.distributor.describe import DESCRIPTION as DISTRIBUTOR_DESCRIPTION
from twotier.kinds.distributor.reasons import Reason as DistributorReason
from twotier.kinds.price_list.declaration import DEFINITION as PRICE_LIST
from twotier.kinds.price_list.describe import DESCRIPTION as PRICE_LIST_DESCRIPTION
from twotier.kinds.price_list.reasons import Reason as PriceListReason
from twotier.kinds.price_list_assignment.declaration import DEFINITION as PRICE_LIST_ASSIGNMENT
from twotier.kinds.price_list_assignment.describe import DESCRIPTION as PRICE_LIST_ASSIGNMENT_DESCRIPTION
from twotier.kinds.price_list_assignment.reasons import Reason as PriceListAssignmentReason
from twotier.kinds.reseller_upgrade.declaration import DEFINITION as RESELLER_UPGRADE
from twotier.kinds.schema.resource import Definition
from twotier.kinds.tenant_reseller.declaration import DEFINITION as TENANT_RESELLER
from twotier.kinds.tenant_reseller.describe import DESCRIPTION as TENANT_RESELLER_DESCRIPTION
from twotier.kinds.tenant_reseller.reasons import Reason as TenantResellerReason


@dataclass(frozen=True, slots=True)
class Registered:
    """A resource kind.

    Attributes:
        description: how its resources are described to people.
        reasons: of its conditions, in addition to those of every kind.
        has_effect: whether its folder has a reconcile. Resources of a kind without one may already be declared
            and are refused, never ignored.
    """

    definition: Definition
    description: Description[Any, Any] = PLAIN
    reasons: type[StrEnum] | None = None
    has_effect: bool = True

    @property
    def package(self) -> str:
        """Its folder, as Python imports it."""
        return self.definition.spec.__module__.rpartition(".")[0]


KINDS: Final = (
    Registered(DISTRIBUTOR, DISTRIBUTOR_DESCRIPTION, DistributorReason),
    Registered(PRICE_LIST, PRICE_LIST_DESCRIPTION, PriceListReason),
    Registered(TENANT_RESELLER, TENANT_RESELLER_DESCRIPTION, TenantResellerReason),
    Registered(PRICE_LIST_ASSIGNMENT, PRICE_LIST_ASSIGNMENT_DESCRIPTION, PriceListAssignmentReason),
    Registered(BACKORDER_POLICY, has_effect=False),
    Registered(RESELLER_UPGRADE, has_effect=False),
)
DEFINITIONS: Final = tuple(each.definition for each in KINDS)
