-- name: observe_assignment
-- One row of what an assignment connects: the tenant by its account, and the list by its name.
select
  tenant.organization_id,
  tenant.phase,
  tenant.currency,
  l.id as price_list_id,
  l.currency as price_list_currency,
  l.head_revision,
  exists (
    select from price_list_revision r
    where r.price_list_id = l.id and r.revision = coalesce(cast(:pinned as integer), l.head_revision)
  ) as has_revision
from organization root
left join lateral (
  select t.organization_id, t.phase, o.currency
  from organization o
  join tenant t on t.organization_id = o.id
  where o.root_id = root.id and o.account_number = :account_number
) tenant on true
left join price_list l on l.organization_id = root.id and l.name = :price_list
where root.namespace = :namespace and root.name = :distributor
