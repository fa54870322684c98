insert into offer (price_list_id, sku, unit, from_revision, price, recommended_sell_price, tiers, active)
select :price_list_id, sku, unit, :revision, price, recommended_sell_price, tiers, active
from read_row
where occurrence = 1
  and (:everything or (sku, unit) in (select sku, unit from changed_offer where change <> 'removed'))
