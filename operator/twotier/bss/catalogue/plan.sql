select last_number, watermark, counted.*,
       relations_changed(pins, target) as relations,
       sell_prices_displaced(pins, target) as sell_prices_displaced,
       names_displaced(pins, target) as names_displaced
from (
  select p as pins, target, a.last_number, a.last_override as watermark
  from catalogue_assignment a
  join catalogue_pins p on p.organization_id = a.organization_id
  cross join lateral (
    select row(:price_list_id, :revision, :is_full, :sell_prices, :names, a.last_override)::catalogue_target as target) t
  where a.organization_id = :organization_id) given
cross join lateral count_changes(given.pins, given.target) counted
