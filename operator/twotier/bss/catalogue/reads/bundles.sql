-- name: list_components
-- List the components of a bundle in the tenant's catalogue, each with its part of the price.
select sku, quantity, price from catalogue_bundle(:sku, :unit)
