-- Prices that became zero, the first of them and the count of all.
select c.sku, c.unit, o.price as old, r.price as new, count(*) over () as total
from changed_offer c
join read_row r on r.sku = c.sku and r.unit = c.unit and r.occurrence = 1
join offer o on o.price_list_id = :price_list_id and o.to_revision = 2147483647 and o.sku = c.sku and o.unit = c.unit
where c.change = 'price' and r.price = 0
order by c.sku, c.unit
limit :shown
