select c.*, exists (
  select from suspect_offer s
  where not c.discontinued and s.price_list_id = p.structure_list and s.sku = c.sku and s.unit = c.unit) as suspect
from catalogue_pins p
cross join lateral inherited_lookup(p, :sku, :unit) i
cross join lateral with_overrides(p, i) c
where p.organization_id = :organization_id and i.sku is not null
