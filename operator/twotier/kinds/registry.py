"""All resource kinds, in the order in which a distributor meets them."""

from typing import Final

from twotier.kinds.backorder_policy.declaration import DEFINITION as BACKORDER_POLICY
from twotier.kinds.distributor.declaration import DEFINITION as DISTRIBUTOR
from twotier.kinds.price_list.declaration import DEFINITION as PRICE_LIST
from twotier.kinds.price_list_assignment.declaration import DEFINITION as PRICE_LIST_ASSIGNMENT
from twotier.kinds.reseller_upgrade.declaration import DEFINITION as RESELLER_UPGRADE
from twotier.kinds.schema.resource import Definition
from twotier.kinds.tenant_reseller.declaration import DEFINITION as TENANT_RESELLER

DEFINITIONS: Final[tuple[Definition, ...]] = (
    DISTRIBUTOR,
    PRICE_LIST,
    TENANT_RESELLER,
    PRICE_LIST_ASSIGNMENT,
    BACKORDER_POLICY,
    RESELLER_UPGRADE,
)
