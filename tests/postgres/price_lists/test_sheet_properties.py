"""What holds for any sequence of sheets: rows that are chosen make the list that a plain file of them makes."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID, uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection
from tests.postgres.price_lists.conftest import Imported

from twotier.bss.database import Database
from twotier.bss.price_lists.declaring import PriceListDeclaration, declare_price_list
from twotier.bss.price_lists.importing import import_price_list
from twotier.bss.sheets.format import Format, JsonLines, Property, mapping
from twotier.bss.sheets.parsing import Part
from twotier.bss.sheets.presets.twotier import twotier

NOW = datetime(2026, 8, 2, 12, tzinfo=UTC)
COLUMNS = ("Sku", "Term", "Plan", "Price", "Name", "Min", "Max", "Market", "From", "Until")
MAPPED = {
    Property.SKU: "{Sku}",
    Property.UNIT: "{Term}/{Plan}",
    Property.PRICE: "{Price}",
    Property.NAME: "{Name}",
    Property.TIER_MINIMUM: "{Min}",
    Property.TIER_MAXIMUM: "{Max}",
    Property.VALID_FROM: "{From}",
    Property.VALID_UNTIL: "{Until}",
}
FILTER = {"Market": frozenset({"DE"})}
SHEET = mapping(MAPPED, defaults={"Plan": "None"}, row_filter=FILTER)
LINES = mapping(MAPPED, defaults={"Plan": "None"}, row_filter=FILTER, notation=JsonLines())

Key = tuple[str, str]
Prices = Mapping[int, str]
"""Prices by the quantity that they begin at; the lowest is 1."""
Content = Mapping[Key, tuple[str, Prices]]

keys = st.tuples(st.sampled_from(["A", "B", "A B"]), st.sampled_from(["P1M", "P1Y"]))
amounts = st.sampled_from(["0", "1", "1.50", "2.000001"])
prices = st.dictionaries(st.sampled_from([10, 11, 100]), amounts, max_size=2).flatmap(
    lambda tiers: amounts.map(lambda price: {1: price, **tiers})
)
contents = st.dictionaries(keys, st.tuples(st.sampled_from(["", "Office"]), prices), min_size=1, max_size=5)

always = st.sampled_from(
    [("", ""), ("1753-01-01T00:00:00.0000000Z", "9999-11-30T00:00:00.0000000Z"), ("2026-08-02", "2026-08-02T12:00:01Z")]
)
never_now = st.sampled_from([("2026-08-03", ""), ("", "2026-08-01"), ("", "2026-08-02T12:00:00Z"), ("2999-01-01", "")])


@given(sequence=st.lists(contents, min_size=1, max_size=4), data=st.data())
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_sheet_makes_the_list_of_its_chosen_rows_whatever_was_there_before(
    sequence: Sequence[Content], data: st.DataObject, operator_database: Database, distributor: UUID
) -> None:
    with operator_database.engine.connect() as connection:
        changing = declare_price_list(connection, distributor, PriceListDeclaration("changing", "USD"), ids=uuid4)
        for number, content in enumerate(sequence):
            plain = declare_price_list(
                connection, distributor, PriceListDeclaration(f"plain {number}", "USD"), ids=uuid4
            )
            expected = _imported(connection, plain, _plain(content), twotier()).head
            rows = data.draw(_sheet(content))
            reached = _imported(connection, changing, _as_csv(rows), SHEET)
            assert reached.head.digest == expected.digest
            assert not _imported(connection, changing, _as_lines(rows), LINES).changed
        connection.rollback()


@st.composite
def _sheet(draw: st.DrawFn, content: Content) -> list[list[str]]:
    """The rows of some content in any order, between rows of other markets and of other times."""
    rows = []
    for (sku, term), (name, by_quantity) in content.items():
        quantities = sorted(by_quantity)
        for lowest, following in zip(quantities, [*quantities[1:], None], strict=True):
            minimum = draw(st.sampled_from(["", "0", "1"])) if lowest == 1 else str(lowest)
            maximum = draw(st.sampled_from(["", str(following - 1), str(following)])) if following else ""
            row = [sku, term, "", by_quantity[lowest], name, minimum, maximum, "DE"]
            rows.append([*row, *draw(always)])
            if draw(st.booleans()):
                rows.append([*row[:3], "free", *row[4:7], "AT", "", ""])
            if draw(st.booleans()):
                rows.append([*row[:3], "free", *row[4:], *draw(never_now)])
    return draw(st.permutations(rows))


def _plain(content: Content) -> bytes:
    rows = [
        (sku, f"{term}/None", by_quantity[1], name, ";".join(f"{at}={by_quantity[at]}" for at in by_quantity if at > 1))
        for (sku, term), (name, by_quantity) in content.items()
    ]
    return _written([("sku", "unit", "price", "name", "tiers"), *rows])


def _as_csv(rows: Sequence[Sequence[str]]) -> bytes:
    return _written([COLUMNS, *rows])


def _as_lines(rows: Sequence[Sequence[str]]) -> bytes:
    return "\n".join(json.dumps(dict(zip(COLUMNS, row, strict=True))) for row in rows).encode()


def _written(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def _imported(connection: Connection, price_list: int, content: bytes, format_: Format) -> Imported:
    result = import_price_list(connection, price_list, [Part("list", content)], format_, now=NOW)
    return Imported.of(result)
