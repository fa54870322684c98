select given.newest, given.watermark, counted.*,
       (select count(*) from relations_changed(
          (pins).structure_list, (pins).structure_revision, (target).price_list_id, (target).revision)
        where (target).is_full) as relations,
       (select count(*) from own_prices_between(pins, (pins).sell_watermark, (target).watermark)
        where (target).sell_prices) as sell_prices_displaced,
       (select count(*) from own_names_between(pins, (pins).names_watermark, (target).watermark)
        where (target).names) as names_displaced
from (
  select p as pins, p.as_of as newest, p.last_override as watermark,
         row(:price_list_id, :revision, :is_full, :sell_prices, :names, p.last_override)::catalogue_target as target
  from catalogue_pins p
  where p.organization_id = :organization_id) given
cross join lateral count_changes(given.pins, given.target) counted
