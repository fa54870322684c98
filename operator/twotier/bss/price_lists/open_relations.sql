insert into product_relation (price_list_id, kind, sku, related_sku, from_revision, quantity)
select distinct cast(:price_list_id as integer), kind, sku, related_sku, cast(:revision as integer), quantity
from read_relation
join changed_relation c using (kind, sku, related_sku)
where c.change <> 'removed'
