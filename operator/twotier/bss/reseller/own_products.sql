-- name: create_product_type
-- Make a product type of the reseller's own, unless there is one of the name.
select create_own_product_type(:organization_id, :name)

-- name: has_product_type
-- Tell whether the reseller has a product type of its own of a name.
select exists (select from own_product_type where organization_id = :organization_id and name = :product_type)

-- name: has_products_of_type
-- Tell whether the reseller has products of a type of its own.
select exists (select from own_product where organization_id = :organization_id and product_type = :name)

-- name: remove_product_type
-- Remove a product type of the reseller's own.
delete from own_product_type where organization_id = :organization_id and name = :name

-- name: has_inherited_product_type
-- Tell whether a product type came down from the distributor.
select catalogue_has_product_type(:name)

-- name: has_inherited_offer
-- Tell whether an offer came down from the distributor, in any unit where none is given.
select catalogue_has(:sku, :unit)

-- name: find_edition
-- Find the edition of a tenant.
select edition from tenant where organization_id = :organization_id

-- name: create_product
-- Make a product of the reseller's own, unless it has one of the code.
select create_own_product(
  :organization_id, :sku, :name, :description, :image, :category, :product_type, :charge_type, :published)

-- name: change_product
-- Give a product of the reseller's own other values; its code and type stay.
select change_own_product(
  :organization_id, :sku, :name, :description, :image, :category, :product_type, :charge_type, :published)

-- name: publish_product
-- Show a product of the reseller's own in its storefront, or hide it.
select publish_own_product(:organization_id, :sku, :published)

-- name: remove_product
-- Remove a product of the reseller's own; its offers go with it.
delete from own_product where organization_id = :organization_id and sku = :sku

-- name: put_offer
-- Offer a product of the reseller's own in a unit, or change its prices there.
select put_own_offer(:organization_id, :sku, :unit, :sell_price, :cost)

-- name: remove_offer
-- Offer a product of the reseller's own in a unit no longer.
delete from own_offer where organization_id = :organization_id and sku = :sku and unit = :unit

-- name: list_products
-- List a page of the reseller's own products with their offers. A category is shown by the reseller's name for it.
select p.sku, o.unit, p.name, p.product_type, p.description, p.image,
       coalesce((select c.name from category_override c
                 where c.organization_id = p.organization_id and c.category = p.category
                 order by c.version desc limit 1), p.category) as category,
       p.charge_type, p.published, o.sell_price, o.cost
from own_product p
left join own_offer o on o.organization_id = p.organization_id and o.sku = p.sku
where p.organization_id = :organization_id and (p.sku, coalesce(o.unit, '')) > (:sku, :unit)
order by p.sku, o.unit
limit :limit
