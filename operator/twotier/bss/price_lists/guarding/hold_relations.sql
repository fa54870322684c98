insert into held_relation (price_list_id, digest, kind, sku, related_sku, change, quantity)
select distinct cast(:price_list_id as integer), cast(:digest as text), kind, sku, related_sku, c.change, r.quantity
from changed_relation c
left join read_relation r using (kind, sku, related_sku)
on conflict do nothing
