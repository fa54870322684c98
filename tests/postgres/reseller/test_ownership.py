"""The matrix of owners and the database's grants say the same, so that no field is forgotten in either."""

import re
from collections.abc import Iterable

from psycopg.errors import InsufficientPrivilege
from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError

from twotier.bss.database import Database, Role
from twotier.bss.reseller.overrides import ProductField
from twotier.bss.reseller.ownership import MATRIX

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
        "changed_by",
    }
)
"""Columns by which rows are found and ordered, and who set them and when."""
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


def test_functions_write_for_a_reseller_exactly_what_the_matrix_gives_it(engine: Engine) -> None:
    with engine.begin() as connection:
        writable = connection.execute(WRITABLE, {"role": Role.WRITER}).all()
    assert {row.name for row in writable if row.attname not in KEYS} - KEYS_OF_THE_RESELLERS == OWN


def test_a_tenants_session_writes_no_column_itself(engine: Engine) -> None:
    with engine.begin() as connection:
        assert connection.execute(WRITABLE, {"role": Role.API}).all() == []


def test_everything_that_comes_down_has_an_owner(engine: Engine) -> None:
    with engine.begin() as connection:
        listed = connection.execute(LISTED).all()
    assert {row.name for row in listed if row.attname not in KEYS} == INHERITED


def test_the_database_knows_the_fields_that_a_reseller_may_set(engine: Engine) -> None:
    with engine.begin() as connection:
        definition = connection.execute(FIELDS).scalar_one()
    assert set(re.findall(r"'([a-z]+)'", definition)) == set(ProductField)


def granted(database: Database, statements: Iterable[str]) -> list[str]:
    """The statements that a role may run; they are undone."""
    possible = []
    with database.transaction() as connection:
        for sql in statements:
            with connection.begin_nested() as attempt:
                try:
                    connection.execute(text(sql))
                    possible.append(sql)
                except ProgrammingError as error:
                    if not isinstance(error.orig, InsufficientPrivilege):
                        raise
                attempt.rollback()
    return possible


def test_a_tenants_session_cannot_write_what_came_down(databases: dict[Role, Database]) -> None:
    columns = [column.split(".") for column in sorted(INHERITED)]
    updates = [f"update {table} set {name} = {name}" for table, name in columns]
    others = [
        verb.format(table)
        for table in sorted({table for table, _ in columns})
        for verb in ("insert into {} default values", "delete from {}", "truncate {}")
    ]
    assert granted(databases[Role.API], updates + others) == []
    assert set(updates) - set(granted(databases[Role.OPERATOR], updates)) == set()


def test_values_of_the_resellers_own_are_appended_and_never_changed(databases: dict[Role, Database]) -> None:
    tables = sorted({column.split(".")[0] for column in OWN if "override" in column})
    changes = [sql for table in tables for sql in (f"update {table} set version = version", f"delete from {table}")]
    assert len(tables) == 3
    assert granted(databases[Role.API], changes) == []
