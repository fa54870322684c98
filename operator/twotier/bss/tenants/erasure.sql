-- Isolated tables whose rows belong to an organization, and which of them refer to each.
with isolated as (
  select c.oid
  from pg_class c
  join pg_attribute a on a.attrelid = c.oid and a.attname = 'organization_id' and not a.attisdropped
  where c.relnamespace = 'twotier'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
    and c.relrowsecurity
)
select isolated.oid::regclass::text as name,
       array(select distinct f.conrelid::regclass::text
             from pg_constraint f
             where f.contype = 'f' and f.confrelid = isolated.oid and f.conrelid in (select oid from isolated)
            ) as referring
from isolated
order by name
