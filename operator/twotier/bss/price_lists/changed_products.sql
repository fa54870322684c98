insert into changed_product
select coalesce(new.sku, old.sku), case when old.sku is null then 'added' when new.sku is null then 'removed' else 'other' end
from read_product new
full join (select * from product
           where price_list_id = :price_list_id and to_revision = 2147483647
             and case when :many then sku in (select sku from affected_sku)
                  else sku = any (array(select sku from affected_sku)) end) old on old.sku = new.sku
where old.sku is null or new.sku is null or new.active <> old.active
   or new.name <> old.name or new.charge_type <> old.charge_type or new.kind <> old.kind
   or new.description is distinct from old.description
   or new.category is distinct from old.category
   or new.product_type is distinct from old.product_type
