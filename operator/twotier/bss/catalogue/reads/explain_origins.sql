-- Which run wrote each part of an offer, and since which revision the list has it as that run saw it.
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
