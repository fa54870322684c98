-- name: find_head
-- Find the head of a price list, its newest revision.
select r.*
from price_list l
join price_list_revision r on r.price_list_id = l.id and r.revision = l.head_revision
where l.id = :price_list_id

-- name: has_confidential_source
-- Tell whether a revision of a price list came from a file with a mark in its name.
select exists (
  select from price_list_revision
  where price_list_id = :price_list_id and strpos(source, :mark) > 0)

-- name: list_revisions
-- List a page of the revisions of a price list, the newest first.
select * from price_list_revision
where price_list_id = :price_list_id and (cast(:before as integer) is null or revision < :before)
order by revision desc
limit :limit

-- name: count_differences
-- Count the offers that differ between two revisions, by what differs.
select count(*) filter (where change = 'added') as added,
       count(*) filter (where change = 'removed') as removed,
       count(*) filter (where change = 'price') as price_changed,
       count(*) filter (where change = 'other') as other_changed
from offer_differences(:price_list_id, :old, :new)

-- name: list_differences
-- List a page of the offers that differ between two revisions, by SKU and unit.
-- All that differs is found before the page is cut out of it: the planner would look a few rows up one by one, and
-- there may be very many before them.
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
