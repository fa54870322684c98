"""What an import does to a price list, beyond the counts."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, Row, text
from tests.postgres.price_lists.conftest import Imported

from twotier.bss.database import Database
from twotier.bss.price_lists.declaring import CurrencyChangedError, PriceListDeclaration, declare_price_list
from twotier.bss.price_lists.importing import import_price_list
from twotier.bss.price_lists.revisions import Change, Differences, compare, head
from twotier.bss.price_lists.staging.reading import FEW_PRODUCTS
from twotier.bss.sheets.faults import PriceListRefused
from twotier.bss.sheets.format import Property, mapping
from twotier.bss.sheets.parsing import Part
from twotier.bss.sheets.presets.twotier import twotier

NOW = datetime(2026, 8, 2, tzinfo=UTC)
FULL = b"""\
sku,unit,price,recommendedSellPrice,name,description,category,productType,chargeType,kind,active,tiers,addOnOf,upgradeTo,components
OFFICE,month,10,12.50,Office,Write and count,Work,Microsoft 365,recurring,product,true,10=9.50;100=8.75,,OFFICE-PLUS,
OFFICE,year,100,,Office,Write and count,Work,Microsoft 365,recurring,product,false,,,OFFICE-PLUS,
OFFICE-PLUS,month,15,,Office Plus,,Work,Microsoft 365,recurring,product,true,,,,
BACKUP,month,3,,Backup,,,,,,,,OFFICE;OFFICE-PLUS,,
SET,month,12,,Set,,,,,,,,,,OFFICE*1; BACKUP * 5
"""

Import = Callable[..., Imported]
Read = Callable[[int], Sequence[Row[Any]]]


def test_the_full_format_brings_products_tiers_and_relations(
    operator_database: Database, imported: Import, read_back: Read
) -> None:
    result = imported(FULL)
    assert (result.head.offers, result.head.products, result.changed) == (5, 4, True)
    rows = {(row.sku, row.unit): row for row in read_back(1)}
    office = rows["OFFICE", "month"]
    assert (office.price, office.recommended_sell_price) == (Decimal(10), Decimal("12.5"))
    assert office.tiers == '{"(10,9.5)","(100,8.75)"}'
    assert (office.name, office.description, office.category) == ("Office", "Write and count", "Work")
    assert (office.active, rows["OFFICE", "year"].active, office.product_active) == (True, False, True)
    assert [rows[sku, "month"].kind for sku in ("OFFICE", "BACKUP", "SET")] == ["product", "add-on", "bundle"]
    assert rows["BACKUP", "month"].charge_type == "recurring"
    with operator_database.transaction() as connection:
        relations = connection.execute(
            text("select kind, sku, related_sku, quantity from product_relation order by kind, sku, related_sku")
        ).all()
    assert [tuple(relation) for relation in relations] == [
        ("add-on", "BACKUP", "OFFICE", None),
        ("add-on", "BACKUP", "OFFICE-PLUS", None),
        ("component", "SET", "BACKUP", 5),
        ("component", "SET", "OFFICE", 1),
        ("upgrade", "OFFICE", "OFFICE-PLUS", None),
    ]
    assert not imported(FULL + b"\n").changed


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (b"true,10=9.50;100=8.75,,OFFICE-PLUS,\n", b"true,10=9.50;100=8.70,,OFFICE-PLUS,\n", Differences(0, 0, 0, 1)),
        (b"OFFICE;OFFICE-PLUS", b"OFFICE", Differences(0, 0, 0, 1)),
        (b"OFFICE*1", b"OFFICE*2", Differences(0, 0, 0, 1)),
        (b"OFFICE,month,10,12.50,", b"OFFICE,month,10,12.40,", Differences(0, 0, 0, 1)),
        (b"OFFICE,month,10,12.50,", b"OFFICE,month,11,12.40,", Differences(0, 0, 1, 0)),
        (b",false,", b",true,", Differences(0, 0, 0, 1)),
        (b"Write and count", b"Write", Differences(0, 0, 0, 2)),
        (b"SET,month,", b"SET,year,", Differences(1, 1, 0, 0)),
    ],
    ids=[
        "a tier of one offer",
        "a relation removed, of the product's one offer",
        "a quantity in a bundle",
        "a recommended sell price",
        "a price, whatever else changes with it",
        "activity of one offer",
        "a column of a product, for both of its offers",
        "another unit is another offer",
    ],
)
def test_an_offer_is_counted_by_what_changed(
    old: bytes,
    new: bytes,
    expected: Differences,
    *,
    operator_database: Database,
    price_list: int,
    imported: Import,
) -> None:
    assert FULL.count(old) == 1 or old == b"Write and count"
    imported(FULL)
    assert imported(FULL.replace(old, new)).head.differences == expected
    with operator_database.transaction() as connection:
        assert compare(connection, price_list, 1, 2).counts == expected
        back = Differences(expected.removed, expected.added, expected.price_changed, expected.other_changed)
        assert compare(connection, price_list, 2, 1).counts == back
        assert compare(connection, price_list, 2, 2).counts == Differences(0, 0, 0, 0)


def test_only_what_changed_is_written(operator_database: Database, imported: Import) -> None:
    imported(FULL)
    imported(FULL.replace(b"OFFICE-PLUS,month,15", b"OFFICE-PLUS,month,16"))
    with operator_database.transaction() as connection:
        versions = connection.execute(text("select (select count(*) from offer), (select count(*) from product)")).one()
    assert tuple(versions) == (6, 4)


@pytest.mark.parametrize("changed", [FEW_PRODUCTS, FEW_PRODUCTS + 1], ids=["few", "many"])
def test_products_that_stand_in_the_head_stay_however_many_others_change(
    changed: int, imported: Import, read_back: Read
) -> None:
    def content(price: int) -> bytes:
        rows = [f"SKU-{number},month,{price if number < changed else 1}" for number in range(2 * changed)]
        return "\n".join(["sku,unit,price", *rows]).encode()

    imported(content(1))
    assert imported(content(2)).head.differences == Differences(0, 0, changed, 0)
    assert sorted(row.price for row in read_back(2)) == [1] * changed + [2] * changed


def test_rows_of_one_product_that_disagree_about_it_are_settled_by_the_first_unit(
    imported: Import, read_back: Read
) -> None:
    imported(b"sku,unit,price,name\nOFFICE,year,100,Office (yearly)\nOFFICE,month,10,Office (monthly)\n")
    assert {row.name for row in read_back(1)} == {"Office (monthly)"}
    imported(b"sku,unit,price,name\nOFFICE,year,100,Office (yearly)\n")
    assert {row.name for row in read_back(2)} == {"Office (yearly)"}


def test_the_same_row_given_again_counts_once(imported: Import) -> None:
    content = b"sku,unit,price\nOFFICE,month,10\n"
    result = imported(content, content + b" OFFICE ,month,10.00\n")
    assert result.head.offers == 1


def test_the_same_key_is_refused_although_one_of_its_rows_stands_in_the_head(imported: Import) -> None:
    imported(b"sku,unit,price\nOFFICE,month,10\n")
    for again in (b"OFFICE,month,11\n", b" OFFICE,month,11\n", b"OFFICE, month,11\n"):
        with pytest.raises(PriceListRefused, match="stands already on line 2"):
            imported(b"sku,unit,price\nOFFICE,month,10\n" + again)


@pytest.mark.parametrize("again", ["1.5", "1.50", "01.500000", "15e-1", " 1.5 "])
def test_an_amount_is_the_same_however_it_is_written(again: str, imported: Import) -> None:
    content = "sku,unit,price,recommendedSellPrice\nA,month,1.5,1.5\nB,month,2,\n"
    first = imported(content.encode())
    same = imported(content.replace("1.5,1.5", f"{again},{again}").encode())
    assert (same.head, same.changed) == (first.head, False)


@pytest.mark.parametrize(
    ("again", "fault"),
    [
        ("1.5000000000000000000", "has more than 18 decimals"),
        ("1.5.0", "is not a number"),
        ("1_5e-1", "is not a number"),
    ],
)
def test_what_is_no_amount_is_refused_although_it_looks_like_the_one_in_the_head(
    again: str, fault: str, imported: Import
) -> None:
    imported(b"sku,unit,price\nA,month,1.5\n")
    with pytest.raises(PriceListRefused, match=fault):
        imported(f"sku,unit,price\nA,month,{again}\n".encode())


def test_a_markup_makes_the_recommended_sell_price_where_there_is_none(imported: Import, read_back: Read) -> None:
    content = b"sku,unit,price,recommendedSellPrice\nA,month,0.000008,\nB,month,10,11\n"
    marked_up = twotier(markup_percent=Decimal("12.5"))
    imported(content, format_=marked_up)
    assert [row.recommended_sell_price for row in read_back(1)] == [Decimal("0.000009"), Decimal(11)]
    assert not imported(content + b"\n", format_=marked_up).changed
    assert imported(content, format_=twotier(markup_percent=Decimal(50))).head.differences == Differences(0, 0, 0, 1)


def test_templates_defaults_and_constants_make_the_values_of_an_offer(imported: Import, read_back: Read) -> None:
    sheet = mapping(
        {
            Property.SKU: "{Product}:{Sku}",
            Property.UNIT: "{Term}/{Plan}",
            Property.PRICE: "{Price}",
            Property.NAME: "{Title}",
            Property.PRODUCT_TYPE: "Microsoft 365",
        },
        defaults={"Plan": "None"},
    )
    imported(b"Title,Product,Sku,Term,Plan,Price,Other\nOffice {0},CFQ7,0005,P1Y,,6.5e-05,x\n", format_=sheet)
    (row,) = read_back(1)
    assert (row.sku, row.unit, row.name) == ("CFQ7:0005", "P1Y/None", "Office {0}")
    assert (row.price, row.product_type) == (Decimal("0.000065"), "Microsoft 365")


def test_the_same_bytes_are_not_read_again_but_another_format_reads_them(
    operator_database: Database, imported: Import
) -> None:
    first = imported(FULL)
    with operator_database.transaction() as connection:
        connection.execute(text("update price_list_source set digest = digest || ' of another'"))
    again = imported(FULL)
    assert (again.head, again.changed) == (first.head, False)
    assert imported(FULL, format_=twotier(markup_percent=Decimal(10))).changed


def test_examples_of_what_changed_are_read_in_the_order_of_keys(
    operator_database: Database, price_list: int, imported: Import
) -> None:
    imported(b"sku,unit,price\n" + b"".join(b"OLD-%d,month,1\n" % number for number in range(5)))
    imported(b"sku,unit,price\n" + b"".join(b"NEW-%d,month,1\n" % number for number in range(5)) + b"OLD-4,month,2\n")
    with operator_database.transaction() as connection:
        difference = compare(connection, price_list, 1, 2)
        added = difference.examples(connection, Change.ADDED, 2)
        removed = difference.examples(connection, Change.REMOVED, 2)
        changed = difference.examples(connection, Change.PRICE_CHANGED, 2)
    assert [(offer.sku, offer.old_price, offer.new_price) for offer in (*added, *removed, *changed)] == [
        ("NEW-0", None, 1),
        ("NEW-1", None, 1),
        ("OLD-0", 1, None),
        ("OLD-1", 1, None),
        ("OLD-4", 1, 2),
    ]


def test_two_imports_at_once_are_serial(operator_database: Database, price_list: int, imported: Import) -> None:
    locked, other_waits = threading.Event(), threading.Event()
    contents = [b"sku,unit,price\nA,month,%d\n" % price for price in (1, 2)]

    def first() -> Imported:
        with operator_database.transaction() as connection:
            result = import_price_list(connection, price_list, [Part("first.csv", contents[0])], twotier(), now=NOW)
            locked.set()
            assert other_waits.wait(60)
            return Imported.of(result)

    with ThreadPoolExecutor(2) as threads:
        one = threads.submit(first)
        assert locked.wait(60)
        two = threads.submit(imported, contents[1])
        _wait_until_one_waits_for_a_lock(operator_database)
        other_waits.set()
        assert one.result(60).head.revision == 1
        assert two.result(60).head.revision == 2
    with operator_database.transaction() as connection:
        newest = head(connection, price_list)
    assert newest is not None
    assert newest.differences == Differences(0, 0, 1, 0)


def _wait_until_one_waits_for_a_lock(database: Database) -> None:
    for _ in range(600):
        with database.transaction() as connection:
            waiting = connection.execute(
                text("select count(*) from pg_locks where not granted and locktype in ('transactionid', 'tuple')")
            ).scalar_one()
            if waiting:
                return
            connection.execute(text("select pg_sleep(0.1)"))
    raise AssertionError("the second import never waited")


def test_a_rollback_leaves_nothing(operator_database: Database, price_list: int, imported: Import) -> None:
    with operator_database.engine.connect() as connection:
        assert import_price_list(connection, price_list, [Part("list.csv", FULL)], twotier(), now=NOW).changed
        connection.rollback()
    with operator_database.transaction() as connection:
        rows = connection.execute(
            text(
                "select (select count(*) from offer), (select count(*) from product), "
                "(select count(*) from product_relation), (select count(*) from price_list_revision)"
            )
        ).one()
        assert tuple(rows) == (0, 0, 0, 0)
        assert head(connection, price_list) is None
    assert imported(FULL).head.revision == 1


def test_a_declaration_is_repeatable_and_writes_only_differences(
    operator_database: Database, distributor: UUID
) -> None:
    declared = PriceListDeclaration("seasonal", "EUR", valid_from=date(2026, 1, 1))
    with operator_database.transaction() as connection:
        made = declare_price_list(connection, distributor, declared, ids=uuid4)
        before = _row_version(connection, made)
        assert declare_price_list(connection, distributor, declared, ids=uuid4) == made
        assert _row_version(connection, made) == before
        changed = PriceListDeclaration("seasonal", "EUR", active=False, valid_until=date(2026, 12, 31))
        assert declare_price_list(connection, distributor, changed, ids=uuid4) == made
        row = connection.execute(text("select * from price_list where id = :id"), {"id": made}).one()
    assert (row.active, row.valid_from, row.valid_until) == (False, None, date(2026, 12, 31))


def _row_version(connection: Connection, price_list: int) -> Any:
    return connection.execute(text("select ctid from price_list where id = :id"), {"id": price_list}).scalar_one()


def test_a_list_with_prices_keeps_its_currency(
    operator_database: Database, distributor: UUID, imported: Import
) -> None:
    euros = PriceListDeclaration("standard", "EUR")
    with operator_database.transaction() as connection:
        declare_price_list(connection, distributor, euros, ids=uuid4)
        declare_price_list(connection, distributor, PriceListDeclaration("standard", "USD"), ids=uuid4)
    imported(FULL)
    with pytest.raises(CurrencyChangedError, match="has prices in USD"), operator_database.transaction() as connection:
        declare_price_list(connection, distributor, euros, ids=uuid4)
