-- Take the address if it is free, giving up the one the tenant had; tell who holds it then.
with holder as (
  select organization_id from storefront_address where host = :host
),
taken as (
  insert into storefront_address (host, organization_id)
  select cast(:host as text), cast(:organization_id as uuid)
  where not exists (select from holder)
  on conflict (organization_id) do update set host = excluded.host
  returning organization_id
)
select organization_id from taken union all select organization_id from holder
