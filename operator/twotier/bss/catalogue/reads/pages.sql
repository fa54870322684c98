-- name: find_offer
-- Find an offer in the tenant's catalogue, discontinued or not.
select * from catalogue_lookup(:sku, :unit)

-- name: list_by_sku
-- List a page of the offers in the tenant's catalogue, by SKU and unit.
select * from catalogue_page_by_sku(:sku, :unit, :limit)

-- name: list_by_name
-- List a page of the offers in the tenant's catalogue, by their names in the price list.
select * from catalogue_page_by_name(:name, :sku, :unit, :limit)

-- name: list_at_run
-- List a page of a tenant's catalogue as it was after a run, or as it is now, by SKU and unit; and tell of each offer
-- whether the price list's source lacks it at present.
select c.*, exists (
  select from suspect_offer s
  where not c.discontinued and s.price_list_id = p.structure_list and s.sku = c.sku and s.unit = c.unit) as suspect
from catalogue_assignment a
cross join lateral catalogue_pins_at(
  a.organization_id, coalesce(cast(:run as integer), a.last_number),
  case when cast(:run as integer) is null then a.last_override end) p
cross join lateral catalogue_page_at(p, :after_sku, :after_unit, :limit) c
where a.organization_id = :organization_id
order by c.sku, c.unit
