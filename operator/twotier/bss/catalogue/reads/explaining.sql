-- name: find_offer
-- Find an offer in a tenant's catalogue, and tell whether the price list's source lacks it at present.
select c.*, exists (
  select from suspect_offer s
  where not c.discontinued and s.price_list_id = p.structure_list and s.sku = c.sku and s.unit = c.unit) as suspect
from catalogue_pins p
cross join lateral inherited_lookup(p, :sku, :unit) i
cross join lateral with_overrides(p, i) c
where p.organization_id = :organization_id and i.sku is not null

-- name: find_origins
-- Find which run wrote each part of an offer, and since which revision the list has it as that run saw it.
with seen_offer as (
  select e.number, e.is_full, e.sell_prices, x.from_revision,
         min(e.number) filter (where e.is_full) over () as arrival
  from catalogue_pins p
  cross join lateral runs_of(p) e
  join offer x on covers(x.price_list_id, x.from_revision, x.to_revision, e.price_list_id, e.revision)
  where p.organization_id = :organization_id and x.sku = :sku and x.unit = :unit
), seen_product as (
  select e.number, e.is_full, e.names, x.from_revision,
         min(e.number) filter (where e.is_full) over () as arrival
  from catalogue_pins p
  cross join lateral runs_of(p) e
  join product x on covers(x.price_list_id, x.from_revision, x.to_revision, e.price_list_id, e.revision)
  where p.organization_id = :organization_id and x.sku = :sku
), origin(part, number, from_revision) as (
  (select 'cost', number, from_revision from seen_offer where number >= arrival order by number desc limit 1)
  union all
  (select 'sell_price', number, from_revision from seen_offer
   where number = arrival or number > arrival and sell_prices order by number desc limit 1)
  union all
  (select 'offer', number, from_revision from seen_offer where is_full order by number desc limit 1)
  union all
  (select 'name', number, from_revision from seen_product
   where number = arrival or number > arrival and names order by number desc limit 1)
  union all
  (select 'category', number, from_revision from seen_product where number = arrival)
  union all
  (select 'product', number, from_revision from seen_product where is_full order by number desc limit 1)
)
select o.part, l.name as price_list, u.revision, o.from_revision as since_revision, r.imported_at, r.source,
       u.number as run, u.finished_at as run_at, u.requested_by, u.asked_by
from origin o
join catalogue_update u on u.organization_id = :organization_id and u.number = o.number
join price_list l on l.id = u.price_list_id
join price_list_revision r on r.price_list_id = u.price_list_id and r.revision = o.from_revision

-- name: find_overrides
-- Find the reseller's newest override of each property of an offer, and the run that displaced it.
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

-- name: list_prices
-- List what an offer cost and sold for after each run that counts.
select e.number as run, e.finished_at as applied_at, l.name as price_list, e.revision, c.cost, c.sell_price, c.discontinued
from catalogue_pins p
cross join lateral runs_of(p) e
join price_list l on l.id = e.price_list_id
cross join lateral catalogue_pins_at(p.organization_id, e.number, null) q
cross join lateral inherited_lookup(q, :sku, :unit) i
cross join lateral with_overrides(q, i) c
where p.organization_id = :organization_id and i.sku is not null
order by e.number

-- name: find_undone_arrival
-- Find how an offer came and went: of what undos took away, the newest, and the first run since that brought it.
select e.number as run, e.undone_by
from catalogue_update e
where e.organization_id = :organization_id and e.restored is null and e.is_full and e.undone_by is not null
  and exists (select from offer x
              where x.sku = :sku and (cast(:unit as text) is null or x.unit = :unit)
                and covers(x.price_list_id, x.from_revision, x.to_revision, e.price_list_id, e.revision))
order by e.undone_by desc, e.number
limit 1
