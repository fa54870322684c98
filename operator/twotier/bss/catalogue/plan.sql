select last_number, watermark, counted.*,
       relations_changed(pins, target) as relations,
       sell_prices_displaced(pins, target) as sell_prices_displaced,
       names_displaced(pins, target) as names_displaced
from (select p as pins, a.last_number, a.last_override as watermark,
             row(:price_list_id, :revision, :is_full, :sell_prices, :names, a.last_override)::catalogue_target as target
      from catalogue_assignment a
      join catalogue_pins p on p.organization_id = a.organization_id
      where a.organization_id = :organization_id) given
cross join lateral (
  select count(*) filter (where c.kind = 'added') as added,
         count(*) filter (where c.kind = 'returned') as returned,
         count(*) filter (where c.kind = 'discontinued') as discontinued,
         count(*) filter (where c.kind = 'changed') as changed,
         count(*) filter (where c.cost) as cost,
         count(*) filter (where c.tiers) as tiers,
         count(*) filter (where c.sell_price) as sell_price,
         count(*) filter (where c.name) as name,
         count(*) filter (where c.description) as description,
         count(*) filter (where c.activity) as activity,
         count(*) filter (where c.other) as other,
         count(*) filter (where c.below_cost) as below_cost,
         count(*) filter (where c.unpriced) as unpriced
  from catalogue_changes(given.pins, given.target) c) counted
