-- The newest value of the reseller's own for each property of an offer, and the run that displaced it.
select newest.field, newest.amount, newest.text, newest.recorded_at as set_at, (
  select min(e.number) from runs_of(p) e
  where (newest.field in ('sell_price', 'margin') and e.sell_prices or newest.field = 'name' and e.names)
    and e.override_watermark >= newest.version) as displaced_by
from catalogue_pins p
cross join lateral (
  (select case when v.margin_percent is null then 'sell_price' else 'margin' end as field, v.version,
          coalesce(v.margin_percent, v.sell_price) as amount, null as text, v.recorded_at
   from offer_override v
   where v.organization_id = p.organization_id and v.sku = :sku and v.unit = :unit
   order by v.version desc limit 1)
  union all
  (select distinct on (v.field) v.field, v.version, null,
          case when v.field = 'category' then category_name(p, v.value) else v.value end, v.recorded_at
   from product_override v
   where v.organization_id = p.organization_id and v.sku = :sku
   order by v.field, v.version desc)) newest
where p.organization_id = :organization_id and num_nonnulls(newest.amount, newest.text) > 0
