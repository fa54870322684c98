"""The matrix of owners and the database's grants say the same, so that no field is forgotten in either."""

import re

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError

from twotier.bss.catalogue.overrides import ProductField
from twotier.bss.catalogue.ownership import MATRIX
from twotier.bss.database import Database, Role

# ruff: noqa: S608 -- names of tables and columns come from the matrix

KEYS = frozenset(
    {
        "organization_id",
        "price_list_id",
        "from_revision",
        "to_revision",
        "version",
        "field",
        "recorded_at",
        "changed_at",
    }
)
"""Columns by which rows are found and ordered."""
KEYS_OF_THE_RESELLERS = frozenset(
    {
        "catalogue_assignment.last_override",
        "product_override.sku",
        "offer_override.sku",
        "offer_override.unit",
        "category_override.category",
        "own_product.sku",
        "own_offer.sku",
        "own_offer.unit",
    }
)
INHERITED = frozenset(column for rule in MATRIX for column in rule.inherited)
OWN = frozenset(column for rule in MATRIX for column in rule.own)

WRITABLE = text(
    "select c.relname || '.' || a.attname as name, a.attname "
    "from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped "
    "where c.relnamespace = 'twotier'::regnamespace and c.relkind in ('r', 'p') "
    "and (has_column_privilege(:role, c.oid, a.attnum, 'insert') "
    "     or has_column_privilege(:role, c.oid, a.attnum, 'update'))"
)
LISTED = text(
    "select c.relname || '.' || a.attname as name, a.attname "
    "from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped "
    "where c.oid in ('product'::regclass, 'offer'::regclass, 'product_relation'::regclass)"
)
FIELDS = text(
    "select pg_get_constraintdef(oid) from pg_constraint "
    "where conrelid = 'product_override'::regclass and pg_get_constraintdef(oid) like '%field = ANY%'"
)


def test_a_reseller_may_write_exactly_what_the_matrix_gives_him(engine: Engine) -> None:
    with engine.begin() as connection:
        writable = connection.execute(WRITABLE, {"role": Role.API}).all()
    assert {row.name for row in writable if row.attname not in KEYS} - KEYS_OF_THE_RESELLERS == OWN


def test_everything_that_comes_down_has_an_owner(engine: Engine) -> None:
    with engine.begin() as connection:
        listed = connection.execute(LISTED).all()
    assert {row.name for row in listed if row.attname not in KEYS} == INHERITED


def test_the_database_knows_the_fields_that_a_reseller_may_set(engine: Engine) -> None:
    with engine.begin() as connection:
        definition = connection.execute(FIELDS).scalar_one()
    assert set(re.findall(r"'([a-z]+)'", definition)) == set(ProductField)


@pytest.mark.parametrize("column", sorted(INHERITED))
def test_a_tenants_session_cannot_write_what_came_down(column: str, databases: dict[Role, Database]) -> None:
    table, name = column.split(".")
    with databases[Role.API].transaction() as connection, pytest.raises(ProgrammingError, match="permission denied"):
        connection.execute(text(f"update {table} set {name} = {name}"))


@pytest.mark.parametrize("table", sorted({column.split(".")[0] for column in INHERITED}))
@pytest.mark.parametrize("verb", ["insert into {} default values", "delete from {}"], ids=["add", "remove"])
def test_a_tenants_session_cannot(verb: str, table: str, databases: dict[Role, Database]) -> None:
    with databases[Role.API].transaction() as connection, pytest.raises(ProgrammingError, match="permission denied"):
        connection.execute(text(verb.format(table)))


@pytest.mark.parametrize("table", sorted({column.split(".")[0] for column in OWN if "override" in column}))
def test_values_of_the_resellers_own_are_appended_and_never_changed(
    table: str, databases: dict[Role, Database]
) -> None:
    for sql in (f"update {table} set version = version", f"delete from {table}"):
        with (
            databases[Role.API].transaction() as connection,
            pytest.raises(ProgrammingError, match="permission denied"),
        ):
            connection.execute(text(sql))
