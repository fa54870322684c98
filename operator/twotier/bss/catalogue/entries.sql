select c.*
from catalogue_assignment a
join catalogue_pins p on p.organization_id = a.organization_id
cross join lateral first_changes(
  p, row(:price_list_id, :revision, :is_full, :sell_prices, :names, a.last_override)::catalogue_target, :limit) c
where a.organization_id = :organization_id
order by c.sku, c.unit
