-- What the reseller calls the category that is known by a name.
select name
from (select name from category_override
      where organization_id = :organization_id and category = :category
      order by version desc limit 1) newest
where name is not null
