-- Several rows of one offer become one: it is the row with the lowest range, and the others are prices from a quantity on.
with ranged as (
  select part, line, sku, unit, tier_minimum, price, row_number() over (partition by sku, unit order by tier_minimum) as place
  from read_row
  where occurrence = 1
    and (sku, unit) in (select sku, unit from read_row where occurrence = 1 and tier_minimum > 1)
), tiers as (
  select sku, unit, array_agg(row(tier_minimum, price)::price_tier order by tier_minimum) as tiers
  from ranged
  where tier_minimum > 1
  group by sku, unit
)
update read_row r
set tiers = case when place = 1 then tiers.tiers else r.tiers end,
    occurrence = case when place = 1 then 1 else 0 end
from ranged join tiers using (sku, unit)
where r.part = ranged.part and r.line = ranged.line
