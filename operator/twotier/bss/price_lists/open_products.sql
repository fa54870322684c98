insert into product (price_list_id, sku, from_revision, name, description, category, product_type, charge_type, kind, active)
select :price_list_id, sku, :revision, name, description, category, product_type, charge_type, kind, active
from read_product
join changed_product c using (sku)
where c.change <> 'removed'
