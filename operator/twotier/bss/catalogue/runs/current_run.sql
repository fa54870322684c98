select u.number, u.is_full, u.revision, u.changes, u.plan_id, l.name as price_list, u.structure_revision
from catalogue_assignment a
join catalogue_update u on u.organization_id = a.organization_id and u.number = a.current
join price_list l on l.id = u.structure_list
where a.organization_id = :organization_id
