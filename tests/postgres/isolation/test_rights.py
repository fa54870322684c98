"""What each role may do to each table, column, view and routine: held by rights.txt, so that a change is looked at.

When the file is removed, the next run writes it anew and fails to say so.
"""

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, text

RIGHTS: Final = Path(__file__).parent / "rights.txt"

_GRANTS: Final = """
with granted as (
  select c.relname::text as object, cast(null as text) as column, a.grantee, a.privilege_type
  from pg_class c cross join lateral aclexplode(c.relacl) a
  where c.relnamespace = 'twotier'::regnamespace and c.relkind in ('r', 'p', 'v', 'S') and a.grantee <> c.relowner
  union all
  select c.relname::text, t.attname::text, a.grantee, a.privilege_type
  from pg_class c
  join pg_attribute t on t.attrelid = c.oid
  cross join lateral aclexplode(t.attacl) a
  where c.relnamespace = 'twotier'::regnamespace
  union all
  select p.oid::regprocedure::text, null, a.grantee, a.privilege_type
  from pg_proc p cross join lateral aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
  where p.pronamespace = 'twotier'::regnamespace and a.grantee <> p.proowner
  union all
  select 'schema ' || n.nspname, null, a.grantee, a.privilege_type
  from pg_namespace n cross join lateral aclexplode(n.nspacl) a
  where n.nspname = 'twotier' and a.grantee <> n.nspowner
), told as (
  select object, case grantee when 0 then 'everybody' else pg_get_userbyid(grantee) end as role,
         lower(privilege_type) || coalesce(' (' || string_agg("column", ', ' order by "column") || ')', '') as verb
  from granted
  group by object, grantee, privilege_type, "column" is null
)
select format('%s: %s: %s', role, object, string_agg(verb, ', ' order by verb))
from told
group by role, object
order by role collate "C", object collate "C"
"""


def test_every_right_is_one_that_was_agreed_on(owner: Connection) -> None:
    told = "".join(f"{line}\n" for line in owner.execute(text(_GRANTS)).scalars())
    known = RIGHTS.read_text(encoding="utf-8") if RIGHTS.exists() else ""
    if not known:
        RIGHTS.write_text(told, encoding="utf-8")
    assert told == known, "look at what changed; if it is meant, remove rights.txt and run this test"
