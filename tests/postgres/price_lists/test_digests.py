"""The digest of a list is made of groups of products, of which an import reads only those that it changes."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from tests.postgres.price_lists.conftest import NOW, Import

from twotier.bss.database import Database
from twotier.bss.price_lists.declaring import PriceListDeclaration, declare_price_list
from twotier.bss.price_lists.importing import import_price_list
from twotier.bss.sheets.parsing import Part
from twotier.bss.sheets.presets.twotier import twotier

HEADER = "sku,unit,price,name,addOnOf\n"
LIST = HEADER + "".join(f"SKU-{number},month,{number},Product {number},\n" for number in range(600))
GROUP = text("select digest_group(:sku)")


def _fresh(database: Database, distributor: UUID, content: str) -> str:
    with database.transaction() as connection:
        fresh = declare_price_list(connection, distributor, PriceListDeclaration("fresh", "USD"), ids=uuid4)
        result = import_price_list(connection, fresh, [Part("list.csv", content.encode())], twotier(), now=NOW)
    assert result.head is not None
    return result.head.digest


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param(LIST.replace("SKU-7,month,7,", "SKU-7,month,8,"), id="a price"),
        pytest.param(LIST.replace(",Product 7,", ",Another name,"), id="a name"),
        pytest.param(LIST.replace(",Product 7,", ",Product 7,SKU-8"), id="a relation"),
        pytest.param(LIST + "SKU-7,year,70,Product 7,\n", id="one unit more"),
        pytest.param(LIST + "SKU-600,month,1,Product 600,\n", id="one product more"),
        pytest.param(LIST.replace("SKU-7,month,7,Product 7,\n", ""), id="one product less"),
        pytest.param(HEADER + "SKU-7,month,7,Product 7,\n", id="all products but one"),
    ],
)
def test_a_change_of_one_product_among_many_gives_the_digest_that_the_whole_content_has(
    changed: str, operator_database: Database, distributor: UUID, imported: Import
) -> None:
    before = imported(LIST.encode()).head.digest
    after = imported(changed.encode()).head.digest
    assert after != before
    assert after == _fresh(operator_database, distributor, changed)
    assert imported(LIST.encode()).head.digest == before


def test_groups_are_the_same_on_every_server(operator_database: Database) -> None:
    with operator_database.transaction() as connection:
        groups = [connection.execute(GROUP, {"sku": sku}).scalar_one() for sku in ("123456789", "Ä", "")]
    assert groups == [0x83, 0xD1, 0x00]
