-- How many offers of the head are missing, and how many of these were suspect for so long that they are discontinued now.
select count(*) as missing,
       count(*) filter (where s.missing_since + cast(:discontinue_after as interval) <= :now) as expired
from changed_offer c
left join suspect_offer s on s.price_list_id = :price_list_id and s.sku = c.sku and s.unit = c.unit
where c.change = 'removed'
