"""The least that each kind needs, what tests make of it, and what the API server adds to some answers."""

from collections.abc import Mapping
from typing import Any, Final

Spec = Mapping[str, Any]

DISTRIBUTOR: Final = {"displayName": "Aegean", "country": "GR", "timeZone": "Europe/Athens", "currency": "EUR"}
PRICE_LIST: Final = {"distributor": "aegean", "currency": "EUR", "source": {"inline": "sku,unit,name,price\n"}}
ACCOUNT: Final = {"number": "R-1001", "name": "Contoso"}
TENANT: Final = {"distributor": "aegean", "account": ACCOUNT, "edition": "Premium"}
ASSIGNMENT: Final = {"tenant": "contoso", "priceList": "licenses"}
COLUMNS: Final = {"sku": "{ProductId}:{SkuId}", "unit": "month", "name": "{Title}", "price": "{UnitPrice}"}
UNCHECKED: Final = (
    ", <nil>: Invalid value: null: some validation rules were not checked because the object was invalid; "
    "correct the existing errors to complete validation]"
)


def price_list(**fields: Any) -> Spec:
    return PRICE_LIST | fields


def tenant(**fields: Any) -> Spec:
    return TENANT | fields


def assignment(**fields: Any) -> Spec:
    return ASSIGNMENT | fields


def policy(**fields: Any) -> Spec:
    return {"tenant": "contoso", "mode": "Shadow"} | fields


def upgrade(**fields: Any) -> Spec:
    return {"tenant": "contoso", "account": "R-1001"} | fields
