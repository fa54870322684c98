insert into changed_relation
select coalesce(new.kind, old.kind), coalesce(new.sku, old.sku), coalesce(new.related_sku, old.related_sku),
       case when old.sku is null then 'added' when new.sku is null then 'removed' else 'other' end
from (select distinct kind, sku, related_sku, quantity from read_relation) new
full join (select * from product_relation
           where price_list_id = :price_list_id and to_revision = 2147483647
             and case when :many then sku in (select sku from affected_sku)
                  else sku = any (array(select sku from affected_sku)) end) old
  on old.kind = new.kind and old.sku = new.sku and old.related_sku = new.related_sku
where old.sku is null or new.sku is null or new.quantity is distinct from old.quantity
