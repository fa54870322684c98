update own_product
set name = :name, description = :description, image = :image, category = :category, charge_type = :charge_type,
    published = :published, changed_at = :now
where organization_id = :organization_id and sku = :sku and product_type = :product_type
