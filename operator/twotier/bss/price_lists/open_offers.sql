insert into offer (price_list_id, sku, unit, from_revision, price, recommended_sell_price, tiers, active)
select :price_list_id, sku, unit, :revision, price, recommended_sell_price, tiers, r.active
from read_row r
join changed_offer c using (sku, unit)
where r.occurrence = 1 and c.change <> 'removed'
