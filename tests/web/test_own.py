"""What the API shows of what is a tenant's own."""

import csv
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from tests.web.shop import Shop

from twotier.bss.database import Database, Role
from twotier.bss.reseller.changes import change_offer, change_product
from twotier.bss.reseller.own_products import OwnOffer, OwnProduct, create, create_product_type, put_offer

MAIL, DISK = "MAIL,month,4.20,Mail,6.00,", "DISK,month,1.50,Disk,,"


@pytest.fixture
def reseller(shop: Shop) -> Iterator[Database]:
    """The shop's database, as the reseller's own sessions see it."""
    database = Database(
        shop.operator.engine.url.set(drivername="postgresql").render_as_string(hide_password=False), Role.API
    )
    yield database
    database.dispose()


@pytest.fixture
def contoso(shop: Shop, reseller: Database) -> UUID:
    """A tenant with two own products and three overrides; another tenant has neither."""
    shop.publish(MAIL, DISK)
    contoso = shop.tenant("R-contoso")
    shop.tenant("R-fabrikam")
    with reseller.tenant_transaction(contoso) as connection:
        create_product_type(connection, contoso, "storage")
        create(connection, contoso, OwnProduct("archive", "Archive", "storage"))
        create(connection, contoso, OwnProduct("backup/own", "Backup", "storage", published=True))
        put_offer(connection, contoso, OwnOffer("backup/own", "month", Decimal("9.50"), cost=Decimal(4)))
        put_offer(connection, contoso, OwnOffer("backup/own", "year", Decimal(95)))
        change_product(connection, contoso, "MAIL", {"name": "Post", "publication": "hidden"})
        change_offer(connection, contoso, "DISK", "month", {"margin": "20"})
    return contoso


ARCHIVE = {"sku": "archive", "name": "Archive", "productType": "storage", "chargeType": "recurring", "published": False}
BACKUP = {
    "sku": "backup/own",
    "name": "Backup",
    "productType": "storage",
    "chargeType": "recurring",
    "published": True,
}


@pytest.mark.usefixtures("contoso")
def test_own_products_are_shown_by_unit_page_by_page_and_as_csv(shop: Shop) -> None:
    products = [
        ARCHIVE,
        BACKUP | {"unit": "month", "sellPrice": "9.50", "cost": "4"},
        BACKUP | {"unit": "year", "sellPrice": "95"},
    ]
    assert shop.get("/tenants/R-contoso/own-products") == {"items": products}
    assert shop.pages("/tenants/R-contoso/own-products", limit=2) == [products[:2], products[2:]]
    streamed = shop.client.get(f"{shop.base}/tenants/R-contoso/own-products", params={"format": "csv"})
    assert [(row["sku"], row["unit"], row["sellPrice"]) for row in csv.DictReader(streamed.text.splitlines())] == [
        ("archive", "", ""),
        ("backup/own", "month", "9.50"),
        ("backup/own", "year", "95"),
    ]


@pytest.mark.usefixtures("contoso")
def test_overrides_are_shown_page_by_page(shop: Shop) -> None:
    values = shop.get("/tenants/R-contoso/overrides")["items"]
    assert [{name: value for name, value in override.items() if name != "setAt"} for override in values] == [
        {"sku": "DISK", "unit": "month", "property": "margin", "value": "20"},
        {"sku": "MAIL", "property": "name", "value": "Post"},
        {"sku": "MAIL", "property": "publication", "value": "hidden"},
    ]
    assert all(datetime.fromisoformat(override["setAt"]).utcoffset() == timedelta(0) for override in values)
    assert shop.pages("/tenants/R-contoso/overrides", limit=2) == [values[:2], values[2:]]


@pytest.mark.usefixtures("contoso")
@pytest.mark.parametrize("path", ["own-products", "overrides"])
def test_what_is_one_tenants_own_is_no_other_ones(path: str, shop: Shop) -> None:
    assert shop.get(f"/tenants/R-fabrikam/{path}") == {"items": []}
    assert shop.problem(f"/tenants/nobody/{path}")["status"] == 404
