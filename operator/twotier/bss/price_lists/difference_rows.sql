select d.sku, d.unit, p.name, d.change, d.old_price, d.new_price
from offer_differences(:price_list_id, :old, :new) d
join product p on p.price_list_id = :price_list_id and p.sku = d.sku
  and case when d.change = 'removed' then :old else :new end between p.from_revision and p.to_revision - 1
where (cast(:change as text) is null or d.change = :change) and (d.sku collate "C", d.unit collate "C") > (:after_sku, :after_unit)
order by d.sku collate "C", d.unit collate "C"
limit :limit
