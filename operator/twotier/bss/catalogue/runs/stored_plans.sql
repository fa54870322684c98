-- name: lock_catalogue
-- Keep a tenant's catalogue where it is until the transaction ends, and tell its newest run.
select last_number from catalogue_assignment where organization_id = :organization_id for update

-- name: find_target
-- The key of a list, and the digest of the content of one of its revisions.
select l.key, r.digest
from price_list_revision r
join price_list l on l.id = r.price_list_id
where r.price_list_id = :price_list_id and r.revision = :revision

-- name: is_of_another_tenant
-- Whether some other tenant has a plan of this id.
select exists (select from catalogue_plan where id = :id and organization_id <> :organization_id)

-- name: record_plan
-- Store a plan that is about to be shown, unless it is known.
insert into catalogue_plan (
  organization_id, id, newest, watermark, price_list_id, revision, target_digest, is_full, sell_prices, names, restored,
  changes, below_cost, unpriced, overrides_kept, planned_at
) values (
  :organization_id, :id, :newest, :watermark, :price_list_id, :revision, :target_digest, :is_full, :sell_prices, :names,
  :restored, cast(:changes as jsonb), :below_cost, :unpriced, :overrides_kept, :now
)
on conflict do nothing

-- name: find_plan
-- A plan of a tenant by its id, with where the tenant stands now.
select p.*, l.name as price_list, a.last_number as tenant_newest, u.number as applied_as
from catalogue_plan p
join catalogue_assignment a on a.organization_id = p.organization_id
join price_list l on l.id = p.price_list_id
left join catalogue_update u on u.organization_id = p.organization_id and u.plan_id = p.id
where p.organization_id = :organization_id and p.id = :id

-- name: list_plans
-- The plans of a tenant, the newest first; those planned at one time in the order of their ids, so that pages neither
-- repeat nor miss one.
select p.*, l.name as price_list, a.last_number as tenant_newest, u.number as applied_as
from catalogue_plan p
join catalogue_assignment a on a.organization_id = p.organization_id
join price_list l on l.id = p.price_list_id
left join catalogue_update u on u.organization_id = p.organization_id and u.plan_id = p.id
where p.organization_id = :organization_id
  and (cast(:live_only as boolean) is not true or p.newest = a.last_number)
  and (cast(:before_id as text) is null
       or (p.planned_at, p.id) < (select b.planned_at, b.id from catalogue_plan b
                                  where b.organization_id = :organization_id and b.id = :before_id))
order by p.planned_at desc, p.id desc
limit :limit
