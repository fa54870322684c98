-- name: list_categories
-- List a tenant's categories by name: those of the price lists that were applied to it, and its own.
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

-- name: find_category
-- Find the category that is shown under a name: by the reseller's own name for it, or else by the one it came down
-- with.
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

-- name: find_own_name
-- Find what the reseller calls a category.
select name
from (select name from category_override
      where organization_id = :organization_id and category = :category
      order by version desc limit 1) newest
where name is not null

-- name: is_inherited
-- Tell whether a category came down from the distributor.
select exists (select from tenant_categories where category = :category)

-- name: is_used
-- Tell whether the reseller put any product into a category.
select exists (
  select from (
    select distinct on (sku) value
    from product_override
    where organization_id = :organization_id and field = 'category'
    order by sku, version desc) newest
  where newest.value = :category
  union all
  select from own_product where organization_id = :organization_id and category = :category
)

-- name: lock_overrides
-- Keep other changes of the reseller apart from this one, and tell whether there is a catalogue yet.
select lock_overrides(:organization_id)

-- name: record_name
-- Record what the reseller calls a category; without a name, remove the one it had.
select set_category_name(:organization_id, :category, :name)
