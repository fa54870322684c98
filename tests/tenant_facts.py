"""What the database knows of a tenant who is not created yet: what tests change one thing of."""

from typing import Final
from uuid import UUID

from twotier.bss.organizations.distributor import Distributor
from twotier.bss.tenants.observing import TenantFacts

ROOT: Final = UUID(int=1)
OWN: Final = UUID(int=2)
OTHER: Final = UUID(int=3)
FACTS: Final = TenantFacts(
    distributor=Distributor(ROOT, "Northwind", "GR", "Europe/Athens", "EUR", "shops.example.com"),
    organization_id=None,
    phase=None,
    currency=None,
    as_declared=False,
    ever_active=False,
    has_credentials=False,
    credentials_rotation=None,
    address="contoso.shops.example.com",
    address_holder=None,
    holder_yields=False,
    challenge=None,
    country_known=True,
    price_list=None,
    required_platforms=frozenset(),
    lacks_taxes=False,
    lacks_payment_methods=False,
)
