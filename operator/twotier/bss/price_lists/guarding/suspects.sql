-- name: drop_kept_offer
-- Remove what an import earlier in this transaction left.
drop table if exists pg_temp.kept_offer

-- name: create_kept_offer
-- Create the table of the offers that are missing, and sold all the same.
create temporary table kept_offer (
  sku           text collate "C" not null,
  unit          text collate "C" not null,
  missing_since timestamptz not null
) on commit drop

-- name: keep_offers
-- Read the offers that are not missing for long enough as they stand in the head.
with kept as (
  insert into kept_offer (sku, unit, missing_since)
  select c.sku, c.unit, coalesce(s.missing_since, :now)
  from changed_offer c
  left join suspect_offer s on s.price_list_id = :price_list_id and s.sku = c.sku and s.unit = c.unit
  where c.change = 'removed' and coalesce(s.missing_since, :now) + cast(:discontinue_after as interval) > :now
  returning sku, unit
)
insert into read_row (part, line, sku, unit, price, recommended_sell_price, tiers, active, name, description, category,
                      product_type, charge_type, kind, faults, occurrence)
select 0, 0, o.sku, o.unit, o.price, o.recommended_sell_price, o.tiers, o.active, p.name, p.description, p.category,
       p.product_type, p.charge_type, p.kind, '', 1
from kept
join open_offer o on o.price_list_id = :price_list_id and o.sku = kept.sku and o.unit = kept.unit
join open_product p on p.price_list_id = :price_list_id and p.sku = kept.sku

-- name: keep_relations
-- Read the relations of products with a kept offer as they stand in the head, while the other product is there. What
-- the source says of them goes first.
insert into read_relation (part, line, kind, sku, related_sku, quantity, given)
select 0, 0, r.kind, r.sku, r.related_sku, r.quantity, r.related_sku
from open_product_relation r
where r.price_list_id = :price_list_id
  and r.sku in (select sku from kept_offer)
  and not exists (select from read_relation said
                  where said.kind = r.kind and said.sku = r.sku and said.related_sku = r.related_sku)
  and (exists (select from read_row target where target.sku = r.related_sku)
       or exists (select from staged_row target where target.sku = r.related_sku))

-- name: settle_suspects
-- Make the offers that were kept the suspects of a price list. An offer that came back, or was discontinued, is none
-- any more.
with returned as (
  delete from suspect_offer s
  where s.price_list_id = :price_list_id and (s.sku, s.unit) not in (select sku, unit from kept_offer)
)
insert into suspect_offer as s (price_list_id, sku, unit, missing_since, discontinued_at)
select :price_list_id, sku, unit, missing_since, missing_since + cast(:discontinue_after as interval) from kept_offer
on conflict (price_list_id, sku, unit) do update set discontinued_at = excluded.discontinued_at
where s.discontinued_at <> excluded.discontinued_at

-- name: clear_suspects
-- Suspect no offer of a price list any more.
delete from suspect_offer where price_list_id = :price_list_id

-- name: count_suspects
-- Count the suspects of a price list, and find when the next of them is discontinued after a moment.
select count(*) as number,
       min(discontinued_at) filter (where discontinued_at > cast(:later_than as timestamptz)) as next
from suspect_offer
where price_list_id = :price_list_id

-- name: list_suspects
-- List a page of the suspects of a price list, by SKU and unit.
select s.sku, s.unit, p.name, s.missing_since, s.discontinued_at
from suspect_offer s
join open_product p on p.price_list_id = s.price_list_id and p.sku = s.sku
where s.price_list_id = :price_list_id and (s.sku, s.unit) > (:after_sku, :after_unit)
order by s.sku, s.unit
limit :limit
