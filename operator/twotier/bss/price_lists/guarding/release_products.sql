with held as (
  select * from held_product where price_list_id = :price_list_id and digest = :digest
), compared as (
  insert into changed_product (sku, change) select sku, change from held
)
insert into read_product (sku, name, description, category, product_type, charge_type, kind, active)
select sku, name, description, category, product_type, charge_type, kind, active from held where change <> 'removed'
