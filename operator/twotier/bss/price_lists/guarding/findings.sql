-- name: count_missing_offers
-- Count the offers of the head that are missing, and those of them that were suspect for so long that they go now.
select count(*) as missing,
       count(*) filter (where s.missing_since + cast(:discontinue_after as interval) <= :now) as expired
from changed_offer c
left join suspect_offer s on s.price_list_id = :price_list_id and s.sku = c.sku and s.unit = c.unit
where c.change = 'removed'

-- name: find_price_jumps
-- Find the first prices that changed by more than a share of the old one, and count all of them.
select c.sku, c.unit, o.price as old, r.price as new, count(*) over () as total
from changed_offer c
join read_row r on r.sku = c.sku and r.unit = c.unit and r.occurrence = 1
join open_offer o on o.price_list_id = :price_list_id and o.sku = c.sku and o.unit = c.unit
where c.change = 'price' and abs(r.price - o.price) * 100 > cast(:percent as numeric) * o.price
order by c.sku, c.unit
limit :shown

-- name: find_zeroed_prices
-- Find the first prices that became zero, and count all of them.
select c.sku, c.unit, o.price as old, r.price as new, count(*) over () as total
from changed_offer c
join read_row r on r.sku = c.sku and r.unit = c.unit and r.occurrence = 1
join open_offer o on o.price_list_id = :price_list_id and o.sku = c.sku and o.unit = c.unit
where c.change = 'price' and r.price = 0
order by c.sku, c.unit
limit :shown
