"""A row of each organization in every table, whatever its columns are."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from twotier.bss.database import Role

# ruff: noqa: S608 -- names of tables and columns come from the catalog


@dataclass(frozen=True)
class Owner:
    """An organization, and the mark that every text of its rows bears."""

    id: UUID
    root_id: UUID | None
    mark: str


ROOT: Final = Owner(UUID(int=1), None, "mark of the root")
OTHER_ROOT: Final = Owner(UUID(int=2), None, "mark of the other root")
TENANT: Final = Owner(UUID(int=3), ROOT.id, "mark of the tenant")
OTHER_TENANT: Final = Owner(UUID(int=4), ROOT.id, "mark of the other tenant")
OWNERS: Final = (ROOT, OTHER_ROOT, TENANT, OTHER_TENANT)

_TABLES: Final = """
select c.oid, c.oid::regclass::text as name
from pg_class c
where c.relnamespace = 'twotier'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
  and c.relname not in ('leadership', 'alembic_version', 'loaded_routines')
order by name
"""
_CONSTRAINTS: Final = """
select format('alter table %s drop constraint %I', conrelid::regclass, conname)
from pg_constraint where connamespace = 'twotier'::regnamespace and contype in ('c', 'f')
"""
_COLUMNS: Final = """
select a.attname as name, format_type(a.atttypid, null) as type, t.typcategory as category
from pg_attribute a join pg_type t on t.oid = a.atttypid
where a.attrelid = :table and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
order by a.attnum
"""


def fill(connection: Connection) -> None:
    """Give every table a row of each organization, and tenants, the reader and the writer every right to it.

    So the policies stand alone. Foreign keys and checks are put aside: a row need not make sense to be somebody's. A
    version of a price list's row is in every revision.

    Args:
        connection: a superuser's.
    """
    for drop in connection.execute(text(_CONSTRAINTS)).scalars().all():
        connection.execute(text(drop))
    tables = connection.execute(text(_TABLES)).all()
    connection.execute(text(f"truncate {', '.join(table.name for table in tables)}"))
    for table in tables:
        for number, owner in enumerate(OWNERS, start=1):
            _insert(connection, table.oid, table.name, number, owner)
        connection.execute(text(f"grant all on {table.name} to {Role.API}, {Role.READER}, {Role.WRITER}"))
    connection.execute(text(f"grant select on all tables in schema twotier to {', '.join(Role)}"))


def _insert(connection: Connection, oid: int, name: str, number: int, owner: Owner) -> None:
    columns = connection.execute(text(_COLUMNS), {"table": oid}).all()
    values = {column.name: _value(column.type, column.category, number, owner) for column in columns}
    if name == "organization":
        values |= {"id": owner.id, "root_id": owner.root_id}
    if "from_revision" in values:
        values |= {"from_revision": 0, "to_revision": 1000}
    if "organization_id" in values:
        values["organization_id"] = owner.id
    given = ", ".join(f"cast(:{column.name} as {column.type})" for column in columns)
    into = f"{name} ({', '.join(values)})"
    connection.execute(text(f"insert into {into} overriding system value values ({given})"), values)


def _value(type_: str, category: str, number: int, owner: Owner) -> object:
    """A value that no two organizations share where it can be helped."""
    by_category = {
        "S": chr(ord("A") + number) if type_ == "character" else owner.mark,
        "N": number,
        "D": f"2026-11-0{number}",
        "B": True,
        "A": "{}",
    }
    by_type = {
        "uuid": UUID(int=100 + number),
        "bytea": f"mark {number}".encode(),
        "jsonb": f'{{"mark": "{owner.mark}"}}',
    }
    try:
        return by_type.get(type_) or by_category[category]
    except KeyError:
        raise NotImplementedError(f"say here what a column of type {type_} ({category}) may hold") from None
