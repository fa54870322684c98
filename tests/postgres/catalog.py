"""A database as PostgreSQL's catalog describes it, to compare two."""

from typing import Final

from tests.postgres.older import run

_PARTS: Final = (
    """
    select 'column', c.relname, row_number() over (partition by c.oid order by a.attnum), a.attname,
           format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated,
           a.attcollation::regcollation, pg_get_expr(d.adbin, d.adrelid)
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
    where c.relnamespace = 'twotier'::regnamespace and c.relkind in ('r', 'c')
    """,
    """
    select 'constraint', conrelid::regclass, conname, pg_get_constraintdef(oid)
    from pg_constraint where connamespace = 'twotier'::regnamespace
    """,
    "select 'index', indexdef from pg_indexes where schemaname = 'twotier'",
    """
    select 'statistics', pg_get_statisticsobjdef(oid)
    from pg_statistic_ext where stxnamespace = 'twotier'::regnamespace
    """,
    "select 'policy', * from pg_policies where schemaname = 'twotier'",
    """
    select 'relation', c.relname, c.relkind, pg_get_userbyid(c.relowner), c.relrowsecurity, c.relforcerowsecurity,
           c.reloptions, (select array_agg(acl::text order by acl::text) from unnest(c.relacl) acl),
           case when c.relkind = 'v' then pg_get_viewdef(c.oid) end
    from pg_class c where c.relnamespace = 'twotier'::regnamespace
    """,
    """
    select 'column grant', c.relname, a.attname,
           (select array_agg(acl::text order by acl::text) from unnest(a.attacl) acl)
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attacl is not null
    where c.relnamespace = 'twotier'::regnamespace
    """,
    """
    select 'routine', p.oid::regprocedure, pg_get_userbyid(p.proowner), pg_get_functiondef(p.oid),
           (select array_agg(acl::text order by acl::text) from unnest(p.proacl) acl)
    from pg_proc p where p.pronamespace = 'twotier'::regnamespace
    """,
    """
    select 'default grant', d.defaclrole::regrole, d.defaclobjtype,
           (select array_agg(acl::text order by acl::text) from unnest(d.defaclacl) acl)
    from pg_default_acl d
    """,
)


def described(url: str) -> list[str]:
    """Return everything that our schema has, rows apart, in one order."""
    return sorted(repr(row) for part in _PARTS for row in run(url, part))
