-- Offers with the same price of which only their product or its relations differ have no rows of their own.
select d.sku, d.unit, coalesce(h.name, p.name) as name, d.change, d.old_price, d.new_price
from (
  select k.sku, k.unit, k.change, o.price as old_price, k.price as new_price
  from held_offer k
  left join offer o on o.price_list_id = k.price_list_id and o.sku = k.sku and o.unit = k.unit
                   and o.from_revision <= :base and :base < o.to_revision
  where k.price_list_id = :price_list_id and k.digest = :digest
  union all
  select o.sku, o.unit, 'other', o.price, o.price
  from offer o
  where o.price_list_id = :price_list_id and o.from_revision <= :base and :base < o.to_revision
    and o.sku in (select sku from held_product where price_list_id = :price_list_id and digest = :digest and change = 'other'
                  union select sku from held_relation where price_list_id = :price_list_id and digest = :digest)
    and not exists (select from held_offer k where k.price_list_id = :price_list_id and k.digest = :digest
                    and k.sku = o.sku and k.unit = o.unit)
) d
left join held_product h on h.price_list_id = :price_list_id and h.digest = :digest and h.sku = d.sku
left join product p on p.price_list_id = :price_list_id and p.sku = d.sku and p.from_revision <= :base and :base < p.to_revision
where (d.sku, d.unit) > (:after_sku, :after_unit) and (cast(:change as text) is null or d.change = :change)
order by d.sku, d.unit
limit cast(:limit as integer)
