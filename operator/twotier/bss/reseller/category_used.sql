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
