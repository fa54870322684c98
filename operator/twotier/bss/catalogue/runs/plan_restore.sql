select given.newest, given.watermark, given.price_list_id, given.revision, given.is_full, given.sell_prices, given.names,
       counted.*,
       (select count(*) from relations_changed(
          (pins).structure_list, (pins).structure_revision, (earlier).structure_list, (earlier).structure_revision)
       ) as relations,
       (select count(*) from own_prices_between(pins, (earlier).sell_watermark, (pins).sell_watermark)
       ) as sell_prices_brought_back,
       (select count(*) from own_names_between(pins, (earlier).names_watermark, (pins).names_watermark)
       ) as names_brought_back,
       own_values_since(pins, newest_override) as own_values_kept
from (
  select p as pins, q as earlier, p.as_of as newest, p.last_override as watermark, u.newest_override,
         u.price_list_id, u.revision, u.is_full, u.sell_prices, u.names
  from catalogue_pins p
  join catalogue_update u on u.organization_id = p.organization_id and u.number = :run and u.number <= p.current
  cross join lateral catalogue_pins_at(p.organization_id, u.number, p.last_override) q
  where p.organization_id = :organization_id and u.in_force) given
cross join lateral count_undone(given.pins, given.earlier) counted
