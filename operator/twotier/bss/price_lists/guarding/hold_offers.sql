insert into held_offer (price_list_id, digest, sku, unit, change, price, recommended_sell_price, tiers, active)
select :price_list_id, :digest, c.sku, c.unit, c.change, r.price, r.recommended_sell_price, r.tiers, r.active
from changed_offer c
left join read_row r on r.sku = c.sku and r.unit = c.unit and r.occurrence = 1
on conflict do nothing
