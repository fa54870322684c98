-- The newest first; those planned at one time in the order of their ids, so that pages neither repeat nor miss one.
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
