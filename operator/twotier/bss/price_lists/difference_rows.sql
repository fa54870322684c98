-- All that differs is found before the page is cut out of it: the planner would look a few rows up one by one, and there
-- may be very many before them.
with differing as materialized (
  select d.sku, d.unit, d.change, d.old_price, d.new_price
  from offer_differences(:price_list_id, :old, :new) d
  where (cast(:change as text) is null or d.change = :change)
    and (d.sku collate "C", d.unit collate "C") > (:after_sku, :after_unit)
), shown as (
  select * from differing
  order by sku collate "C", unit collate "C"
  limit cast(:limit as integer)
)
select d.sku, d.unit, p.name, d.change, d.old_price, d.new_price
from shown d
join product p on p.price_list_id = :price_list_id and p.sku = d.sku
  and case when d.change = 'removed' then :old else :new end between p.from_revision and p.to_revision - 1
order by d.sku collate "C", d.unit collate "C"
