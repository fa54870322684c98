select p.*, l.name as price_list, a.last_number as tenant_newest, u.number as applied_as
from catalogue_plan p
join catalogue_assignment a on a.organization_id = p.organization_id
join price_list l on l.id = p.price_list_id
left join catalogue_update u on u.organization_id = p.organization_id and u.plan_id = p.id
where p.organization_id = :organization_id and p.id = :id
