select coalesce(own.name, c.category) as name, c.category as inherited_name
from tenant_categories c
full join (
  select distinct on (category) category, name
  from category_override
  where organization_id = :organization_id
  order by category, version desc
) own using (category)
where coalesce(own.name, c.category) is not null
order by name
