-- Rows of one offer with different ranges of quantity: each must follow the one before, or quantities between them have
-- no price, or two. Some sheets name the last quantity of a range, others the first one after it.
select part, line, 'tierMinimum' as property, 'tier-does-not-follow' as code, tier_minimum::text as given,
       'the one on line ' || line_before || ' ends at ' || maximum_before as other, count(*) over () as total
from (
  select part, line, tier_minimum,
         lag(tier_maximum) over (partition by sku, unit order by tier_minimum) as maximum_before,
         lag(line) over (partition by sku, unit order by tier_minimum) as line_before
  from read_row
  where occurrence = 1
    and (sku, unit) in (select sku, unit from read_row where occurrence = 1 and tier_minimum > 1)) ranged
where tier_minimum not in (maximum_before, maximum_before + 1)
order by part, line
limit :shown
