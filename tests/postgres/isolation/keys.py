"""What keeps a distributor from moving to another database, found in the keys of PostgreSQL's catalog.

A distributor moves with its tenants, its price lists, and nothing else. So no foreign key may lead from one distributor
to another one, and no unique key may hold values that two distributors have to share out between them.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from sqlalchemy import Connection, Row, text

GLOBAL: Final = frozenset({"country", "country_state"})
"""Reference data that every database has."""

OF_ITS_ROOT: Final[Mapping[tuple[str, str], str]] = {
    (table, "price_list_revision"): "a tenant's catalogue follows lists of its distributor: the use cases look them up "
    "below its root, and a list's number is known to no one else"
    for table in ("catalogue_update", "catalogue_plan", "catalogue_attempt")
}
"""Foreign keys that lead from a tenant to its distributor without naming either, and why."""

SHARED: Final[Mapping[str, str]] = {
    "alembic_version_pkc": "of the database itself",
    "leadership_pkey": "of the database itself",
    "leadership_of_twotier_operator_pkey": "of the database itself",
    "loaded_routines_is_one_row": "of the database itself",
    "country_pkey": "the same in every database",
    "country_state_pkey": "the same in every database",
    "organization_pkey": "an organization, by an id that is made once for all databases",
    "organization_namespace_name_key": "a distributor, by its resource: a namespace belongs to one cell",
    "price_list_pkey": "a list, by the number that it has in this database alone and that a move gives anew",
    "price_list_key_key": "a list, by a key that is made once for all databases",
    "reserved_host_names_excl": "a host is unique in its cell; across cells DNS and Ingress guard it",
}
"""Unique keys that hold no organization, no list and no distributor, and why they may."""

OWNERS: Final = frozenset({"organization_id", "root_id", "price_list_id"})

_FOREIGN_KEYS: Final = """
select f.conname as name, f.conrelid::regclass::text as table, f.confrelid::regclass::text as target,
       array(select a.attname::text from unnest(f.conkey) with ordinality k(number, place)
             join pg_attribute a on a.attrelid = f.conrelid and a.attnum = k.number order by k.place) as columns,
       array(select a.attname::text from unnest(f.confkey) with ordinality k(number, place)
             join pg_attribute a on a.attrelid = f.confrelid and a.attnum = k.number order by k.place) as target_columns
from pg_constraint f
where f.connamespace = 'twotier'::regnamespace and f.contype = 'f'
order by 2, 1
"""
_UNIQUE_KEYS: Final = """
select i.indexrelid::regclass::text as name, i.indrelid::regclass::text as table,
       array(select a.attname::text from unnest(i.indkey[0:i.indnkeyatts - 1]) k(number)
             join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.number) as columns
from pg_index i
join pg_class c on c.oid = i.indrelid
where c.relnamespace = 'twotier'::regnamespace and (i.indisunique or i.indisexclusion)
order by 2, 1
"""
_COLUMNS: Final = """
select c.relname as table, array_agg(a.attname::text) as columns
from pg_class c
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where c.relnamespace = 'twotier'::regnamespace and c.relkind = 'r'
group by c.relname
"""


def faults(connection: Connection) -> list[str]:
    """Tell every key that ties distributors to each other, and every exception that is none, in sentences."""
    return [*_foreign_faults(connection), *_unique_faults(connection)]


def _foreign_faults(connection: Connection) -> Iterator[str]:
    columns = {row.table: frozenset(row.columns) for row in connection.execute(text(_COLUMNS))}
    excused = set(OF_ITS_ROOT)
    for key in connection.execute(text(_FOREIGN_KEYS)):
        if (key.table, key.target) in OF_ITS_ROOT:
            excused.discard((key.table, key.target))
        elif not _stays(key, columns):
            yield (
                f"foreign key {key.name} of {key.table} may lead to a row of another organization in {key.target}: "
                "name the organization or the list on both sides"
            )
    yield from (f"there is no foreign key from {table} to {target}" for table, target in sorted(excused))


def _stays(key: Row[*tuple[Any, ...]], columns: Mapping[str, Collection[str]]) -> bool:
    """Whether a foreign key cannot leave the distributor."""
    pairs = set(zip(key.columns, key.target_columns, strict=True))
    if key.target in GLOBAL:
        return True
    if key.target == "organization":
        return bool(pairs & {("organization_id", "id"), ("root_id", "id")})
    if "organization_id" in columns[key.target] and key.target != "price_list":
        return ("organization_id", "organization_id") in pairs
    of_a_list = "organization_id" not in columns[key.table]
    return of_a_list and bool(pairs & {("price_list_id", "price_list_id"), ("price_list_id", "id")})


def _unique_faults(connection: Connection) -> Iterator[str]:
    excused = set(SHARED)
    for key in connection.execute(text(_UNIQUE_KEYS)):
        if key.name in SHARED:
            excused.discard(key.name)
        elif not OWNERS & set(key.columns):
            yield (
                f"unique key {key.name} of {key.table} holds no organization, list or distributor: two of them could "
                "not have the same"
            )
    yield from (f"there is no unique key {name}" for name in sorted(excused))
