"""Tenants with an edition, and lists to begin with."""

from uuid import UUID

from sqlalchemy import Connection, text
from tests.postgres.catalogue.plain_model import Content, Product
from tests.postgres.catalogue.sequences import described


def give_edition(connection: Connection, tenant_id: UUID, edition: str) -> None:
    """Make an organization a tenant of an edition."""
    connection.execute(
        text(
            "insert into tenant "
            "(organization_id, phase, edition, language, date_format, separate_invoices, billing_day) "
            "values (:id, 'Active', :edition, 'en', 'yyyy-MM-dd', false, 1)"
        ),
        {"id": tenant_id, "edition": edition},
    )


def in_categories(**categories: str) -> Content:
    """A revision of products by SKU, each in a category, of the product type "mail" and sold by the month."""
    contents = [
        described(sku, Product(name=sku, category=category, product_type="mail"), "month")
        for sku, category in categories.items()
    ]
    return Content(
        products={sku: product for content in contents for sku, product in content.products.items()},
        offers={key: offer for content in contents for key, offer in content.offers.items()},
    )
