-- The category that is shown under a name: by the reseller's own name for it, or else by the one it came down with.
with own as (
  select distinct on (category) category, name
  from category_override
  where organization_id = :organization_id
  order by category, version desc
)
select category from own where name = :name
union all
select c.category from tenant_categories c
where c.category = :name and not exists (select from own where own.category = c.category and own.name is not null)
limit 1
