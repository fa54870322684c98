insert into own_product
  (organization_id, sku, name, description, image, category, product_type, charge_type, published, changed_at)
values
  (:organization_id, :sku, :name, :description, :image, :category, :product_type, :charge_type, :published, :now)
on conflict do nothing
