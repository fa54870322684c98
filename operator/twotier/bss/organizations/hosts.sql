-- name: find_host
-- Find the name that an organisation has.
select name from reserved_host where organization_id = :organization_id

-- name: is_taken
-- Tell whether a host, or a base domain above it, is somebody else's who would not lose it to a proof.
select exists (
  select from reserved_host
  where names @> (reverse(:host) || '.') and organization_id <> :organization_id
    and (is_base_domain or proved_at is not null)
)

-- name: reserve
-- Make a name an organisation's in the place of the one it has, or give that up; the table refuses what overlaps.
with declared as (
  select cast(:organization_id as uuid) as organization_id, cast(:name as text) as name,
         cast(:is_base_domain as boolean) as is_base_domain, cast(:proved_at as timestamptz) as proved_at
),
given_up as (
  delete from reserved_host r using declared d where r.organization_id = d.organization_id and d.name is null
)
insert into reserved_host (organization_id, name, is_base_domain, proved_at)
select d.organization_id, d.name, d.is_base_domain, d.proved_at
from declared d
where d.name is not null
  and not exists (select from reserved_host r where r.organization_id = d.organization_id and r.name = d.name)
on conflict (organization_id) do update
set name = excluded.name, is_base_domain = excluded.is_base_domain, proved_at = excluded.proved_at

-- name: take_from_unproved
-- Take a host from another tenant that has it without a proof.
delete from reserved_host
where name = :name and organization_id <> :organization_id and not is_base_domain and proved_at is null
