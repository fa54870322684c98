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
