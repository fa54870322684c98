-- name: count_update
-- Count what an update would change in a tenant's catalogue; no row without a catalogue.
select given.newest, given.watermark, counted.*,
       (select count(*) from relations_changed(
          (pins).structure_list, (pins).structure_revision, (target).price_list_id, (target).revision)
        where (target).is_full) as relations,
       (select count(*) from price_overrides_between(pins, (pins).sell_watermark, (target).watermark)
        where (target).sell_prices) as sell_prices_displaced,
       (select count(*) from name_overrides_between(pins, (pins).names_watermark, (target).watermark)
        where (target).names) as names_displaced
from (
  select p as pins, p.as_of as newest, p.last_override as watermark,
         row(:price_list_id, :revision, :is_full, :sell_prices, :names, p.last_override)::catalogue_target as target
  from catalogue_pins p
  where p.organization_id = :organization_id) given
cross join lateral count_changes(given.pins, given.target) counted

-- name: count_undo
-- Count what an undo would change that restores a run; no row where the run is none that counts.
select given.newest, given.watermark, given.price_list_id, given.revision, given.is_full, given.sell_prices, given.names,
       counted.*,
       (select count(*) from relations_changed(
          (pins).structure_list, (pins).structure_revision, (earlier).structure_list, (earlier).structure_revision)
       ) as relations,
       (select count(*) from price_overrides_between(pins, (earlier).sell_watermark, (pins).sell_watermark)
       ) as sell_prices_brought_back,
       (select count(*) from name_overrides_between(pins, (earlier).names_watermark, (pins).names_watermark)
       ) as names_brought_back,
       overrides_since(pins, newest_override) as overrides_kept
from (
  select p as pins, q as earlier, p.as_of as newest, p.last_override as watermark, u.newest_override,
         u.price_list_id, u.revision, u.is_full, u.sell_prices, u.names
  from catalogue_pins p
  join catalogue_update u on u.organization_id = p.organization_id and u.number = :run and u.number <= p.current
  cross join lateral catalogue_pins_at(p.organization_id, u.number, p.last_override) q
  where p.organization_id = :organization_id and u.in_force) given
cross join lateral count_undone(given.pins, given.earlier) counted
