insert into held_product (price_list_id, digest, sku, change, name, description, category, product_type, charge_type, kind, active)
select :price_list_id, :digest, sku, c.change, r.name, r.description, r.category, r.product_type, r.charge_type, r.kind, r.active
from changed_product c
left join read_product r using (sku)
on conflict do nothing
