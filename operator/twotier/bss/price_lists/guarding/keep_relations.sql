-- Relations of products with a kept offer stay while the other product is there; what the source says goes first.
insert into read_relation (part, line, kind, sku, related_sku, quantity, given)
select 0, 0, r.kind, r.sku, r.related_sku, r.quantity, r.related_sku
from product_relation r
where r.price_list_id = :price_list_id and r.to_revision = 2147483647
  and r.sku in (select sku from kept_offer)
  and not exists (select from read_relation said
                  where said.kind = r.kind and said.sku = r.sku and said.related_sku = r.related_sku)
  and (exists (select from read_row target where target.sku = r.related_sku)
       or exists (select from staged_row target where target.sku = r.related_sku))
