"""How a TenantReseller reads in the terms of the BSS."""

from datetime import UTC, datetime
from typing import Any

import pytest

from twotier.bss.tenants.declaration import Account, Administrator, Edition, Storefront, TenantDeclaration
from twotier.kinds.price_list_assignment.declaration import PriceListAssignmentSpec
from twotier.kinds.tenant_reseller.declaration import TenantResellerSpec
from twotier.kinds.tenant_reseller.translate import tenant_of
from twotier.runtime.resource import Key, Resource

SMALLEST = {"distributor": "aegean", "account": {"number": "R-1", "name": "Contoso"}, "edition": "Basic"}
LARGEST = {
    "distributor": "aegean",
    "account": {
        "number": "R-1",
        "name": "Contoso",
        "email": "orders@contoso.example",
        "orderingEnabled": False,
        "address": {"street": "1 High St", "city": "Athens", "state": "Attica", "postalCode": "10563", "country": "GR"},
        "provisioningLinks": [{"platform": "OSS", "reference": "c-1"}],
    },
    "edition": "Premium",
    "language": "el",
    "timeZone": "Europe/Athens",
    "dateFormat": "dd/MM/yyyy",
    "administrator": {"email": "ada@contoso.example", "firstName": "Ada", "lastName": "L"},
    "separateInvoices": True,
    "billingDay": 15,
    "storefront": {"alias": "contoso", "branding": {"companyName": "Contoso", "primaryColor": "#1a73e8"}},
}


def given(*, suspended: bool = False, account: str = "R-1", **fields: Any) -> Resource[PriceListAssignmentSpec]:
    """An assignment of a list to the tenant."""
    return Resource(
        key=Key("PriceListAssignment", "shop", "contoso"),
        uid="1",
        generation=1,
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
        deleting=False,
        finalizers=frozenset(),
        status={"account": account},
        suspended=suspended,
        spec=PriceListAssignmentSpec.model_validate({"tenant": "contoso", "priceList": "retail"} | fields),
    )


@pytest.mark.parametrize(
    ("assignment", "remedy"),
    [
        pytest.param(given(approval="Never"), None, id="it does whatever its approval says"),
        pytest.param(
            given(suspended=True),
            "PriceListAssignment contoso is suspended: set its spec.suspend to false",
            id="not while it is suspended",
        ),
        pytest.param(
            given(restoreRun=3),
            "PriceListAssignment contoso is to restore run 3, and the tenant has no runs yet: "
            "remove its spec.restoreRun",
            id="not where a run is to be restored, because there was none",
        ),
        pytest.param(
            given(account="R-2"),
            "PriceListAssignment contoso was made for account R-2: declare this tenant with that account, or delete "
            "the assignment and declare it again for account R-1",
            id="not to another account than it was made for",
        ),
    ],
)
def test_whether_an_assignment_gives_a_first_catalogue(
    assignment: Resource[PriceListAssignmentSpec], remedy: str | None
) -> None:
    declared = tenant_of(TenantResellerSpec.model_validate(SMALLEST), assignment, None)
    assert declared.not_assigned_yet == remedy


def test_what_is_left_out_has_its_default() -> None:
    assert tenant_of(TenantResellerSpec.model_validate(SMALLEST), None, None) == TenantDeclaration(
        account=Account("R-1", "Contoso"), edition=Edition.BASIC, administrator=Administrator(None)
    )


def test_everything_that_is_declared_reaches_the_bss() -> None:
    declared = tenant_of(TenantResellerSpec.model_validate(LARGEST), given(revision=2), "TenantReseller shop/older")
    assert declared == TenantDeclaration(
        account=Account(
            "R-1",
            "Contoso",
            country="GR",
            ordering_enabled=False,
            email="orders@contoso.example",
            street="1 High St",
            city="Athens",
            state="Attica",
            postal_code="10563",
            links={"OSS": "c-1"},
        ),
        edition=Edition.PREMIUM,
        administrator=Administrator("ada@contoso.example", "Ada", "L"),
        language="el",
        time_zone="Europe/Athens",
        date_format="dd/MM/yyyy",
        separate_invoices=True,
        billing_day=15,
        storefront=Storefront("contoso", None, {"company_name": "Contoso", "primary_color": "#1a73e8"}),
        price_list="retail",
        revision=2,
        contested_by="TenantReseller shop/older",
    )
