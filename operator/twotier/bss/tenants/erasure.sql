-- name: lock_tenant
-- Find a tenant's organisation and keep it until it is erased; a root organisation is none.
select from organization where id = :organization_id and root_id is not null for update

-- name: list_isolated_tables
-- List the isolated tables whose rows belong to an organisation, and which of them refer to each.
with isolated as (
  select c.oid, c.relname
  from pg_class c
  join pg_attribute a on a.attrelid = c.oid and a.attname = 'organization_id' and not a.attisdropped
  where c.relnamespace = 'twotier'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
    and c.relrowsecurity
)
select isolated.relname as name,
       array(select distinct referring.relname
             from pg_constraint f
             join isolated referring on referring.oid = f.conrelid
             where f.contype = 'f' and f.confrelid = isolated.oid) as referring
from isolated
order by name

-- name: remove_organization
-- Remove an organisation of which there are no other rows any more.
delete from organization where id = :organization_id
