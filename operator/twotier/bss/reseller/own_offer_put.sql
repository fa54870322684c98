insert into own_offer (organization_id, sku, unit, sell_price, cost, changed_at)
select organization_id, sku, :unit, cast(:sell_price as numeric), cast(:cost as numeric), :now
from own_product
where organization_id = :organization_id and sku = :sku
on conflict (organization_id, sku, unit) do update
set sell_price = excluded.sell_price, cost = excluded.cost, changed_at = excluded.changed_at
